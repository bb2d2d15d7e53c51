import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { asArchive, isWalled } from '../../core/access/organisation-wall.ts'
import type { Database } from '../../core/ports/database.ts'
import { openEmbeddedPostgres } from '../../storage-config/database/embedded-postgres.ts'
import { openFileObjectStore } from '../../storage-config/object-store/file-object-store.ts'
import type { Backing } from '../../storage-config/open-backing.ts'
import { openLocalQueue } from '../../storage-config/queue/local-queue.ts'
import { silentLog } from './silent-log.ts'

/** The embedded stack, fresh: a clone of the migrated template on the run's one server, a temporary folder, a local queue. */
export async function openTestBacking(
  options: { readonly writeThreadUrl?: URL } = {},
): Promise<Backing & { readonly objectsFolder: string; readonly superuser: Database }> {
  const { database, superuser, close } = await openTestDatabase()
  const objectsFolder = await mkdtemp(join(tmpdir(), 'yunying-objects-'))
  const objects = await openFileObjectStore(objectsFolder, options)
  const queue = openLocalQueue(silentLog)
  return {
    database,
    superuser,
    objects,
    queue,
    objectsFolder,
    close: async () => {
      await queue.close()
      await objects.close()
      await close()
      await rm(objectsFolder, { recursive: true, force: true })
    },
  }
}

/** A fresh migrated database; closing drops it. What asks outside of a request is the archive itself, as a worker is. */
export async function openTestDatabase(): Promise<{
  database: Database
  /** The same database for whom there is no wall: a person with the server in their hands. */
  superuser: Database
  close(): Promise<void>
}> {
  const server = await openEmbeddedPostgres(inject('postgresFolder'), silentLog)
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const cluster = server.openAsSuperuser('postgres')
  await cluster.query(`create database ${name} template template_yunying`)
  const database = server.openDatabase(name)
  const superuser = server.openAsSuperuser(name)
  return {
    database: askedByArchive(database),
    superuser,
    close: async () => {
      await superuser.close()
      await database.close()
      await cluster.query(`drop database ${name} with (force)`)
      await cluster.close()
      await server.close()
    },
  }
}

/** Tests ask the database directly, as no part of the archive does. */
export function askedByArchive(database: Database): Database {
  const asked = <T>(work: () => T): T => (isWalled() ? work() : asArchive(work))
  return {
    ...database,
    query: (...args: Parameters<Database['query']>) => asked(() => database.query(...args)) as never,
    transaction: (work) => asked(() => database.transaction(work)),
    withLock: (name, work) => asked(() => database.withLock(name, work)),
  }
}
