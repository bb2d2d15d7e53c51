import { createHash } from 'node:crypto'
import { closeSync, fdatasync, open, write, writev } from 'node:fs'
import { promisify } from 'node:util'
import type { KeptBytes } from '../../core/ports/object-store.ts'

/** Written, and read, at once. Bytes. */
export const LARGE_PIECE = 1 << 20

// By descriptor: a FileHandle costs more than it gives where each file is written once.
const openFile = promisify(open)
const writeChunks = promisify(writev)
const writeBytes = promisify(write)
const syncBytes = promisify(fdatasync)

/**
 * Writes a new file of any size, durable when it resolves. Few system calls: chunks are gathered to pieces,
 * each written at once. A source must not change what it yielded.
 */
export async function writeSynced(path: string, bytes: AsyncIterable<Uint8Array>): Promise<KeptBytes> {
  const file = await openFile(path, 'wx')
  const hash = createHash('sha256')
  try {
    let size = 0
    let gathered: Uint8Array[] = []
    let length = 0
    for await (const chunk of bytes) {
      hash.update(chunk)
      gathered.push(chunk)
      length += chunk.length
      size += chunk.length
      if (length < LARGE_PIECE) continue
      await writeAll(file, gathered, length)
      gathered = []
      length = 0
    }
    if (length > 0) await writeAll(file, gathered, length)
    await syncBytes(file)
    return { size, sha256: hash.digest('hex') }
  } finally {
    closeSync(file)
  }
}

async function writeAll(file: number, chunks: Uint8Array[], length: number): Promise<void> {
  const { bytesWritten } = await writeChunks(file, chunks)
  if (bytesWritten === length) return
  // A write may stop half way (a signal, a disk that fills up): the rest, or the reason.
  const rest = Buffer.concat(chunks).subarray(bytesWritten)
  for (let written = 0; written < rest.length;) {
    written += (await writeBytes(file, rest, written)).bytesWritten
  }
}
