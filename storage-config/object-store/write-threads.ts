import { Worker } from 'node:worker_threads'
import { LANDING_PAGE, LANDING_SIZE } from '../../core/ports/object-store.ts'
import type { WriteAnswer, WriteTask } from './write-thread.ts'

/** A page is before the object, of what came with it. Bytes. */
const PIECE = LANDING_PAGE + LANDING_SIZE
/** Gathered at once, at most: as many as a few scanners send at once. */
const PIECES = 16
/** A disk has that many writes under way before more make it slower. */
const MOST_THREADS = 4
/** Objects are written together by one thread, at most: they share the syncs and the waking. */
const TOGETHER = 4
/** So many have to wait before another thread takes them, unless nothing is being written: fewer are not worth its waking. */
const ENOUGH = 3
const WASM_PAGE = 1 << 16
/** A thread holds a few tasks at a time; what its heap may grow to is what it grows to. Megabytes. */
const SMALL = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 }

/**
 * Threads that write small objects: a file is opened, written, synced, renamed and its folder synced by one of them, which
 * wakes the main thread once instead of five times. What comes while one is at work is written next, together. They start as they
 * are needed.
 */
export interface WriteThreads {
  /** Memory to gather an object in, as a landing has it; undefined when all is in use. */
  take(): Buffer | undefined
  /**
   * The same, once there is some: what is being written is free in a moment. Undefined when none is left that is sure to come, because
   * senders hold all of it.
   */
  takeNext(): Promise<Buffer | undefined>
  give(piece: Buffer): void
  /** Whether they can write these bytes: they lie in a piece. */
  holds(bytes: Uint8Array): boolean
  /**
   * Durable under its name when it resolves, with the SHA-256 (lower-case hexadecimal) of the bytes, which lie in a piece.
   * Errors: those of the file system, with `code` and `syscall`.
   */
  write(bytes: Uint8Array, task: Omit<WriteTask, 'offset' | 'size'>): Promise<string>
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
  const pages = Math.ceil((PIECES * PIECE) / WASM_PAGE)
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  // As shared memory the type knows it only without an offset.
  const unused: Buffer[] = Array.from({ length: PIECES }, (_, index) =>
    Buffer.from(buffer as ArrayBuffer, index * PIECE, PIECE),
  )
  const idle: Worker[] = []
  const all = new Map<Worker, readonly Job[]>()
  const waiting: Job[] = []
  /** In order of asking. */
  const claims: ((piece: Buffer | undefined) => void)[] = []
  let writing = 0
  let closed = false

  function start(): Worker {
    const thread = new Worker(threadUrl, { workerData: buffer, resourceLimits: SMALL })
    all.set(thread, [])
    thread.on('message', (answers: readonly WriteAnswer[]) => {
      const jobs = all.get(thread) ?? []
      if (waiting.length > 0) assign(thread)
      else {
        all.set(thread, [])
        idle.push(thread)
      }
      jobs.forEach(({ resolve, reject }, index) => {
        const answer = answers[index]
        if (answer === undefined) reject(ended())
        else if ('sha256' in answer) resolve(answer.sha256)
        else reject(Object.assign(new Error(answer.message), answer))
      })
    })
    const gone = (error?: Error): void => {
      const jobs = all.get(thread) ?? []
      if (!all.delete(thread)) return
      if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1)
      for (const { reject } of jobs) reject(error ?? ended())
      if (closed || waiting.length === 0) return
      try {
        hand()
      } catch (fault) {
        for (const { reject } of waiting.splice(0)) reject(fault as Error)
      }
    }
    thread.on('error', gone)
    thread.on('exit', () => gone())
    return thread
  }

  function assign(thread: Worker): void {
    const jobs = waiting.splice(0, TOGETHER)
    all.set(thread, jobs)
    thread.postMessage(jobs.map(({ task }) => task))
  }

  /** What waits goes to a thread, or waits for one that is at work. Errors: nobody is at work, and no thread can be started. */
  function hand(): void {
    const isWriting = idle.length < all.size
    if (isWriting && waiting.length < ENOUGH) return
    const thread = idle.pop() ?? another(isWriting)
    if (thread !== undefined) assign(thread)
  }

  function another(isWriting: boolean): Worker | undefined {
    if (all.size >= MOST_THREADS) return undefined
    try {
      return start()
    } catch (error) {
      if (isWriting) return undefined
      throw error
    }
  }

  const put = (bytes: Uint8Array, task: Omit<WriteTask, 'offset' | 'size'>): Promise<string> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(ended())
      const job = { task: { ...task, offset: bytes.byteOffset, size: bytes.length }, resolve, reject }
      waiting.push(job)
      try {
        hand()
      } catch (error) {
        // Its memory will be another's.
        waiting.splice(waiting.indexOf(job), 1)
        throw error
      }
    })

  function dismiss(): void {
    if (writing > 0) return
    for (const claim of claims.splice(0)) claim(undefined)
  }

  return {
    take: () => unused.pop(),
    takeNext() {
      const piece = unused.pop()
      if (piece !== undefined || writing === 0) return Promise.resolve(piece)
      return new Promise((resolve) => claims.push(resolve))
    },
    give(piece) {
      const claim = claims.shift()
      if (claim === undefined) unused.push(piece)
      else claim(piece)
    },
    holds: (bytes) => bytes.buffer === buffer,
    async write(bytes, task) {
      writing++
      try {
        return await put(bytes, task)
      } finally {
        // Whoever wrote last gives its memory back before that.
        if (--writing === 0 && claims.length > 0) setImmediate(dismiss)
      }
    },
    async close() {
      closed = true
      for (const { reject } of waiting.splice(0)) reject(ended())
      await Promise.all([...all.keys()].map((thread) => thread.terminate()))
    },
  }
}
