import { closeSync, fsync, openSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

/** A rename is durable only once its folder is synced. Those who wait for the same folder share one sync. */
export interface FolderSync {
  /** Makes the folder and its parents, durably. Remembers what it made. */
  ensure(folder: string): Promise<void>
  /** Durable when it resolves: every rename into the folder that came before the call. */
  sync(folder: string): Promise<void>
  /** Folders may have gone: look again. */
  forget(): void
}

const syncAll = promisify(fsync)

export function createFolderSync(root: string): FolderSync {
  const known = new Map<string, Promise<void>>()
  const running = new Map<string, Promise<void>>()
  const waiting = new Map<string, Promise<void>>()

  async function syncNow(folder: string): Promise<void> {
    // Opened each time: a folder that was removed and made again has another inode under the same name.
    const file = openSync(folder, 'r')
    try {
      await syncAll(file)
    } finally {
      closeSync(file)
    }
  }

  function run(folder: string): Promise<void> {
    const sync = syncNow(folder).finally(() => running.delete(folder))
    running.set(folder, sync)
    return sync
  }

  /** A sync under way may have begun before our rename: wait for the next one, together with all who came meanwhile. */
  function sync(folder: string): Promise<void> {
    const current = running.get(folder)
    if (current === undefined) return run(folder)
    const next = waiting.get(folder)
    if (next !== undefined) return next
    const after = current
      .catch(() => undefined) // Its own waiters hear of it; ours is another sync.
      .then(() => {
        waiting.delete(folder)
        return run(folder)
      })
    waiting.set(folder, after)
    return after
  }

  function ensure(folder: string): Promise<void> {
    const made = known.get(folder)
    if (made !== undefined) return made
    const making = make(folder)
    if (known.size > 10_000) known.clear()
    known.set(folder, making)
    making.catch(() => known.delete(folder))
    return making
  }

  async function make(folder: string): Promise<void> {
    if (folder === root || dirname(folder) === folder) return
    await ensure(dirname(folder))
    await mkdir(folder, { recursive: true })
    await sync(dirname(folder))
  }

  return { ensure, sync, forget: () => known.clear() }
}
