import type { Pacs } from '../pacs.ts'
import { findOrphans, type Orphan, type OrphanKind } from './find-orphans.ts'
import { isReindexNeeded } from './reindex-mark.ts'

/** What is younger may be on its way to its row. */
const OLD_ENOUGH_MS = 3_600_000

/**
 * Received objects of one organisation that one sweep removes, at most. Crashes leave a few at a time: many more without
 * a row mean that rows were lost (a database from an old backup), and then the bytes are all there is.
 */
const MOST_RECEIVED = 256

export interface SweepReport {
  /** Objects removed. */
  readonly removed: Readonly<Record<OrphanKind, number>>
  /** Interrupted writes removed. */
  readonly unfinished: number
  /** Objects without a row that were left, because rows seem to be lost: run `reindex`. */
  readonly left: number
}

/**
 * Removes what crashes and interrupted uploads left: objects older than an hour that no row names, and unfinished
 * writes. Never what may be the only copy of something acknowledged: nothing is removed while a reindex is needed, nor
 * of an organisation that has no instances in the database, nor many received objects at once.
 */
export async function sweepOrphans(
  pacs: Pick<Pacs, 'database' | 'objects' | 'clock' | 'log'>,
  options: { readonly olderThanMs?: number } = {},
): Promise<SweepReport> {
  const olderThanMs = options.olderThanMs ?? OLD_ENOUGH_MS
  const unfinished = await pacs.objects.sweepUnfinished(olderThanMs)
  const removed: Record<OrphanKind, number> = { instance: 0, quarantine: 0, derived: 0 }
  let left = 0
  const received = new Map<string, Orphan[]>()
  const rowsMissing = await isReindexNeeded(pacs.objects)

  for await (const orphan of findOrphans(pacs, olderThanMs)) {
    if (orphan.kind === 'derived') {
      // Nothing is lost: it is derived again when somebody asks.
      await pacs.objects.delete(orphan.object.key)
      removed.derived += 1
      continue
    }
    const list = received.get(orphan.organisationId) ?? []
    received.set(orphan.organisationId, list)
    if (list.length <= MOST_RECEIVED) list.push(orphan)
    else left += 1
  }
  for (const [organisationId, orphans] of received) {
    if (rowsMissing || orphans.length > MOST_RECEIVED || !(await hasInstances(pacs, organisationId))) {
      left += orphans.length
      continue
    }
    for (const { kind, object } of orphans) {
      await pacs.objects.delete(object.key)
      removed[kind] += 1
    }
  }
  if (left > 0) pacs.log.warn({ left }, 'objects without a row were left: run `reindex`')
  return { removed, unfinished, left }
}

async function hasInstances(pacs: Pick<Pacs, 'database'>, organisationId: string): Promise<boolean> {
  const rows = await pacs.database.query('select 1 from instance where organisation_id = $1 limit 1', [
    organisationId,
  ])
  return rows.length > 0
}

/** `sweepOrphans` in one process of all that ask at the same time; undefined in the others. For a timer in each process. */
export async function sweepOrphansAlone(
  pacs: Parameters<typeof sweepOrphans>[0],
): Promise<SweepReport | undefined> {
  return pacs.database.withLock('sweep-orphans', () => sweepOrphans(pacs))
}
