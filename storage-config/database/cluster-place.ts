import { createHash } from 'node:crypto'
import { chmod, chown, lchown, mkdir, readFile, readdir, realpath, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Logger } from '../../core/ports/logger.ts'
import { copyBinaries, postgresBinaries } from './postgres-binaries.ts'

/** As whom PostgreSQL runs; undefined: as ourselves. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** Where one embedded PostgreSQL lives. */
export interface ClusterPlace {
  /** With bin/ and lib/. */
  readonly binaries: string
  /** The cluster's data directory. */
  readonly cluster: string
  /** Its socket's folder: short, because a socket's path may have 107 bytes only. */
  readonly socketFolder: string
  readonly runAs: ServerUser | undefined
}

/** For root, when the data folder is closed to the server's user. */
const SYSTEM_FOLDER = '/var/lib/yunying'
const POINTER = 'postgres-location'

/**
 * Decides where the cluster lives and as whom it runs. PostgreSQL refuses to run as root, so root starts it as another
 * user; that user must be able to reach both binaries and cluster, which below a closed home it cannot: then the
 * binaries are copied and the cluster is kept under /var/lib/yunying, and a pointer in the data folder says so.
 */
export async function placeCluster(dataFolder: string, log: Logger): Promise<ClusterPlace> {
  await mkdir(dataFolder, { recursive: true })
  const real = await realpath(dataFolder)
  const name = createHash('sha256').update(real).digest('hex').slice(0, 16)
  const native = await postgresBinaries()
  const socketFolder = join(tmpdir(), `yunying-${name}`)
  if (process.getuid?.() !== 0) {
    await mkdir(socketFolder, { recursive: true, mode: 0o700 })
    return { binaries: native, cluster: join(real, 'postgres'), socketFolder, runAs: undefined }
  }

  const runAs = await unprivilegedUser()
  const reachable = await canReach(real, runAs)
  const folder = reachable ? real : join(SYSTEM_FOLDER, name)
  if (!reachable) {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    await writeFile(join(real, POINTER), `${folder}\n`)
    log.warn(
      {},
      `the database lives in ${SYSTEM_FOLDER}: its user cannot reach the data folder (${POINTER} says where)`,
    )
  }
  const binaries = (await canReach(native, runAs))
    ? native
    : await copyBinaries(native, join(await systemFolder(), `postgresql-${await packageVersion(native)}`))
  const cluster = join(folder, 'postgres')
  await mkdir(cluster, { recursive: true, mode: 0o700 })
  await giveTo(cluster, runAs)
  await mkdir(socketFolder, { recursive: true, mode: 0o700 })
  await chown(socketFolder, runAs.uid, runAs.gid)
  await chmod(socketFolder, 0o700)
  return { binaries, cluster, socketFolder, runAs }
}

async function systemFolder(): Promise<string> {
  await mkdir(SYSTEM_FOLDER, { recursive: true, mode: 0o755 })
  return SYSTEM_FOLDER
}

async function packageVersion(native: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  return manifest.version
}

/** `postgres` where the system has it, else `nobody`: initdb wants a user that has a name. */
async function unprivilegedUser(): Promise<ServerUser> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const entry = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody')
  if (entry === undefined)
    throw new Error('there is neither a user postgres nor nobody to run the database as')
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}

/** Whether every folder down to this one may be entered by the user. */
async function canReach(path: string, user: ServerUser): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/** The whole tree belongs to the server's user: an earlier start may have run as another. */
async function giveTo(folder: string, user: ServerUser): Promise<void> {
  const { uid } = await stat(folder)
  if (uid === user.uid) return
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), user.uid, user.gid)
  }
  await chown(folder, user.uid, user.gid)
}
