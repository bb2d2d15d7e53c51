import type { FileEntry } from '@zip.js/zip.js'
import type { Found } from './found-file.ts'

/** What a ZIP may be before it is taken for an attack on the browser's memory. */
export interface ZipLimits {
  readonly depth: number
  readonly entries: number
  /** An entry that inflates beyond this many bytes … */
  readonly inflatedBytes: number
  /** … by more than this factor is a bomb: pixel data seldom shrinks tenfold. */
  readonly ratio: number
}

export const ZIP_LIMITS: ZipLimits = {
  depth: 3,
  entries: 100_000,
  inflatedBytes: 128 * 1024 * 1024,
  ratio: 200,
}

/** The files in a ZIP and in the ZIPs inside it; each is inflated when it is opened, never to a place named by the ZIP. */
export async function* readZip(
  path: string,
  blob: Blob,
  limits: ZipLimits = ZIP_LIMITS,
  depth = 1,
): AsyncGenerator<Found> {
  const { BlobReader, ZipReader } = await loadZip()
  const skipped = (reason: 'zip-broken' | 'zip-too-deep' | 'zip-too-many'): Found => ({
    kind: 'skipped',
    path,
    size: blob.size,
    reason,
  })
  if (depth > limits.depth) {
    yield skipped('zip-too-deep')
    return
  }
  // A name that climbs out of the ZIP is only shown, never written to: its file is as good as any other.
  const reader = new ZipReader(new BlobReader(blob), { decodeText, filenameValidation: 'tolerant' })
  let count = 0
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory) continue
      count += 1
      if (count > limits.entries) {
        yield skipped('zip-too-many')
        return
      }
      yield* readEntry(path, entry, limits, depth)
    }
    if (count === 0) yield skipped('zip-broken')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The message is the ZIP library's; for a person it is one thing: the file cannot be read (to the end).
    yield skipped('zip-broken')
  } finally {
    await reader.close()
  }
}

async function* readEntry(
  zipPath: string,
  entry: FileEntry,
  limits: ZipLimits,
  depth: number,
): AsyncGenerator<Found> {
  const path = `${zipPath} › ${labelOf(entry.filename)}`
  const size = entry.uncompressedSize
  if (entry.encrypted) {
    yield { kind: 'skipped', path, size, reason: 'zip-encrypted' }
    return
  }
  if (size > limits.inflatedBytes && size > entry.compressedSize * limits.ratio) {
    yield { kind: 'skipped', path, size, reason: 'zip-bomb' }
    return
  }
  const open = (): Promise<Blob> => inflate(entry, size)
  if (/\.zip$/i.test(entry.filename)) {
    const inner = await open().catch(() => undefined)
    if (inner === undefined) yield { kind: 'skipped', path, size, reason: 'zip-broken' }
    else yield* readZip(path, inner, limits, depth + 1)
    return
  }
  const lastModified = entry.lastModDate instanceof Date ? entry.lastModDate.getTime() : 0
  yield { kind: 'file', file: { path, size, lastModified, open } }
}

/** Inflates one entry, and stops at the size it declares: a directory that lies is a broken ZIP. */
async function inflate(entry: FileEntry, size: number): Promise<Blob> {
  const { BlobWriter } = await loadZip()
  const blob = await entry.getData(new BlobWriter('application/dicom'), {
    checkSignature: false,
    onprogress: (inflated: number) => {
      if (inflated > size) throw new Error('The entry is longer than it says.')
      return undefined
    },
  })
  if (blob.size !== size) throw new Error('The entry is not as long as it says.')
  return blob
}

async function loadZip() {
  const zip = await import('@zip.js/zip.js')
  // Its workers come from blob: scripts; the browser's own inflate does not block the page either.
  zip.configure({ useWebWorkers: false })
  return zip
}

/** A name for people: no way up, no drive, one kind of slash. */
function labelOf(filename: string): string {
  return filename
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !/^[a-z]:$/i.test(part))
    .join('/')
}

/** Names without the UTF-8 flag: UTF-8 all the same, else GBK, which Chinese Windows writes. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gbk').decode(bytes)
  }
}
