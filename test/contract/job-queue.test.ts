import { afterAll, beforeAll, describe } from 'vitest'
import { openBullmqQueue } from '../../storage-config/queue/bullmq-queue.ts'
import { openLocalQueue } from '../../storage-config/queue/local-queue.ts'
import { describeWith } from '../support/require.ts'
import { REDIS } from '../support/servers.ts'
import { startRedis, type TestServer } from '../support/start-servers.ts'
import { silentLog } from '../support/silent-log.ts'
import { jobQueueContract } from './job-queue-contract.ts'

describe('openLocalQueue', () => {
  jobQueueContract(async () => openLocalQueue(silentLog))
})

describeWith(REDIS, 'openBullmqQueue', () => {
  let redis: TestServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())
  jobQueueContract(async () => openBullmqQueue(redis.url, silentLog))
})
