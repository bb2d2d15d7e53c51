import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../../core/config.ts'
import type { ObjectKey } from '../../core/ports/object-store.ts'
import { parseS3Location } from '../../storage-config/object-store/s3-location.ts'
import { openBacking } from '../../storage-config/open-backing.ts'
import { chunksOf } from '../contract/object-store-contract.ts'
import { describeWith } from '../support/require.ts'
import { MINIO, POSTGRES, REDIS } from '../support/servers.ts'
import { startMinio, startPostgres, startRedis, type TestServer } from '../support/start-servers.ts'
import { silentLog } from '../support/silent-log.ts'

const KEY = 'organisations/a/one' as ObjectKey
let folder: string
beforeEach(async () => {
  // As root this closes the folder to the database's user: the first start of a checkout below a closed home.
  folder = await mkdtemp(join(tmpdir(), 'yunying-backing-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('openBacking', () => {
  it('says what is wrong with an address, without its values', async () => {
    const config = loadConfig({ YUNYING_DATA: folder, YUNYING_OBJECTS_URL: 'file:scans/secret' })
    await expect(openBacking({ ...config, databaseUrl: 'embedded:relative' }, silentLog)).rejects.toThrow(
      ConfigError,
    )
    await expect(openBacking({ ...config, databaseUrl: 'embedded:relative' }, silentLog)).rejects.not.toThrow(
      'secret',
    )
  })
})

const together = {
  name: 'Redis, PostgreSQL and MinIO servers',
  remedy: [REDIS, POSTGRES, MINIO].map(({ remedy }) => remedy).join('; '),
  found: [REDIS, POSTGRES, MINIO].every(({ found }) => found),
}

describeWith(together, 'openBacking, with servers', () => {
  let servers: TestServer[]
  beforeAll(async () => {
    servers = await Promise.all([startPostgres(), startMinio(), startRedis()])
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()))
  })

  it('opens what the addresses name, migrated and ready', async () => {
    const [database, objects, queue] = servers.map(({ url }) => url)
    const config = loadConfig({
      YUNYING_DATA: folder,
      YUNYING_DATABASE_URL: database,
      YUNYING_OBJECTS_URL: objects,
      YUNYING_QUEUE_URL: queue,
    })
    for (const time of [1, 2]) {
      const backing = await openBacking(config, silentLog)
      expect(await backing.database.query('select count(*) as n from study')).toEqual([{ n: 0 }])
      expect((await backing.objects.put(KEY, chunksOf(Buffer.from(`${time}`), 1))).size).toBe(1)
      await backing.queue.check()
      expect(await backing.queue.notify('extract-metadata', 'key')).toBe(true)
      await backing.close()
    }
  })
})

describe('parseS3Location', () => {
  it('reads every part, decoded', () => {
    expect(parseS3Location('s3://KEY:a%2Fb@[::1]:9000/scans?tls=false&region=eu-1&path-style=false')).toEqual(
      {
        host: '[::1]',
        port: 9000,
        tls: false,
        region: 'eu-1',
        bucket: 'scans',
        accessKey: 'KEY',
        secretKey: 'a/b',
        pathStyle: false,
      },
    )
    expect(parseS3Location('s3://k:s@s3.example.org/scans')).toMatchObject({
      tls: true,
      port: undefined,
      pathStyle: true,
    })
  })

  it('names every fault and no value', () => {
    const faults = (url: string): readonly string[] => {
      try {
        parseS3Location(url)
        return []
      } catch (error) {
        return error instanceof ConfigError ? error.faults : []
      }
    }
    expect(faults('s3://host')).toHaveLength(2)
    expect(faults('s3://key:hidden@host/B').join()).not.toContain('hidden')
    expect(faults('s3://')).not.toHaveLength(0)
  })
})
