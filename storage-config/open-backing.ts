import { isAbsolute, join, resolve } from 'node:path'
import { ConfigError, type Config } from '../core/config.ts'
import type { FileObjectStoreOptions } from './object-store/file-object-store.ts'
import type { Database } from '../core/ports/database.ts'
import type { JobQueue } from '../core/ports/job-queue.ts'
import type { Logger } from '../core/ports/logger.ts'
import type { ObjectStore } from '../core/ports/object-store.ts'
import { openFolder, PRIVATE } from './open-folder.ts'
import { migrate } from './database/migrate.ts'

export interface Backing {
  readonly database: Database
  readonly objects: ObjectStore
  readonly queue: JobQueue
  close(): Promise<void>
}

/** THE choice of where rows, bytes and hints are kept, by URL scheme. Each adapter loads only when it is chosen. */
export async function openBacking(
  config: Config,
  log: Logger,
  threads: FileObjectStoreOptions = {},
): Promise<Backing> {
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const each of closers.reverse()) await each()
  }
  try {
    // Unfinished uploads are kept there, whatever keeps the rest.
    if (config.run.includes('web')) await openFolder(config.dataFolder, 'YUNYING_DATA')
    const { database, close: closeDatabase } = await openDatabase(config, log)
    closers.push(closeDatabase)
    await migrate(database)
    const objects = await openObjects(config, threads)
    closers.push(() => objects.close())
    const queue = await openQueue(config, log)
    closers.push(() => queue.close())
    return { database, objects, queue, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openDatabase(
  config: Config,
  log: Logger,
): Promise<{ database: Database; close(): Promise<void> }> {
  if (config.databaseUrl.startsWith('embedded:')) {
    const { openEmbeddedPostgres } = await import('./database/embedded-postgres.ts')
    return openEmbeddedPostgres(await openFolderOf(config, 'databaseUrl', 'embedded:', 'database'), log)
  }
  const { openPostgresServer } = await import('./database/postgres-server.ts')
  const database = await openPostgresServer(config.databaseUrl, log)
  return { database, close: () => database.close() }
}

async function openObjects(config: Config, threads: FileObjectStoreOptions): Promise<ObjectStore> {
  if (config.objectsUrl.startsWith('file:')) {
    const { openFileObjectStore } = await import('./object-store/file-object-store.ts')
    return openFileObjectStore(await openFolderOf(config, 'objectsUrl', 'file:', 'objects'), threads)
  }
  const { openS3ObjectStore } = await import('./object-store/s3-object-store.ts')
  return openS3ObjectStore(config.objectsUrl)
}

async function openQueue(config: Config, log: Logger): Promise<JobQueue> {
  if (config.queueUrl.startsWith('local:')) {
    const { openLocalQueue } = await import('./queue/local-queue.ts')
    return openLocalQueue(log)
  }
  const { openBullmqQueue } = await import('./queue/bullmq-queue.ts')
  return openBullmqQueue(config.queueUrl, log)
}

const VARIABLES = { databaseUrl: 'YUNYING_DATABASE_URL', objectsUrl: 'YUNYING_OBJECTS_URL' } as const

/** `file:` alone is a folder of the data folder; `file:/srv/scans` and `file:///srv/scans` name one. It can be written. */
async function openFolderOf(
  config: Config,
  setting: keyof typeof VARIABLES,
  scheme: string,
  name: string,
): Promise<string> {
  const path = config[setting].slice(scheme.length).replace(/^\/\/(?=\/)/, '')
  const folder = path === '' ? resolve(join(config.dataFolder, name)) : path
  if (!isAbsolute(folder)) throw new ConfigError([`the folder after ${scheme} must begin with /`])
  await openFolder(
    folder,
    path === '' ? 'YUNYING_DATA' : VARIABLES[setting],
    // What is received is nobody else's; PostgreSQL closes its own.
    setting === 'objectsUrl' ? PRIVATE : undefined,
  )
  return folder
}
