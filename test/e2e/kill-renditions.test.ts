import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectRenditions, makeDue, statusOf, storeSlices } from '../support/rendition-load.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { CLUSTER_SERVERS } from '../support/servers.ts'
import { expectNothingLost, type Acknowledged } from '../support/upload-load.ts'

const KILLS = Number(process.env['YUNYING_TEST_KILLS'] ?? '2')
/** Enough that a kill comes in the midst of them. */
const SLICES = 60

function killAndCheck(stack: 'embedded' | 'cluster'): void {
  let service: RunningService
  beforeAll(async () => {
    service = await startService(stack, 'on')
  }, 120_000)
  afterAll(() => service.stop(), 60_000)

  it(
    `makes the renditions that were lost when all processes are killed while they are made, ${KILLS} times`,
    async () => {
      const stored: Acknowledged[] = []
      for (let round = 0; round < KILLS; round++) {
        stored.push(...(await storeSlices(service, SLICES)))
        const before = (await statusOf(service)).renditions
        await makeDue(service)
        await expect
          .poll(async () => (await statusOf(service)).renditions, { timeout: 60_000, interval: 20 })
          .toBeGreaterThan(before)
        await sleep(Math.random() * 300)
        await service.kill()
        await service.start()
        expect((await statusOf(service)).renditions).toBeLessThan(before + SLICES)
        await makeDue(service)
        await expect
          .poll(async () => (await statusOf(service)).renditions, { timeout: 120_000, interval: 200 })
          .toBe(before + SLICES)
      }
      await expectNothingLost(service, stored)
      await expectRenditions(service, stored)
    },
    120_000 + KILLS * 120_000,
  )
}

describe('kill -9 while renditions are made, embedded', () => killAndCheck('embedded'))

describeWith(CLUSTER_SERVERS, 'kill -9 while renditions are made, cluster', () => killAndCheck('cluster'))
