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

parentPort?.on('message', (task: WriteTask) => {
  let answer: WriteAnswer
  try {
    answer = { sha256: store(task) }
  } catch (error) {
    const { code = '', syscall = '', message } = error as NodeJS.ErrnoException
    answer = { code, syscall, message }
  }
  parentPort?.postMessage(answer)
})

/** Every step waits for the one before it: that is what this thread is for. */
function store(task: WriteTask): string {
  const bytes = new Uint8Array(memory, task.offset, task.size)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (!(task.direct && canBeDirect && writeDirect(task.aside, bytes))) writeCached(task.aside, bytes)
  renameSync(task.aside, task.path)
  const folder = openSync(task.folder, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
  return sha256
}

function writeCached(path: string, bytes: Uint8Array): void {
  const file = openSync(path, NEW)
  try {
    writeFully(file, bytes, 0)
    fdatasyncSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Whole blocks past the page cache (open(2), O_DIRECT), so that a flood of instances pushes nothing out of memory that is
 * being read and does not wait for memory itself; the few bytes behind the last block by way of it. False where the file
 * system cannot.
 */
function writeDirect(path: string, bytes: Uint8Array): boolean {
  const blocks = bytes.length - (bytes.length % BLOCK)
  try {
    const file = openSync(path, NEW | constants.O_DIRECT)
    try {
      writeFully(file, bytes.subarray(0, blocks), 0)
      if (blocks < bytes.length) writeRest(path, bytes.subarray(blocks), blocks)
      fdatasyncSync(file)
    } finally {
      closeSync(file)
    }
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
    canBeDirect = false
    return false
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
