import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, lstat, mkdir, readFile, realpath, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConfigError } from '../../core/config.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { postgresBinaries, reachableBinaries } from './postgres-binaries.ts'
import { canReach, unprivilegedUser, type ServerUser } from './server-user.ts'

/** Where one embedded PostgreSQL lives. */
export interface ClusterPlace {
  /** With bin/, lib/ and share/. */
  readonly binaries: string
  /** The cluster's data directory; it may not exist yet, its parent does. */
  readonly cluster: string
  readonly socketFolder: string
  /** Undefined: as ourselves. */
  readonly runAs: ServerUser | undefined
}

/** For root, when the data folder is closed to the server's user. */
export const SYSTEM_FOLDER = '/var/lib/yunying'
/** In the data folder: says where the cluster is when it is elsewhere. */
export const POINTER = 'postgres-location'
/** In the other place: says whose cluster it is. */
const OWNER = 'data-folder'
const SOCKET_NAME = '/.s.PGSQL.5432'
/** Bytes of a socket's path that every system takes (sun_path: 108 with its end on Linux, 104 on macOS). */
const LONGEST_SOCKET_PATH = 103

/**
 * Decides where the cluster lives and as whom it runs. PostgreSQL refuses to run as root, so root starts it as another
 * user; that user must be able to reach both binaries and cluster, which below a closed home it cannot: then the
 * binaries are copied and the cluster is kept under /var/lib/yunying, and a pointer in the data folder says so.
 */
export async function placeCluster(
  dataFolder: string,
  log: Logger,
  systemFolder = SYSTEM_FOLDER,
): Promise<ClusterPlace> {
  await mkdir(dataFolder, { recursive: true })
  const real = await realpath(dataFolder)
  const native = await postgresBinaries()
  if (process.getuid?.() !== 0) {
    const cluster = join(real, 'postgres')
    await refuseForeign(real, cluster)
    return { binaries: native, cluster, socketFolder: await placeSocket(real, undefined), runAs: undefined }
  }
  const runAs = await ownerOf(join(real, 'postgres'))
  const folder = (await canReach(real, runAs)) ? real : await placeElsewhere(real, log, systemFolder)
  return {
    binaries: await reachableBinaries(native, runAs, systemFolder, log),
    cluster: join(folder, 'postgres'),
    socketFolder: await placeSocket(folder, runAs),
    runAs,
  }
}

/** A cluster that root made belongs to another user: saying so beats PostgreSQL's "permission denied". */
async function refuseForeign(real: string, cluster: string): Promise<void> {
  const foreign = existsSync(cluster) && (await stat(cluster)).uid !== process.getuid?.()
  if (!foreign && !existsSync(join(real, POINTER))) return
  throw new ConfigError([
    'YUNYING_DATA: its database was made by root and belongs to another user; run as root again, or give it another folder',
  ])
}

/** Who made the cluster runs it; a new one goes to an unprivileged user. */
async function ownerOf(cluster: string): Promise<ServerUser> {
  if (existsSync(cluster)) {
    const { uid, gid } = await stat(cluster)
    if (uid !== 0) return { uid, gid }
  }
  return unprivilegedUser()
}

/** The folder the pointer names, or a new one. Its name is drawn, so that an emptied data folder starts afresh. */
async function placeElsewhere(real: string, log: Logger, systemFolder: string): Promise<string> {
  if (existsSync(join(real, 'postgres', 'PG_VERSION'))) {
    throw new ConfigError([
      "YUNYING_DATA: the database's user can no longer enter it (chmod o+x it and the folders above)",
    ])
  }
  const pointer = join(real, POINTER)
  if (!existsSync(pointer)) {
    const folder = join(systemFolder, randomBytes(8).toString('hex'))
    await openFolder(systemFolder)
    await openFolder(folder)
    try {
      await writeFile(pointer, `${folder}\n`, { flag: 'wx' })
      await writeFile(join(folder, OWNER), `${real}\n`)
      log.warn(
        { folder },
        'the database is kept outside the data folder, which its user cannot enter; back up both',
      )
    } catch (error) {
      // Another process of ours was first: its pointer counts.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      await rmdir(folder)
    }
  }
  const folder = (await readFile(pointer, 'utf8')).trim()
  if (!existsSync(folder)) {
    throw new ConfigError([`YUNYING_DATA: its database should be in ${folder}, which is gone (${POINTER})`])
  }
  await refuseCopy(real, folder)
  return folder
}

/** A copied data folder must not share the cluster of the first; a moved one keeps it. */
async function refuseCopy(real: string, folder: string): Promise<void> {
  const note = join(folder, OWNER)
  const owner = existsSync(note) ? (await readFile(note, 'utf8')).trim() : real
  if (owner === real) return
  if (existsSync(join(owner, POINTER))) {
    throw new ConfigError([
      `YUNYING_DATA: it is a copy; its database belongs to another data folder (remove ${POINTER} to start an empty one)`,
    ])
  }
  await writeFile(note, `${real}\n`)
}

/** Others may enter whatever our umask says. */
async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
}

/** Beside the cluster, or below /tmp where that path is too long for a socket. Only the server's user and root may enter. */
async function placeSocket(folder: string, runAs: ServerUser | undefined): Promise<string> {
  const beside = join(folder, 'socket')
  const fits = Buffer.byteLength(beside + SOCKET_NAME) <= LONGEST_SOCKET_PATH && !/[,"\n]/.test(beside)
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  const socketFolder = fits ? beside : join('/tmp', `yunying-${name}`)
  await mkdir(dirname(socketFolder), { recursive: true })
  await mkdir(socketFolder, { mode: 0o700 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
  const found = await lstat(socketFolder)
  const ours = [process.getuid?.(), runAs?.uid]
  // In /tmp anyone could have been first, and listen there in PostgreSQL's place.
  if (!found.isDirectory() || !ours.includes(found.uid)) {
    throw new ConfigError([`${socketFolder} belongs to another user; remove it`])
  }
  await chmod(socketFolder, 0o700)
  if (runAs !== undefined) await chown(socketFolder, runAs.uid, runAs.gid)
  return socketFolder
}
