import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  openSync,
  renameSync,
  writeSync,
  write as writeLater,
} from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { stepBack } from '../../core/step-back.ts'

/** One object whose bytes lie in the shared memory. */
export interface WriteTask {
  /** Where it is written before it has its name. */
  readonly aside: string
  readonly path: string
  /** Of `path`; it exists. */
  readonly folder: string
  /** In the shared memory. Bytes. */
  readonly offset: number
  readonly size: number
  /** Past the page cache, where the file system can, and the bytes lie as it wants them. */
  readonly direct: boolean
}

export type WriteAnswer =
  /** It is durable under its name. Lower-case hexadecimal. */
  { readonly sha256: string } | { readonly code: string; readonly syscall: string; readonly message: string }

/** What is written past the page cache begins at, and is, a multiple of this: no disk has larger logical blocks. Bytes. */
const BLOCK = 4096
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC

const memory = workerData as SharedArrayBuffer
let canBeDirect = 'O_DIRECT' in constants

stepBack()
parentPort?.on('message', (tasks: readonly WriteTask[]) => {
  void storeAll(tasks).then((answers) => parentPort?.postMessage(answers))
})

/** An object on its way; what went wrong with it, the others do not miss. */
interface Storing {
  readonly task: WriteTask
  /** Lower-case hexadecimal. */
  readonly sha256: string
  /** Open, until it is closed. */
  file?: number
  fault: NodeJS.ErrnoException | undefined
}

/**
 * Each step for all before the next: the first sync takes the journal to the disk for all of them, and a folder is synced once.
 * Answers in the order of the tasks.
 */
async function storeAll(tasks: readonly WriteTask[]): Promise<WriteAnswer[]> {
  const all = await writeAndHash(tasks)
  const step = (act: (one: Storing) => void): void => {
    for (const one of all) if (one.fault === undefined) one.fault = faultOf(() => act(one))
  }
  step(({ file }) => fdatasyncSync(file ?? -1))
  for (const one of all) {
    const { file } = one
    if (file === undefined) continue
    const fault = faultOf(() => closeSync(file))
    one.fault ??= fault
  }
  step(({ task: { aside, path } }) => renameSync(aside, path))
  // Once: the system tells a fault of a sync to who asks first, and to nobody afterwards.
  const folders = new Map<string, Error | undefined>()
  step(({ task: { folder } }) => {
    if (!folders.has(folder))
      folders.set(
        folder,
        faultOf(() => syncFolder(folder)),
      )
    const fault = folders.get(folder)
    if (fault !== undefined) throw fault
  })
  return all.map(({ sha256, fault }) => (fault === undefined ? { sha256 } : told(fault)))
}

const told = ({ code = '', syscall = '', message }: NodeJS.ErrnoException): WriteAnswer => ({
  code,
  syscall,
  message,
})

/** The disk writes all of them at once while this thread hashes: neither waits for the other. */
async function writeAndHash(tasks: readonly WriteTask[]): Promise<Storing[]> {
  const writing = tasks.map((task) => {
    const bytes = new Uint8Array(memory, task.offset, task.size)
    return { task, bytes, written: Promise.allSettled([write(task, bytes)]) }
  })
  const hashed = writing.map(({ task, bytes, written }) => ({
    task,
    written,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }))
  return Promise.all(
    hashed.map(async ({ task, written, sha256 }): Promise<Storing> => {
      const [result] = await written
      return result.status === 'fulfilled'
        ? { task, sha256, file: result.value, fault: undefined }
        : { task, sha256, fault: result.reason as NodeJS.ErrnoException }
    }),
  )
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
async function write({ aside, direct }: WriteTask, bytes: Uint8Array): Promise<number> {
  const isPlaced = bytes.byteOffset % BLOCK === 0
  const file = direct && isPlaced && canBeDirect ? await writeDirect(aside, bytes) : undefined
  return file ?? writeCached(aside, bytes)
}

const writeCached = (path: string, bytes: Uint8Array): Promise<number> =>
  opened(path, NEW, (file) => writeFully(file, bytes, 0))

/**
 * Whole blocks past the page cache (open(2), O_DIRECT), so that a flood of instances pushes nothing out of memory that is
 * being read and does not wait for memory itself; the few bytes behind the last block by way of it. Undefined where the file
 * system cannot.
 */
async function writeDirect(path: string, bytes: Uint8Array): Promise<number | undefined> {
  const blocks = bytes.length - (bytes.length % BLOCK)
  try {
    return await opened(path, NEW | constants.O_DIRECT, async (file) => {
      // By one of Node's own threads, which waits for the disk in place of this one.
      const written = blocks === 0 ? 0 : await writeSome(file, bytes, 0, blocks, 0)
      writeFully(file, bytes.subarray(written, blocks), written)
      if (blocks < bytes.length) writeRest(path, bytes.subarray(blocks), blocks)
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
    canBeDirect = false
    return undefined
  }
}

/** How many bytes were written. */
const writeSome = (
  file: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: number,
): Promise<number> =>
  new Promise((resolve, reject) => {
    writeLater(file, bytes, offset, length, position, (error, count) =>
      error === null ? resolve(count) : reject(error),
    )
  })

/** The file, open still, where `act` could be done with it. */
async function opened(
  path: string,
  flags: number,
  act: (file: number) => void | Promise<void>,
): Promise<number> {
  const file = openSync(path, flags)
  try {
    await act(file)
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
