import { execFile, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { placeCluster, type ClusterPlace } from '../storage-config/database/cluster-place.ts'
import {
  ensureRunning,
  initialiseCluster,
  SERVER_PORT,
  SERVER_USER,
  socketSettings,
  stopServer,
} from '../storage-config/database/embedded-server.ts'
import { residentBytes, usageOf } from './process-usage.ts'
import { SILENT } from './silent-log.ts'
import { removeCluster } from './target-yunying.ts'
import { end, freePort, installed, untilAnswers, type Target } from './target.ts'

const run = promisify(execFile)
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so'
const POSTGRES_PLUGIN = '/usr/share/orthanc/plugins/libOrthancPostgreSQLIndex.so'
const DATABASE = 'orthanc'
/** Its name in the table. */
export const DURABLE_ORTHANC = 'Orthanc on PostgreSQL'

/** Orthanc with its DICOMweb plugin, near its defaults, without authentication; undefined where it is not installed. */
export async function startOrthanc(): Promise<Target | undefined> {
  const program = installedOrthanc()
  if (program === undefined) return undefined
  return start(program, 'Orthanc', await mkdtemp(join(tmpdir(), 'bench-orthanc-')), [], {})
}

/**
 * The same with its index in PostgreSQL, a server as ours is: near its defaults (SQLite, `synchronous=NORMAL`) it syncs a file before the
 * answer, but its index now and then, so a power failure may take back what was answered. Undefined without the plugin.
 */
export async function startDurableOrthanc(): Promise<Target | undefined> {
  const program = installedOrthanc()
  if (program === undefined || installed(POSTGRES_PLUGIN) === undefined) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'bench-orthanc-'))
  const place = await makeDatabase(folder)
  const target = await start(program, DURABLE_ORTHANC, folder, [POSTGRES_PLUGIN], {
    PostgreSQL: {
      EnableIndex: true,
      EnableStorage: false,
      Host: place.socketFolder,
      Port: SERVER_PORT,
      Database: DATABASE,
      Username: SERVER_USER,
      Password: '',
      EnableSsl: false,
    },
  })
  return {
    ...target,
    close: async () => {
      await target.end()
      await stopServer(place)
      await removeCluster(databaseOf(folder))
      await target.close()
    },
  }
}

const installedOrthanc = (): string | undefined =>
  installed(PLUGIN) && installed('/usr/sbin/Orthanc', '/usr/bin/Orthanc', '/usr/local/sbin/Orthanc')

const databaseOf = (folder: string): string => join(folder, 'database')

async function makeDatabase(folder: string): Promise<ClusterPlace> {
  // Another user than root runs PostgreSQL and must get there: what works in this folder is counted as the target's.
  await chmod(folder, 0o755)
  const place = await placeCluster(databaseOf(folder), SILENT)
  await initialiseCluster(place)
  await ensureRunning(place, SILENT)
  const client = new pg.Client(socketSettings(place, 'postgres'))
  await client.connect()
  await client.query(`create database ${DATABASE}`)
  await client.end()
  return place
}

async function start(
  program: string,
  name: string,
  folder: string,
  plugins: readonly string[],
  settings: Readonly<Record<string, unknown>>,
): Promise<Target & { end(): Promise<void> }> {
  const port = await freePort()
  await mkdir(join(folder, 'db'))
  await writeFile(
    join(folder, 'orthanc.json'),
    JSON.stringify({
      Name: 'bench',
      HttpPort: port,
      DicomPort: await freePort(),
      StorageDirectory: join(folder, 'db'),
      IndexDirectory: join(folder, 'db'),
      Plugins: [PLUGIN, ...plugins],
      AuthenticationEnabled: false,
      RemoteAccessAllowed: false,
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
      ...settings,
    }),
  )
  const began = performance.now()
  const child = spawn(program, [join(folder, 'orthanc.json')], {
    env: { ...process.env, TCP_NODELAY: '1' },
    cwd: folder,
    stdio: 'ignore',
  })
  const startMs = await untilAnswers(`http://127.0.0.1:${port}/system`, began)
  const { stdout } = await run(program, ['--version'])
  const pid = child.pid ?? 0
  return {
    name,
    version: /Orthanc (\S+)/.exec(stdout)?.[1] ?? 'unknown',
    endpoint: { host: '127.0.0.1', port, headers: {} },
    startMs,
    usage: () => usageOf(pid, folder),
    residentBytes: () => residentBytes(pid),
    end: () => end(child),
    close: async () => {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
