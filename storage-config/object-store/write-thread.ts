import { createHash } from 'node:crypto'
import { closeSync, constants, fdatasyncSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

/** One object whose bytes lie in the shared memory. */
export interface WriteTask {
  /** Where it is written before it has its name. */
  readonly aside: string
  readonly path: string
  /** Of `path`; it exists. */
  readonly folder: string
  /** In the shared memory, a multiple of the page's size. Bytes. */
  readonly offset: number
  readonly size: number
  /** Past the page cache, where the file system can. */
  readonly direct: boolean
}

export type WriteAnswer =
  /** It is durable under its name. Lower-case hexadecimal. */
  { readonly sha256: string } | { readonly code: string; readonly syscall: string; readonly message: string }

/** What is written past the page cache is a multiple of this: no disk has larger logical blocks. Bytes. */
const BLOCK = 4096
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC

const memory = workerData as SharedArrayBuffer
let canBeDirect = 'O_DIRECT' in constants

parentPort?.on('message', (tasks: readonly WriteTask[]) => parentPort?.postMessage(storeAll(tasks)))

/**
 * Each step for all before the next: the first sync takes the journal to the disk for all of them, and a folder is synced once.
 * What one cannot do, the others do not miss. Answers in the order of the tasks.
 */
function storeAll(tasks: readonly WriteTask[]): WriteAnswer[] {
  const answers = new Map<WriteTask, WriteAnswer>()
  const files = new Map<WriteTask, number>()
  const attempt = (task: WriteTask, act: () => void): void => {
    const fault = faultOf(act)
    if (fault === undefined) return
    const { code = '', syscall = '', message } = fault
    answers.set(task, { code, syscall, message })
  }
  const step = (act: (task: WriteTask) => void): void => {
    for (const task of tasks) {
      const answer = answers.get(task)
      if (answer === undefined || 'sha256' in answer) attempt(task, () => act(task))
    }
  }
  step((task) => {
    const bytes = new Uint8Array(memory, task.offset, task.size)
    answers.set(task, { sha256: createHash('sha256').update(bytes).digest('hex') })
    files.set(task, write(task, bytes))
  })
  step((task) => fdatasyncSync(files.get(task) ?? -1))
  for (const [task, file] of files) attempt(task, () => closeSync(file))
  step(({ aside, path }) => renameSync(aside, path))
  // Once: the system tells a fault of a sync to who asks first, and to nobody afterwards.
  const folders = new Map<string, Error | undefined>()
  step(({ folder }) => {
    if (!folders.has(folder))
      folders.set(
        folder,
        faultOf(() => syncFolder(folder)),
      )
    const fault = folders.get(folder)
    if (fault !== undefined) throw fault
  })
  return tasks.map((task) => answers.get(task) ?? { code: '', syscall: '', message: 'nothing was written' })
}

function faultOf(act: () => void): NodeJS.ErrnoException | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return error as NodeJS.ErrnoException
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Answers the file, which is open, and not synced. */
function write({ aside, direct }: WriteTask, bytes: Uint8Array): number {
  const file = direct && canBeDirect ? writeDirect(aside, bytes) : undefined
  return file ?? writeCached(aside, bytes)
}

function writeCached(path: string, bytes: Uint8Array): number {
  return opened(path, NEW, (file) => writeFully(file, bytes, 0))
}

/**
 * Whole blocks past the page cache (open(2), O_DIRECT), so that a flood of instances pushes nothing out of memory that is
 * being read and does not wait for memory itself; the few bytes behind the last block by way of it. Undefined where the file
 * system cannot.
 */
function writeDirect(path: string, bytes: Uint8Array): number | undefined {
  const blocks = bytes.length - (bytes.length % BLOCK)
  try {
    return opened(path, NEW | constants.O_DIRECT, (file) => {
      writeFully(file, bytes.subarray(0, blocks), 0)
      if (blocks < bytes.length) writeRest(path, bytes.subarray(blocks), blocks)
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
    canBeDirect = false
    return undefined
  }
}

/** The file, open still, where `act` could be done with it. */
function opened(path: string, flags: number, act: (file: number) => void): number {
  const file = openSync(path, flags)
  try {
    act(file)
    return file
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function writeRest(path: string, rest: Uint8Array, position: number): void {
  const file = openSync(path, constants.O_WRONLY)
  try {
    writeFully(file, rest, position)
  } finally {
    closeSync(file)
  }
}

/** A write may stop half way (a signal, a disk that fills up): the rest, or the reason. */
function writeFully(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done)
  }
}
