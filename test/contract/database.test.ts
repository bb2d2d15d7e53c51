import { afterAll, beforeAll, describe } from 'vitest'
import { openPostgres } from '../../storage-config/database/postgres-database.ts'
import { describeWith } from '../support/require.ts'
import { POSTGRES, startPostgres, type TestServer } from '../support/servers.ts'
import { silentLog } from '../support/silent-log.ts'
import { openTestDatabase } from '../support/test-backing.ts'
import { databaseContract } from './database-contract.ts'

describe('openEmbeddedPostgres', () => {
  databaseContract(async () => {
    const { database, close } = await openTestDatabase()
    return { ...database, close }
  })
})

describeWith(POSTGRES, 'openPostgres', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())
  databaseContract(async () => openPostgres({ connectionString: server.url }, silentLog))
})
