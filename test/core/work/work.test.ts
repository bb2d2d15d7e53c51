import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unavailable } from '../../../core/errors.ts'
import {
  claimWork,
  extendLease,
  failWork,
  finishWork,
  type WorkClaim,
} from '../../../core/work/claim-work.ts'
import { notifyWork, requestWork } from '../../../core/work/request-work.ts'
import { sweepWork } from '../../../core/work/sweep-work.ts'
import { listFailedWork, retryWork, workCounts } from '../../../core/work/work-table.ts'
import type { Backing } from '../../../storage-config/open-backing.ts'
import { openTestBacking } from '../../support/test-backing.ts'

const KIND = 'reconcile-study'
const organisationId = randomUUID()
let backing: Backing
let key: string

beforeEach(async () => {
  backing = await openTestBacking()
  key = randomUUID()
})
afterEach(() => backing.close())

const request = (delayMs = 0) => requestWork(backing.database, [{ kind: KIND, key, organisationId, delayMs }])

async function claim(leaseMs = 60_000): Promise<WorkClaim> {
  const outcome = await claimWork(backing.database, KIND, key, leaseMs)
  if (outcome.kind !== 'claimed') throw new Error(`expected a claim: ${outcome.kind}`)
  return outcome.claim
}

/** The row's times as if this had passed. */
const age = (seconds: number) =>
  backing.database.query(
    `update work_item set not_before = not_before - make_interval(secs => $1), lease_until = lease_until - make_interval(secs => $1)`,
    [seconds],
  )

describe('requestWork', () => {
  it('makes one row of many requests, in any order and at the same time', async () => {
    const other = randomUUID()
    const items = [key, other].map((each) => ({ kind: KIND, key: each, organisationId }) as const)
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        backing.database.transaction((tx) => requestWork(tx, n % 2 ? items : [...items].reverse())),
      ),
    )
    expect(await workCounts(backing.database, organisationId)).toEqual({ pending: 2, running: 0, failed: 0 })
    expect((await claim()).requested).toBe(20)
  })

  it('is undone with the transaction that asked', async () => {
    const undone = backing.database.transaction(async (tx) => {
      await requestWork(tx, [{ kind: KIND, key, organisationId }])
      throw new Error('no')
    })
    await expect(undone).rejects.toThrow('no')
    expect(await workCounts(backing.database)).toEqual({ pending: 0, running: 0, failed: 0 })
  })
})

describe('claimWork', () => {
  it('gives the work to one worker', async () => {
    await request()
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => claimWork(backing.database, KIND, key, 60_000)),
    )
    expect(outcomes.filter((outcome) => outcome.kind === 'claimed')).toHaveLength(1)
  })

  it('says how long to wait when it is early', async () => {
    await request(5_000)
    const outcome = await claimWork(backing.database, KIND, key, 60_000)
    expect(outcome.kind === 'early' ? outcome.waitMs : 0).toBeGreaterThan(4_000)
  })

  it('takes over when the lease ran out, and the first worker can neither finish nor fail it', async () => {
    await request()
    const first = await claim()
    await age(61)
    const second = await claim()
    expect(second.attempts).toBe(2)
    expect(await extendLease(backing.database, first, 60_000)).toBe(false)
    expect(await finishWork(backing.database, first)).toBe(false)
    expect(await failWork(backing.database, first, new Error('late'))).toBeUndefined()
    expect(await workCounts(backing.database)).toMatchObject({ running: 1 })
    expect(await extendLease(backing.database, second, 60_000)).toBe(true)
    expect(await finishWork(backing.database, second)).toBe(false)
    expect(await workCounts(backing.database)).toEqual({ pending: 0, running: 0, failed: 0 })
  })
})

describe('finishWork', () => {
  it('wants another run when it was asked for again meanwhile', async () => {
    await request()
    const first = await claim()
    await request()
    expect(await finishWork(backing.database, first)).toBe(true)
    expect(await claimWork(backing.database, KIND, key, 60_000)).toMatchObject({ kind: 'early' })
    await age(2)
    expect(await finishWork(backing.database, await claim())).toBe(false)
  })
})

describe('failWork', () => {
  it('tries again later and later, then keeps it visible until a person retries', async () => {
    await request()
    const waits = []
    for (let attempt = 0; attempt < 5; attempt++) {
      waits.push(await failWork(backing.database, await claim(), new Error('secret name')))
      await age(600)
    }
    expect(waits).toEqual([1000, 4000, 16_000, 64_000, undefined])
    expect(await workCounts(backing.database)).toEqual({ pending: 0, running: 0, failed: 1 })
    const [failed] = await listFailedWork(backing.database, organisationId)
    expect(failed).toMatchObject({
      kind: KIND,
      key,
      state: 'failed',
      attempts: 5,
      errorCode: 'internal-error',
    })
    expect(JSON.stringify(failed)).not.toContain('secret')
    expect(await retryWork(backing, organisationId, {})).toBe(1)
    await finishWork(backing.database, await claim())
    expect(await listFailedWork(backing.database, organisationId)).toEqual([])
  })

  it('does not count an attempt that found a part down', async () => {
    await request()
    for (let attempt = 0; attempt < 8; attempt++) {
      const down = unavailable('object-store-unavailable', 'The object store does not answer.')
      expect(await failWork(backing.database, await claim(), down)).toBe(2000)
      await age(600)
    }
    expect(await workCounts(backing.database)).toMatchObject({ pending: 1, failed: 0 })
  })
})

describe('sweepWork', () => {
  it('hints at what is due and nobody does: a lost hint, and a worker that died', async () => {
    const seen: string[] = []
    await request()
    expect(await sweepWork(backing)).toBe(0)
    await age(2)
    backing.queue.work(KIND, 1, async (hinted) => void seen.push(hinted))
    expect(await sweepWork(backing)).toBe(1)
    await claim()
    expect(await sweepWork(backing)).toBe(0)
    await age(61)
    expect(await sweepWork(backing)).toBe(1)
    await sleep(10)
    expect(seen).toEqual([key, key])
  })

  it('gives up on work that killed its worker five times', async () => {
    await request()
    for (let attempt = 0; attempt < 5; attempt++) {
      await claim()
      await age(61)
    }
    expect(await claimWork(backing.database, KIND, key, 60_000)).toEqual({ kind: 'none' })
    expect(await sweepWork(backing)).toBe(0)
    const [failed] = await listFailedWork(backing.database, organisationId)
    expect(failed).toMatchObject({ state: 'failed', errorCode: 'worker-died' })
  })

  it('leaves it to one process at a time', async () => {
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const other = backing.database.withLock('sweep-work', () => held)
    await sleep(100)
    expect(await sweepWork(backing)).toBeUndefined()
    release()
    await other
  })
})

describe('notifyWork', () => {
  it('hints at each', async () => {
    const seen: string[] = []
    backing.queue.work(KIND, 1, async (hinted) => void seen.push(hinted))
    await notifyWork(backing.queue, [{ kind: KIND, key, organisationId }])
    await sleep(10)
    expect(seen).toEqual([key])
  })
})
