import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { CLUSTER_SERVERS } from '../support/servers.ts'
import { expectNothingLost, startUploads, type Acknowledged } from '../support/upload-load.ts'

/** How long each part is away. */
const AWAY_MS = Number(process.env['YUNYING_TEST_AWAY_SECONDS'] ?? '4') * 1000
const RECOVERY_MS = 30_000

describeWith(CLUSTER_SERVERS, 'a part that stops under load', () => {
  let service: RunningService
  const acknowledged: Acknowledged[] = []
  beforeAll(async () => {
    service = await startService('cluster')
  }, 120_000)
  afterAll(() => service.stop(), 60_000)

  it.each(['redis', 'postgres', 'minio'] as const)(
    '%s: clear 503s, no crash, no loss, and all is well without a restart',
    async (part) => {
      const server = service.servers?.[part]
      if (server === undefined) throw new Error('this needs a cluster')
      const load = startUploads(service, 4)
      await sleep(1_000)
      await server.kill()
      const before = load.acknowledged.length
      for (const end = Date.now() + AWAY_MS; Date.now() < end; await sleep(200)) {
        expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
      }
      // Hints are not needed to store; the others are, and a try of a busy machine may last longer than they are away.
      if (part === 'redis')
        await expect.poll(() => load.acknowledged.length, { timeout: RECOVERY_MS }).toBeGreaterThan(before)
      else await expect.poll(() => load.statuses.get(503) ?? 0, { timeout: RECOVERY_MS }).toBeGreaterThan(0)
      await server.restart()
      await expectUploadsAgain(load.acknowledged)
      await load.stop()

      expect(service.alive()).toBe(true)
      expect([...load.statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([])
      expect(load.silent503s).toBe(0)
      if (part === 'redis') expect(load.statuses.has(503)).toBe(false)
      acknowledged.push(...load.acknowledged)
    },
    AWAY_MS + 2 * RECOVERY_MS + 60_000,
  )

  it('has lost nothing, and does all work', () => expectNothingLost(service, acknowledged), 180_000)
})

async function expectUploadsAgain(acknowledged: readonly Acknowledged[]): Promise<void> {
  const at = acknowledged.length
  await expect
    .poll(() => acknowledged.length, { timeout: RECOVERY_MS, interval: 100 })
    .toBeGreaterThan(at + 10)
}
