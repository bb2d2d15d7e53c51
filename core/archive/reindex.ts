import { isYunyingError } from '../errors.ts'
import { restoreDrafts } from '../measurements/drafts.ts'
import { restoreSegmentDrafts } from '../measurements/segments/segment-drafts.ts'
import { restoreGrants, restoreRegistry } from '../identity/registry.ts'
import { restoreReadingSettings } from '../identity/reading-settings.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import type { StoredObject } from '../ports/object-store.ts'
import { restoreProtocols } from '../worklist/hanging-protocols.ts'
import { finishRemovals } from '../retention/finish-removal.ts'
import { pagesOf } from './find-orphans.ts'
import { mapConcurrently } from './map-concurrently.ts'
import { parseInstanceKey, parseQuarantineKey, type ReceivedKeyParts } from './object-key.ts'
import type { PendingInstance } from './pending-instance.ts'
import { insertQuarantined, quarantineInstance } from './quarantine-instance.ts'
import { Refusal, scanOnly } from './receive-bytes.ts'
import { clearReindexNeeded, markReindexNeeded } from './reindex-mark.ts'
import { pendingInstance } from './store-instance.ts'

/** Objects that are looked up together. */
const PAGE = 500
/** Enough to keep two cores and the disk busy, and for commits to gather. */
const AT_ONCE = 8

export interface ReindexReport {
  /** Whether organisations and people were put back. */
  readonly registryRestored: boolean
  /** Instances that got their rows back. */
  readonly instances: number
  /** Instances that had their rows already. */
  readonly present: number
  /** The same bytes kept twice by a crash: the sweep removes the second. */
  readonly duplicates: number
  /** Entries of the quarantine that got their rows back. */
  readonly quarantined: number
  readonly grants: number
  /** Measurements that somebody has not saved yet. */
  readonly drafts: number
  /** Outlines that somebody has not saved yet. */
  readonly segmentDrafts: number
  readonly hangingProtocols: number
  /** Studies whose removal had been begun, and is done now. */
  readonly removalsFinished: number
  /** People whose reading room is as they changed it. */
  readonly readingSettings: number
  /** Keys of objects that cannot be read as instances any more: `verify` and the disk have the reason. */
  readonly unreadable: readonly string[]
  /** Objects of organisations that neither the database nor the registry knows; left alone. */
  readonly unknownOrganisation: number
}

interface Received {
  readonly object: StoredObject
  readonly parts: ReceivedKeyParts
}

type Tally = { -readonly [Name in keyof ReindexReport]: ReindexReport[Name] } & { unreadable: string[] }

/**
 * Writes the rows of everything the object store has, as storing wrote them: people and rights, studies, series,
 * instances, the quarantine, and all work on them. Rows that are there stay as they are, so it may be stopped and begun
 * again, and run while the archive works. `onProgress` is told how many objects are done.
 * Errors: 'unavailable' when the store or the database does not answer.
 */
export async function reindex(
  pacs: Pick<Pacs, 'database' | 'objects' | 'ingest' | 'log'>,
  onProgress: (done: number) => void = () => undefined,
): Promise<ReindexReport> {
  await markReindexNeeded(pacs.objects)
  const tally: Tally = {
    registryRestored: await restoreRegistry(pacs),
    instances: 0,
    present: 0,
    duplicates: 0,
    quarantined: 0,
    grants: 0,
    drafts: 0,
    segmentDrafts: 0,
    hangingProtocols: 0,
    removalsFinished: 0,
    readingSettings: 0,
    unreadable: [],
    unknownOrganisation: 0,
  }
  const organisations = await pacs.database.query<{ id: string }>(
    'select organisation_id as id from organisation',
  )
  const known = new Set(organisations.map(({ id }) => id))
  tally.removalsFinished = await finishRemovals(pacs, known)
  let done = 0

  const each = async (
    parse: (key: string) => ReceivedKeyParts | undefined,
    table: 'instance' | 'quarantine',
    restore: (received: Received) => Promise<void>,
  ): Promise<void> => {
    for await (const page of pagesOf(pacs.objects.list('organisations/'), PAGE)) {
      const received = page.flatMap((object): Received[] => {
        const parts = parse(object.key)
        return parts === undefined ? [] : [{ object, parts }]
      })
      const ours = received.filter(({ parts }) => known.has(parts.organisationId))
      tally.unknownOrganisation += received.length - ours.length
      const present = await idsPresent(pacs.database, table, ours)
      await mapConcurrently(ours, AT_ONCE, async (one) => {
        if (present.has(one.parts.id)) tally.present += 1
        else await restore(one)
        onProgress(++done)
      })
    }
  }
  // A quarantined object refers to its instance, so instances come first.
  await each(parseInstanceKey, 'instance', (one) => restoreInstance(pacs, one, tally))
  await each(parseQuarantineKey, 'quarantine', (one) => restoreQuarantined(pacs, one, tally))
  tally.grants = await restoreGrants(pacs)
  for (const id of known) {
    tally.drafts += await restoreDrafts(pacs, id)
    tally.segmentDrafts += await restoreSegmentDrafts(pacs, id)
    tally.hangingProtocols += await restoreProtocols(pacs, id)
    tally.readingSettings += await restoreReadingSettings(pacs, id)
  }
  // What running processes remember of rights is by Ids of before.
  await pacs.database.query(`select pg_notify('access_changed', '')`)
  await clearReindexNeeded(pacs.objects)
  return tally
}

/** Those that have their row, or whose removal has begun meanwhile. */
async function idsPresent(
  database: Queryable,
  table: 'instance' | 'quarantine',
  of: readonly Received[],
): Promise<Set<string>> {
  const rows = await database.query<{ id: string }>(
    `select ${table}_id as id from ${table} where ${table}_id = any($1::uuid[])
     union all select k.id from unnest($1::uuid[], $2::text[]) as k(id, key) join removal_object o on o.object_key = k.key`,
    [of.map(({ parts }) => parts.id), of.map(({ object }) => object.key)],
  )
  return new Set(rows.map(({ id }) => id))
}

async function restoreInstance(
  pacs: Pick<Pacs, 'database' | 'objects' | 'ingest'>,
  received: Received,
  tally: Tally,
): Promise<void> {
  const pending = await readAgain(pacs, received, tally)
  if (pending === undefined) return
  const outcome = await pacs.ingest.commit(pending)
  if (outcome.kind === 'stored') tally.instances += 1
  else if (outcome.kind === 'duplicate') tally.duplicates += 1
  else {
    // A crash left two objects with one SOP Instance UID, and nothing tells which was acknowledged: both are kept.
    await quarantineInstance(pacs, pending, outcome.instanceId)
    tally.quarantined += 1
  }
}

async function restoreQuarantined(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  received: Received,
  tally: Tally,
): Promise<void> {
  const pending = await readAgain(pacs, received, tally)
  if (pending === undefined) return
  const [stored] = await pacs.database.query<{ instance_id: string }>(
    'select instance_id from instance where organisation_id = $1 and sop_instance_uid = $2',
    [pending.organisationId, pending.identity.sopInstanceUid],
  )
  await insertQuarantined(pacs.database, pending, pending.objectKey, stored?.instance_id ?? null)
  tally.quarantined += 1
}

/** Undefined when it was removed since it was listed. */
async function openIfThere(
  pacs: Pick<Pacs, 'objects'>,
  { key }: StoredObject,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  try {
    return await pacs.objects.stream(key)
  } catch (error) {
    if (isYunyingError(error) && error.kind === 'not-found') return undefined
    throw error
  }
}

/** The instance as it was when it was stored: from its bytes, and from its key. */
async function readAgain(
  pacs: Pick<Pacs, 'objects'>,
  { object, parts }: Received,
  tally: Tally,
): Promise<PendingInstance | undefined> {
  const bytes = await openIfThere(pacs, object)
  if (bytes === undefined) return undefined
  const scanned = await scanOnly(bytes)
  if (scanned instanceof Refusal) {
    tally.unreadable.push(object.key)
    return undefined
  }
  return pendingInstance(scanned, {
    organisationId: parts.organisationId,
    instanceId: parts.id,
    objectKey: object.key,
    source: parts.source,
    receivedBy: parts.receivedBy,
    sender: undefined,
  })
}
