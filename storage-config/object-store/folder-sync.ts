import { closeSync, fsync, openSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { createSharedRuns } from '../../core/shared-runs.ts'

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
  const shared = createSharedRuns<string>()

  async function syncNow(folder: string): Promise<void> {
    // Opened each time: a folder that was removed and made again has another inode under the same name.
    const file = openSync(folder, 'r')
    try {
      await syncAll(file)
    } finally {
      closeSync(file)
    }
  }

  const sync = (folder: string): Promise<void> => shared(folder, () => syncNow(folder))

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
