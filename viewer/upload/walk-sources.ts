import type { Found, FoundFile } from './found-file.ts'
import { readZip } from './read-zip.ts'

/** What somebody dropped or chose. A handle can be kept over a reload; the others cannot. */
export type UploadSource =
  | { readonly kind: 'handle'; readonly handle: FileSystemHandle }
  | { readonly kind: 'entry'; readonly entry: FileSystemEntry }
  | { readonly kind: 'file'; readonly file: File; readonly path: string }

/**
 * The sources in a drop. Must be called in the event itself, before anything is awaited: the browser empties the
 * drop when the event ends.
 */
export function sourcesOfDrop(drop: DataTransfer): Promise<UploadSource[]> {
  const items = [...drop.items].filter((item) => item.kind === 'file')
  return Promise.all(items.map(sourceOfItem)).then((sources) =>
    sources.filter((source) => source !== undefined),
  )
}

function sourceOfItem(item: DataTransferItem): Promise<UploadSource | undefined> {
  const file = item.getAsFile()
  const entry = item.webkitGetAsEntry()
  const plain: UploadSource | undefined =
    entry !== null
      ? { kind: 'entry', entry }
      : file !== null
        ? { kind: 'file', file, path: file.name }
        : undefined
  const ask = (item as Partial<HandleItem>).getAsFileSystemHandle?.bind(item)
  if (ask === undefined) return Promise.resolve(plain)
  return ask().then(
    (handle) => (handle ? { kind: 'handle', handle } : plain),
    // Refused, or not a real file of this disk: what the older ways gave is as good, it only cannot be kept.
    () => plain,
  )
}

interface HandleItem {
  /** Null, or nothing at all for a file that a script made. */
  getAsFileSystemHandle(): Promise<FileSystemHandle | null | undefined>
}

/** The sources of `<input type="file">`, with a folder's paths where one was chosen. */
export function sourcesOfFiles(files: Iterable<File>): UploadSource[] {
  return [...files].map((file) => ({
    kind: 'file',
    file,
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
  }))
}

/** Every file under the sources, ZIPs opened, in the order they are met. */
export async function* walkSources(sources: readonly UploadSource[]): AsyncGenerator<Found> {
  for (const source of sources) {
    if (source.kind === 'file') yield* walkFile(source.path, source.file)
    else if (source.kind === 'handle') yield* walkHandle(source.handle, '')
    else yield* walkEntry(source.entry, '')
  }
}

async function* walkHandle(handle: FileSystemHandle, folder: string): AsyncGenerator<Found> {
  const path = folder + handle.name
  try {
    if (handle.kind === 'file') {
      yield* walkFile(path, await (handle as FileSystemFileHandle).getFile())
      return
    }
    for await (const child of (handle as FileSystemDirectoryHandle).values()) {
      yield* walkHandle(child, `${path}/`)
    }
  } catch (error) {
    yield unreadable(path, error)
  }
}

async function* walkEntry(entry: FileSystemEntry, folder: string): AsyncGenerator<Found> {
  const path = folder + entry.name
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      )
      yield* walkFile(path, file)
      return
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader()
    for (;;) {
      // A reader answers a hundred entries at a time, and an empty list at the end.
      const children = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      )
      if (children.length === 0) return
      for (const child of children) yield* walkEntry(child, `${path}/`)
    }
  } catch (error) {
    yield unreadable(path, error)
  }
}

async function* walkFile(path: string, file: File): AsyncGenerator<Found> {
  if (/\.zip$/i.test(file.name)) {
    yield* readZip(path, file)
    return
  }
  const found: FoundFile = {
    path,
    size: file.size,
    lastModified: file.lastModified,
    open: () => Promise.resolve(file),
  }
  yield { kind: 'file', file: found }
}

/** A folder without permission, a disk pulled out: one line in the list, and the walk goes on. */
function unreadable(path: string, error: unknown): Found {
  if (!(error instanceof DOMException)) throw error
  return { kind: 'skipped', path, size: 0, reason: 'unreadable' }
}
