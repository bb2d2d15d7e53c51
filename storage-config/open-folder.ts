import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../core/config.ts'
import { unavailable } from '../core/errors.ts'

/** Below this PostgreSQL may not even start. Bytes. */
const LEAST_ROOM = 32 << 20
/** Written and removed at each start: only a write knows of quotas. Bytes. */
const PROBE = 1 << 20

/** As the umask has it: root's PostgreSQL runs as another user, who must get through. */
const OPEN = 0o777
/** For us alone. */
export const PRIVATE = 0o700

const CLOSED: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write in the folder it names; change its owner, or name another folder',
  EPERM: 'this user may not write in the folder it names; change its owner, or name another folder',
  EROFS: 'the folder it names is on a read-only file system; mount it for writing, or name another folder',
  ENOTDIR: 'what it names is not a folder',
  EEXIST: 'what it names is not a folder',
  ENOENT: 'the folder it names cannot be made',
}

/**
 * Makes the folder a setting names (`mode`: who may enter a new one), and proves that it can be written, before anything
 * relies on it. Errors: ConfigError when it is closed to us, 'unavailable' when its disk or our quota is full.
 */
export async function openFolder(folder: string, variable: string, mode = OPEN): Promise<void> {
  const probe = join(folder, '.writable')
  try {
    await mkdir(folder, { recursive: true, mode })
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize < LEAST_ROOM) throw full(variable)
    const file = await open(probe, 'w', 0o600)
    try {
      await file.write(new Uint8Array(PROBE))
      await file.sync()
    } finally {
      await file.close()
      await rm(probe, { force: true })
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'ENOSPC' || code === 'EDQUOT') throw full(variable, error)
    const fault = CLOSED[code]
    if (fault === undefined) throw error
    throw new ConfigError([`${variable}: ${fault} (${code})`], { cause: error })
  }
}

const full = (variable: string, error?: unknown): Error =>
  unavailable(
    'data-folder-full',
    `The disk of the folder that ${variable} names is full, or this user's quota is. Make room, then start again.`,
    error,
  )
