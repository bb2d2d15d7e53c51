import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, statfs, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { YunyingError, notFound, unavailable } from '../../core/errors.ts'
import type {
  KeptBytes,
  Landing,
  ObjectKey,
  ObjectStore,
  PutOptions,
  StoredObject,
} from '../../core/ports/object-store.ts'
import { createFlood } from './flood.ts'
import { createFolderSync } from './folder-sync.ts'
import { gather, joined, onlyChunk } from './gather.ts'
import { createOpenFiles } from './open-files.ts'
import { LARGE_PIECE, writeSynced } from './write-synced.ts'
import { openWriteThreads, type WriteThreads } from './write-threads.ts'

const UNFINISHED = '.unfinished'

export interface FileObjectStoreOptions {
  /** The built write-thread; without it objects are written without threads of their own. */
  readonly writeThreadUrl?: URL | undefined
}

/** Objects as files below one folder: written aside, synced, renamed into place, and the folder synced too. */
export async function openFileObjectStore(
  root: string,
  { writeThreadUrl }: FileObjectStoreOptions = {},
): Promise<ObjectStore> {
  const unfinished = join(root, UNFINISHED)
  await mkdir(unfinished, { recursive: true })
  const folders = createFolderSync(root)
  const files = createOpenFiles()
  const pathOf = (key: ObjectKey): string => {
    if (!/^[a-z0-9][a-z0-9./-]*$/.test(key) || key.includes('..')) throw new Error('not an object key')
    return join(root, key)
  }

  async function moveInto(aside: string, path: string): Promise<void> {
    await folders.ensure(dirname(path))
    try {
      await rename(aside, path)
    } catch (error) {
      if (!isAbsent(error)) throw error
      // Somebody removed the empty folder meanwhile.
      folders.forget()
      await folders.ensure(dirname(path))
      await rename(aside, path)
    }
  }

  async function putPiecewise(
    aside: string,
    path: string,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<KeptBytes> {
    const kept = await writeSynced(aside, bytes)
    await moveInto(aside, path)
    await folders.sync(dirname(path))
    return kept
  }

  const threads = writeThreadUrl === undefined ? undefined : openWriteThreads(writeThreadUrl)
  const flood = createFlood()

  /** Small objects, nearly all there are: gathered, unless they lie together already, then written in one go. */
  async function putTogether(
    threads: WriteThreads,
    { aside, path, bytes }: Incoming,
    onCopied: PutOptions['onCopied'],
  ): Promise<KeptBytes> {
    const { only, all } = await onlyChunk(bytes, threads.holds)
    if (only !== undefined) return writeTogether(threads, only, { aside, path })
    const piece = await threads.takeNext()
    if (piece === undefined) return putPiecewise(aside, path, all)
    try {
      const { filled, rest } = await gather(all, piece, onCopied)
      const gathered = piece.subarray(0, filled)
      if (rest !== undefined) return await putPiecewise(aside, path, joined(gathered, rest))
      return await writeTogether(threads, gathered, { aside, path })
    } finally {
      threads.give(piece)
    }
  }

  async function writeTogether(
    { write }: WriteThreads,
    bytes: Uint8Array,
    { aside, path }: Omit<Incoming, 'bytes'>,
  ): Promise<KeptBytes> {
    const size = bytes.length
    const folder = dirname(path)
    await folders.ensure(folder)
    try {
      return { size, sha256: await write(bytes, { aside, path, folder, direct: flood.isOn() }) }
    } catch (error) {
      if (!isAbsent(error)) throw error
      // Somebody removed the empty folder meanwhile, before the renaming or after it.
      folders.forget()
      await folders.ensure(folder)
      return { size, sha256: await write(bytes, { aside, path, folder, direct: false }) }
    }
  }

  return {
    async put(key, bytes, options) {
      const path = pathOf(key)
      const aside = join(unfinished, randomUUID())
      return guard(async () => {
        const arrived = flood.arrives()
        try {
          const kept =
            threads === undefined
              ? await putPiecewise(aside, path, bytes)
              : await putTogether(threads, { aside, path, bytes }, options?.onCopied)
          files.forget(path)
          return kept
        } catch (error) {
          await rm(aside, { force: true })
          throw error
        } finally {
          arrived()
        }
      })
    },

    stream: (key, range, signal) =>
      guard(async () => {
        const file = await open(pathOf(key), 'r')
        if (range?.length === 0) {
          await file.close()
          return Readable.from([])
        }
        return createReadStream('', {
          fd: file,
          highWaterMark: LARGE_PIECE,
          ...(range === undefined ? {} : { start: range.offset, end: range.offset + range.length - 1 }),
          ...(signal === undefined ? {} : { signal }),
        })
      }),

    read: (key, range) =>
      guard(async () => {
        const file = await open(pathOf(key), 'r')
        try {
          return await readRange(file, range?.offset ?? 0, range?.length ?? (await file.stat()).size)
        } finally {
          await file.close()
        }
      }),

    readInto: (key, offset, target) => guard(() => files.readInto(pathOf(key), offset, target)),

    land() {
      const piece = threads?.take()
      if (threads === undefined || piece === undefined) return undefined
      return landingIn(piece, threads)
    },

    async head(key) {
      try {
        return await guard(async () => {
          const { size, mtimeMs } = await stat(pathOf(key))
          return { key, size, modifiedAt: mtimeMs }
        })
      } catch (error) {
        if (error instanceof YunyingError && error.kind === 'not-found') return undefined
        throw error
      }
    },

    async delete(key) {
      const path = pathOf(key)
      await guard(() => rm(path, { force: true }))
      files.forget(path)
    },

    list: (prefix) => listFiles(root, prefix),

    async sweepUnfinished(olderThanMs) {
      let removed = 0
      for (const name of await readdir(unfinished)) {
        const path = join(unfinished, name)
        const found = await stat(path).catch(ignoreAbsent)
        if (found === undefined || Date.now() - found.mtimeMs < olderThanMs) continue
        await unlink(path).catch(ignoreAbsent)
        removed++
      }
      return removed
    },

    room: () =>
      guard(async () => {
        const { bavail, blocks, bsize } = await statfs(root)
        return { freeBytes: bavail * bsize, allBytes: blocks * bsize }
      }),

    check: () => guard(async () => void (await stat(unfinished))),
    async close() {
      files.close()
      await threads?.close()
    },
  }
}

interface Incoming {
  /** Where it is written before it has its name. */
  readonly aside: string
  readonly path: string
  readonly bytes: AsyncIterable<Uint8Array>
}

function landingIn(piece: Buffer, { give }: WriteThreads): Landing {
  let isLent = true
  return {
    bytes: piece,
    release() {
      if (isLent) give(piece)
      isLent = false
    },
  }
}

async function readRange(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

/** Depth first; a folder sorts by its name with `/`, which makes it the order of keys. */
async function* listFiles(root: string, prefix: string): AsyncGenerator<StoredObject> {
  const top = prefix.includes('/') ? prefix.slice(0, prefix.lastIndexOf('/')) : ''
  const visit = async function* (folder: string): AsyncGenerator<StoredObject> {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(ignoreAbsent)
    if (entries === undefined) return
    const named = entries
      .filter((entry) => entry.name !== UNFINISHED)
      .map((entry) => ({ folder: entry.isDirectory(), name: entry.name + (entry.isDirectory() ? '/' : '') }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of named) {
      const key = `${folder === '' ? '' : `${folder}/`}${entry.name}`
      if (!key.startsWith(prefix) && !prefix.startsWith(key)) continue
      if (entry.folder) yield* visit(key.slice(0, -1))
      else {
        const found = await stat(join(root, key)).catch(ignoreAbsent)
        if (found !== undefined) yield { key: key as ObjectKey, size: found.size, modifiedAt: found.mtimeMs }
      }
    }
  }
  yield* visit(top)
}

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

function ignoreAbsent(error: unknown): undefined {
  if (isAbsent(error)) return undefined
  throw error
}

const DOWN = new Set(['EIO', 'ENOSPC', 'EROFS', 'EACCES', 'EMFILE', 'ENFILE', 'EDQUOT', 'ESTALE'])

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') {
      throw notFound('object-not-found', 'The object is not in the store.')
    }
    if (DOWN.has(code)) {
      throw unavailable(
        'object-store-unavailable',
        'The object store cannot be written or read. Tell the operator.',
        error,
      )
    }
    throw error
  }
}
