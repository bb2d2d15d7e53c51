import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DATABASE_UNREACHABLE, type Database } from '../../core/ports/database.ts'
import type { JobQueue } from '../../core/ports/job-queue.ts'
import type { ObjectKey, ObjectStore } from '../../core/ports/object-store.ts'
import { claimWork, finishWork } from '../../core/work/claim-work.ts'
import { notifyWork, requestWork, type WorkRequest } from '../../core/work/request-work.ts'
import { sweepWork } from '../../core/work/sweep-work.ts'
import { workCounts } from '../../core/work/work-table.ts'
import { openPostgres } from '../../storage-config/database/postgres-database.ts'
import { openS3ObjectStore } from '../../storage-config/object-store/s3-object-store.ts'
import { openBullmqQueue } from '../../storage-config/queue/bullmq-queue.ts'
import { chunksOf, collect } from '../contract/object-store-contract.ts'
import { until } from '../contract/job-queue-contract.ts'
import { freePort } from '../support/processes.ts'
import { describeWith } from '../support/require.ts'
import { MINIO, POSTGRES, REDIS } from '../support/servers.ts'
import { startMinio, startPostgres, startRedis, type TestServer } from '../support/start-servers.ts'
import { silentLog } from '../support/silent-log.ts'
import { openTestDatabase } from '../support/test-backing.ts'

const KEY = 'organisations/a/one' as ObjectKey
const bytes = Buffer.alloc(100_000, 7)

describeWith(POSTGRES, 'a PostgreSQL server that goes away', () => {
  let server: TestServer
  let database: Database
  beforeAll(async () => {
    server = await startPostgres()
    database = openPostgres({ connectionString: server.url }, silentLog)
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
  })

  it('is said to be unavailable, and is used again once it is back, by queries and listeners', async () => {
    const heard: string[] = []
    let gaps = 0
    const stop = await database.listen(
      'faults',
      (payload) => heard.push(payload),
      () => gaps++,
    )
    const underWay = database.transaction((tx) => tx.query('select pg_sleep(30)'))
    // It never came to its commit.
    const fate = expect(underWay).rejects.toMatchObject({ kind: 'unavailable', code: DATABASE_UNREACHABLE })
    await sleep(200)
    await server.kill()
    await fate
    const begun = Date.now()
    await expect(database.query('select 1')).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(database.check()).rejects.toMatchObject({ code: DATABASE_UNREACHABLE })
    expect(Date.now() - begun).toBeLessThan(2_000)
    await server.restart()
    await until(() =>
      database.query('select 1').then(
        () => true,
        () => false,
      ),
    )
    await until(() => gaps === 1)
    await database.query(`select pg_notify('faults', 'back')`)
    await until(() => heard.length === 1)
    expect(heard).toEqual(['back'])
    await stop()
  })

  it('refuses when it hangs, instead of waiting for ever', async () => {
    const hanging = openPostgres({ connectionString: server.url }, silentLog)
    server.pause()
    const begun = Date.now()
    await expect(hanging.query('select 1')).rejects.toMatchObject({ kind: 'unavailable' })
    expect(Date.now() - begun).toBeLessThan(8_000)
    server.resume()
    await until(() =>
      hanging.query('select 1').then(
        () => true,
        () => false,
      ),
    )
    await hanging.close()
  })
})

describeWith(REDIS, 'a Redis that goes away', () => {
  let redis: TestServer
  let queue: JobQueue
  let database: Database
  let closeDatabase: () => Promise<void>
  beforeAll(async () => {
    redis = await startRedis()
    const opened = await openTestDatabase()
    database = opened.database
    closeDatabase = opened.close
    queue = openBullmqQueue(redis.url, silentLog)
  })
  afterAll(async () => {
    await queue.close()
    await redis.stop()
    await closeDatabase()
  })

  it('loses no work: hints fail quickly, the sweeper sends them when it is back', async () => {
    const worker = queue.work('reconcile-study', 4, async (key) => {
      const outcome = await claimWork(database, 'reconcile-study', key, 60_000)
      if (outcome.kind === 'claimed') await finishWork(database, outcome.claim)
    })
    const ask = async (): Promise<void> => {
      const items: WorkRequest[] = Array.from({ length: 20 }, () => ({
        kind: 'reconcile-study',
        key: randomUUID(),
        organisationId: randomUUID(),
      }))
      await database.transaction((tx) => requestWork(tx, items))
      const begun = Date.now()
      await notifyWork(queue, items)
      expect(Date.now() - begun).toBeLessThan(1_500)
    }
    const drained = async (): Promise<boolean> => {
      await sweepWork({ database, queue })
      const { pending, running } = await workCounts(database)
      return pending + running === 0
    }
    await ask()
    await until(drained)
    await redis.kill()
    await ask()
    expect(await queue.notify('reconcile-study', 'lost')).toBe(false)
    await expect(queue.check()).rejects.toMatchObject({ code: 'queue-unavailable' })
    expect(await workCounts(database)).toMatchObject({ pending: 20 })
    await redis.restart()
    await until(drained)
    await queue.check()
    await worker.stop()
  })

  it('resolves false quickly when it hangs, and can be closed', async () => {
    const hanging = openBullmqQueue(redis.url, silentLog)
    await hanging.check()
    hanging.work('extract-metadata', 1, () => Promise.resolve())
    redis.pause()
    const begun = Date.now()
    expect(await hanging.notify('extract-metadata', 'a')).toBe(false)
    await expect(hanging.check()).rejects.toMatchObject({ code: 'queue-unavailable' })
    await hanging.close()
    expect(Date.now() - begun).toBeLessThan(8_000)
    redis.resume()
  })

  it('resolves false when it was never there', async () => {
    const absent = openBullmqQueue(`redis://127.0.0.1:${await freePort()}`, silentLog)
    expect(await absent.notify('extract-metadata', 'a')).toBe(false)
    await absent.close()
  })
})

describeWith(MINIO, 'an S3 server that goes away', () => {
  let minio: TestServer
  let store: ObjectStore
  const down = { kind: 'unavailable', code: 'object-store-unavailable' }
  beforeAll(async () => {
    minio = await startMinio()
    store = await openS3ObjectStore(minio.url)
    await store.put(KEY, chunksOf(bytes, 10_000))
  })
  afterAll(async () => {
    await store.close()
    await minio.stop()
  })

  it('is said to be unavailable, and is used again once it is back', async () => {
    await minio.kill()
    await expect(store.put(KEY, chunksOf(bytes, 10_000))).rejects.toMatchObject(down)
    await expect(store.read(KEY)).rejects.toMatchObject(down)
    await expect(store.head(KEY)).rejects.toMatchObject(down)
    await expect(store.delete(KEY)).rejects.toMatchObject(down)
    await expect(store.check()).rejects.toMatchObject(down)
    const listed = async (): Promise<void> => {
      for await (const found of store.list('')) expect(found).toBeUndefined()
    }
    await expect(listed()).rejects.toMatchObject(down)
    await minio.restart()
    await until(() =>
      store.check().then(
        () => true,
        () => false,
      ),
    )
    expect(bytes.equals(await store.read(KEY))).toBe(true)
  })

  it('opens while it is down, and makes the bucket when it comes', async () => {
    const later = await openS3ObjectStore(minio.url.replace('/yunying?', '/another?'))
    await later.check()
    await later.put(KEY, chunksOf(bytes, 10_000))
    expect(bytes.equals(await later.read(KEY))).toBe(true)
    await later.close()
  })
})

describe('an S3 server that hangs', () => {
  let server: Server
  let url: string
  beforeEach(async () => {
    // Takes connections and never says a word; the first bytes of a body for a GET of `half`.
    server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.on('data', (sent) => {
        if (sent.toString().startsWith('GET /bucket/half')) {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc')
        }
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    url = `s3://key:secret@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/bucket?tls=false`
  })
  afterEach(() => server.close())

  it('fails requests by a deadline: before the answer and in the middle of it', async () => {
    const down = { kind: 'unavailable', code: 'object-store-unavailable' }
    const store = await openS3ObjectStore(url)
    const begun = Date.now()
    await Promise.all([
      expect(store.put(KEY, chunksOf(bytes, 1000))).rejects.toMatchObject(down),
      expect(store.read('half' as ObjectKey)).rejects.toMatchObject(down),
      expect(store.stream('half' as ObjectKey).then(collect)).rejects.toMatchObject(down),
      expect(store.check()).rejects.toMatchObject(down),
    ])
    expect(Date.now() - begun).toBeLessThan(15_000)
    await store.close()
  }, 40_000)
})
