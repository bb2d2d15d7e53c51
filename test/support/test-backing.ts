import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Database } from '../../core/ports/database.ts'
import { openEmbeddedPostgres } from '../../storage-config/database/embedded-postgres.ts'
import { openFileObjectStore } from '../../storage-config/object-store/file-object-store.ts'
import type { Backing } from '../../storage-config/open-backing.ts'
import { openLocalQueue } from '../../storage-config/queue/local-queue.ts'
import { silentLog } from './silent-log.ts'

/** The embedded stack, fresh: a clone of the migrated template on the run's one server, a temporary folder, a local queue. */
export async function openTestBacking(): Promise<Backing & { readonly objectsFolder: string }> {
  const { database, close } = await openTestDatabase()
  const objectsFolder = await mkdtemp(join(tmpdir(), 'yunying-objects-'))
  const objects = await openFileObjectStore(objectsFolder)
  const queue = openLocalQueue(silentLog)
  return {
    database,
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

/** A fresh migrated database; closing drops it. */
export async function openTestDatabase(): Promise<{ database: Database; close(): Promise<void> }> {
  const server = await openEmbeddedPostgres(inject('postgresFolder'), silentLog)
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await server.database.query(`create database ${name} template template_yunying`)
  const database = server.openDatabase(name)
  return {
    database,
    close: async () => {
      await database.close()
      await server.database.query(`drop database ${name} with (force)`)
      await server.close()
    },
  }
}
