import { afterAll, beforeAll, describe } from 'vitest'
import { openPostgres } from '../../storage-config/database/postgres-database.ts'
import { openPostgresServer } from '../../storage-config/database/postgres-server.ts'
import { describeWith } from '../support/require.ts'
import { POSTGRES } from '../support/servers.ts'
import { startPostgres, type TestServer } from '../support/start-servers.ts'
import { silentLog } from '../support/silent-log.ts'
import { askedByArchive, openTestDatabase } from '../support/test-backing.ts'
import { databaseContract } from './database-contract.ts'
import { organisationWallContract } from './organisation-wall-contract.ts'

describe('openEmbeddedPostgres', () => {
  databaseContract(openTestDatabase)
  organisationWallContract(openTestDatabase)
})

describeWith(POSTGRES, 'openPostgresServer', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())
  /** A new database of the server, by its URL: of its superuser, or of an owner who is nothing more. */
  const newDatabase = async (name: string, owner?: string): Promise<string> => {
    const cluster = openPostgres({ connectionString: server.url }, silentLog)
    if (owner !== undefined) await cluster.query(`create role ${owner} login`)
    await cluster.query(`create database ${name} ${owner === undefined ? '' : `owner ${owner}`}`)
    await cluster.close()
    const url = new URL(server.url)
    url.pathname = name
    if (owner !== undefined) url.username = owner
    return url.href
  }
  const open = async (url: string) => {
    const database = await openPostgresServer(url, silentLog)
    const asSuperuser = new URL(url)
    asSuperuser.username = new URL(server.url).username
    const superuser = openPostgres({ connectionString: asSuperuser.href }, silentLog)
    const close = async () => void (await Promise.all([database.close(), superuser.close()]))
    return { database: askedByArchive(database), superuser, close }
  }
  databaseContract(() => open(server.url))
  describe('with the login of a superuser', () =>
    organisationWallContract(async () => open(await newDatabase('of_superuser'))))
  describe('with the login of the owner', () =>
    organisationWallContract(async () => open(await newDatabase('of_owner', 'clinic'))))
})
