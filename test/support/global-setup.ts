import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildServer } from '../../scripts/build.mjs'
import { openEmbeddedPostgres } from '../../storage-config/database/embedded-postgres.ts'
import { migrate } from '../../storage-config/database/migrate.ts'
import { silentLog } from './silent-log.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of the one embedded server of this run. */
    postgresFolder: string
  }
}

/** One real embedded PostgreSQL for the whole run, with a migrated template to clone; and the built server, for its threads. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildServer().catch((error: unknown) => {
    // Tests that need the build fail by themselves and say so; the others still tell something.
    process.stderr.write(`The server does not build: ${String(error)}\n`)
  })
  const folder = await mkdtemp(join(await quickPlace(), 'yunying-test-'))
  // As root the server runs as another user, who must get in.
  await chmod(folder, 0o755)
  const server = await openEmbeddedPostgres(folder, silentLog)
  const cluster = server.openAsSuperuser('postgres')
  await cluster.query('create database template_yunying')
  await cluster.close()
  await server.prepareDatabase('template_yunying')
  const template = server.openDatabase('template_yunying')
  await migrate(template)
  await template.close()
  project.provide('postgresFolder', folder)
  return async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const MEMORY = '/dev/shm'
const ENOUGH = 6 * 2 ** 30

/** In memory where there is plenty: durability is tested with servers of its own, and every other test waits for each commit. */
async function quickPlace(): Promise<string> {
  const memory = await statfs(MEMORY).catch(() => undefined)
  return memory !== undefined && memory.bavail * memory.bsize > ENOUGH ? MEMORY : tmpdir()
}
