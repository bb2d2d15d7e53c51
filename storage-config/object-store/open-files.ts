import { close, open, read } from 'node:fs'

/** Few beside what a process may have open (1,024 as a rule), and enough for the frames of several long cines. */
const MOST = 128
/** A file that was deleted by another process keeps its room on the disk no longer than this. Milliseconds. */
const KEEP_MS = 5_000

/** Files that are read again and again, frame by frame, stay open for some seconds: opening costs more than reading. */
export interface OpenFiles {
  /** Fills the target from `offset` on; answers how many bytes there were. Errors: those of the file system. */
  readInto(path: string, offset: number, target: Uint8Array): Promise<number>
  /** It was replaced or deleted: the next reading opens it again. */
  forget(path: string): void
  /** What is being read is closed when it was read. */
  close(): void
}

interface OpenFile {
  readonly descriptor: Promise<number>
  readings: number
  lastUsed: number
  state: 'kept' | 'forgotten' | 'closed'
}

export function createOpenFiles(): OpenFiles {
  /** The longest unused first. */
  const kept = new Map<string, OpenFile>()
  const timer = setInterval(closeUnused, KEEP_MS).unref()

  function closeUnused(): void {
    const before = performance.now() - KEEP_MS
    for (const [path, file] of kept) {
      if (file.lastUsed > before) return
      forget(path)
    }
  }

  function take(path: string): OpenFile {
    const file: OpenFile = kept.get(path) ?? {
      descriptor: opened(path),
      readings: 0,
      lastUsed: 0,
      state: 'kept',
    }
    kept.delete(path)
    kept.set(path, file)
    file.readings++
    file.lastUsed = performance.now()
    if (kept.size > MOST) forget(kept.keys().next().value ?? '')
    return file
  }

  function forget(path: string): void {
    const file = kept.get(path)
    if (file === undefined) return
    kept.delete(path)
    file.state = 'forgotten'
    closeWhenFree(file)
  }

  return {
    async readInto(path, offset, target) {
      const file = take(path)
      try {
        return await fill(await file.descriptor, offset, target)
      } catch (error) {
        if (kept.get(path) === file) forget(path)
        throw error
      } finally {
        file.readings--
        closeWhenFree(file)
      }
    },
    forget,
    close() {
      clearInterval(timer)
      for (const path of [...kept.keys()]) forget(path)
    },
  }
}

/** A descriptor is closed only when nobody reads by it: its number may be another file's a moment later. */
function closeWhenFree(file: OpenFile): void {
  if (file.state !== 'forgotten' || file.readings > 0) return
  file.state = 'closed'
  file.descriptor.then(
    (descriptor) => close(descriptor, () => undefined),
    () => undefined,
  )
}

const opened = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    open(path, 'r', (error, descriptor) => (error === null ? resolve(descriptor) : reject(error)))
  })

async function fill(descriptor: number, offset: number, target: Uint8Array): Promise<number> {
  let filled = 0
  while (filled < target.length) {
    const count = await readOnce(descriptor, target, filled, offset + filled)
    if (count === 0) break
    filled += count
  }
  return filled
}

const readOnce = (descriptor: number, target: Uint8Array, at: number, position: number): Promise<number> =>
  new Promise((resolve, reject) => {
    read(descriptor, target, at, target.length - at, position, (error, count) =>
      error === null ? resolve(count) : reject(error),
    )
  })
