import { Worker } from 'node:worker_threads'
import type { WriteAnswer, WriteTask } from './write-thread.ts'

/** Objects up to this size are gathered in memory and written by a thread, all steps in one go. Bytes. */
export const PIECE = 1 << 20
/** Gathered at once, at most: as many as a few scanners send at once. */
const PIECES = 16
/** A disk has that many writes under way before more make it slower. */
const MOST_THREADS = 4
const WASM_PAGE = 1 << 16
/** A thread holds a task at a time; what its heap may grow to is what it grows to. Megabytes. */
const SMALL = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 }

/**
 * Threads that write small objects: a file is opened, written, synced, renamed and its folder synced by one of them, which
 * wakes the main thread once instead of five times. They start as they are needed.
 */
export interface WriteThreads {
  /** Memory to gather an object in, PIECE bytes; undefined when all is in use. */
  take(): Uint8Array | undefined
  give(piece: Uint8Array): void
  /**
   * Durable under its name when it resolves, with the SHA-256 (lower-case hexadecimal) of the `task.size` bytes at the start of `piece`.
   * Errors: those of the file system, with `code` and `syscall`.
   */
  write(piece: Uint8Array, task: Omit<WriteTask, 'offset'>): Promise<string>
  close(): Promise<void>
}

interface Job {
  readonly task: WriteTask
  readonly resolve: (sha256: string) => void
  readonly reject: (error: Error) => void
}

const ended = (): Error => new Error('a thread that writes objects ended')

/** `threadUrl`: the built write-thread. */
export function openWriteThreads(threadUrl: URL): WriteThreads {
  // The one kind of memory JavaScript may ask for that is sure to begin at a page, as writing past the page cache wants
  // it. The system gives it as it is touched.
  const pages = (PIECES * PIECE) / WASM_PAGE
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const free: Uint8Array[] = Array.from(
    { length: PIECES },
    (_, index) => new Uint8Array(buffer, index * PIECE, PIECE),
  )
  const idle: Worker[] = []
  const all = new Map<Worker, Job | undefined>()
  const waiting: Job[] = []
  let closed = false

  function start(): Worker {
    const thread = new Worker(threadUrl, { workerData: buffer, resourceLimits: SMALL })
    all.set(thread, undefined)
    thread.on('message', (answer: WriteAnswer) => {
      const job = all.get(thread)
      const next = waiting.shift()
      if (next === undefined) {
        all.set(thread, undefined)
        idle.push(thread)
      } else assign(thread, next)
      if ('sha256' in answer) job?.resolve(answer.sha256)
      else job?.reject(Object.assign(new Error(answer.message), answer))
    })
    const gone = (error?: Error): void => {
      const job = all.get(thread)
      if (!all.delete(thread)) return
      if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1)
      job?.reject(error ?? ended())
      const next = closed ? undefined : waiting.shift()
      if (next !== undefined) assign(start(), next)
    }
    thread.on('error', gone)
    thread.on('exit', () => gone())
    return thread
  }

  function assign(thread: Worker, job: Job): void {
    all.set(thread, job)
    thread.postMessage(job.task)
  }

  return {
    take: () => free.pop(),
    give: (piece) => void free.push(piece),
    write: (piece, task) =>
      new Promise((resolve, reject) => {
        const job = { task: { ...task, offset: piece.byteOffset }, resolve, reject }
        const thread = idle.pop() ?? (all.size < MOST_THREADS ? start() : undefined)
        if (thread === undefined) waiting.push(job)
        else assign(thread, job)
      }),
    async close() {
      closed = true
      for (const { reject } of waiting.splice(0)) reject(ended())
      await Promise.all([...all.keys()].map((thread) => thread.terminate()))
    },
  }
}
