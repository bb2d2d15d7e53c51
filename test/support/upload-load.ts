import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { findOrphans } from '../../core/archive/find-orphans.ts'
import { sweepOrphans } from '../../core/archive/sweep-orphans.ts'
import { verify } from '../../core/archive/verify.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { workCounts } from '../../core/work/work-table.ts'
import { dicom } from './dicom-builder.ts'
import type { RunningService } from './running-service.ts'

/** An instance that the service said it has. */
export interface Acknowledged {
  readonly path: string
  readonly sha256: string
}

export interface UploadLoad {
  readonly acknowledged: Acknowledged[]
  /** How often each status was answered; 0: the connection broke. */
  readonly statuses: Map<number, number>
  /** 503s that did not say when to try again. */
  readonly silent503s: number
  /** Resolves when all that was under way has ended. */
  stop(): Promise<void>
}

/** Sends new instances over so many connections until it is stopped; a request that fails is given up. */
export function startUploads(service: RunningService, connections = 8): UploadLoad {
  const acknowledged: Acknowledged[] = []
  const statuses = new Map<number, number>()
  let silent503s = 0
  let stopped = false
  const study = newUid()

  const lane = async (number: number): Promise<void> => {
    const series = newUid()
    while (!stopped) {
      const instance = newUid()
      const bytes = dicom()
        .ct({ rows: 256, columns: 256 })
        .uids({ study, series, instance })
        .set('SeriesNumber', 'IS', [number])
        .build()
      const answer = await send(service, bytes)
      const status = answer?.status ?? 0
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status === 200) {
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        acknowledged.push({
          path: `/dicom-web/studies/${study}/series/${series}/instances/${instance}`,
          sha256,
        })
        continue
      }
      if (status === 503 && answer?.headers.has('Retry-After') !== true) silent503s += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const lanes = Array.from({ length: connections }, (_, number) => lane(number))
  return {
    acknowledged,
    statuses,
    get silent503s() {
      return silent503s
    },
    async stop() {
      stopped = true
      await Promise.all(lanes)
    },
  }
}

async function send(service: RunningService, bytes: Uint8Array): Promise<Response | undefined> {
  try {
    const answer = await fetch(`${service.url}/dicom-web/studies`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom', Authorization: `Bearer ${service.token}` },
      body: new Uint8Array(bytes),
    })
    await answer.arrayBuffer()
    return answer
  } catch (error) {
    // The service was killed under it.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Everything acknowledged is there byte for byte, all work was done, and a sweep leaves no object without a row. */
export async function expectNothingLost(
  service: RunningService,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  for (let at = 0; at < acknowledged.length; at += 8) {
    await Promise.all(acknowledged.slice(at, at + 8).map((one) => expectServed(service, one)))
  }
  await service.withPacs(async (pacs) => {
    await expect
      .poll(() => workCounts(pacs.database), { timeout: 90_000, interval: 200 })
      .toEqual({ pending: 0, running: 0, failed: 0 })
    await sweepOrphans(pacs, { olderThanMs: 0 })
    const orphans: string[] = []
    for await (const { object } of findOrphans(pacs, 0)) orphans.push(object.key)
    expect(orphans).toEqual([])
    expect(await pacs.objects.sweepUnfinished(0)).toBe(0)
    expect(await verify(pacs)).toMatchObject({ missing: [], changed: [], orphaned: [] })
    const undone = await pacs.database.query(
      `select se.series_id, se.instance_count, d.metadata_instance_count, d.thumbnail_key
       from series se left join series_derived d using (series_id)
       where d.metadata_instance_count is distinct from se.instance_count or d.thumbnail_key is null
         or se.instance_count <> (select count(*) from instance i where i.series_id = se.series_id)`,
    )
    expect(undone).toEqual([])
    const miscounted = await pacs.database.query(
      `select study_id from study st where instance_count <> (select count(*) from instance i where i.study_id = st.study_id)`,
    )
    expect(miscounted).toEqual([])
  })
}

/** The instance comes back byte for byte. */
export async function expectServed(service: RunningService, { path, sha256 }: Acknowledged): Promise<void> {
  const answer = await fetch(`${service.url}${path}`, {
    headers: { Accept: 'application/dicom; transfer-syntax=*', Authorization: `Bearer ${service.token}` },
  })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  expect([answer.status, createHash('sha256').update(bytes).digest('hex')]).toEqual([200, sha256])
}
