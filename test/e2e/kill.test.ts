import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { CLUSTER_SERVERS } from '../support/servers.ts'
import { expectNothingLost, startUploads, type Acknowledged } from '../support/upload-load.ts'

const KILLS = Number(process.env['YUNYING_TEST_KILLS'] ?? '2')
const LONGEST_MS = 2_000

function killAndCheck(stack: 'embedded' | 'cluster'): void {
  let service: RunningService
  beforeAll(async () => {
    service = await startService(stack)
  }, 120_000)
  afterAll(() => service.stop(), 60_000)

  it(
    `loses nothing that was acknowledged when all its processes are killed in mid-upload, ${KILLS} times`,
    async () => {
      const acknowledged: Acknowledged[] = []
      for (let round = 0; round < KILLS; round++) {
        const load = startUploads(service)
        await sleep(300 + Math.random() * LONGEST_MS)
        await service.kill()
        await load.stop()
        await service.start()
        acknowledged.push(...load.acknowledged)
      }
      const last = startUploads(service)
      await sleep(500)
      await last.stop()
      expect(last.acknowledged.length).toBeGreaterThan(0)
      expect([...last.statuses.keys()]).toEqual([200])
      await expectNothingLost(service, [...acknowledged, ...last.acknowledged])
    },
    120_000 + KILLS * 30_000,
  )
}

describe('kill -9, embedded', () => killAndCheck('embedded'))

describeWith(CLUSTER_SERVERS, 'kill -9, cluster', () => killAndCheck('cluster'))
