import { randomUUID } from 'node:crypto'
import type { Principal } from '../access/principal.ts'
import { recordedAudit, type Audited } from '../audit/record-audit.ts'
import type { Queryable } from '../ports/database.ts'
import { together, type StatementPart } from '../ports/statement-part.ts'
import type { ArrivalKind } from '../work/job-kind.ts'
import { requestedWork, type WorkRequest } from '../work/request-work.ts'
import { findInstances, insertInstances, type NewInstance } from './instance-table.ts'
import type { CommitOutcome, PendingInstance } from './pending-instance.ts'
import {
  countAddedInstances,
  findSeries,
  insertSeries,
  modalityOf,
  updateSeriesAttributes,
  type NewSeries,
  type SeriesRow,
} from './series-table.ts'
import {
  findStudies,
  insertStudies,
  patientDiffers,
  updateStudyAttributes,
  type NewStudy,
  type StudyRow,
} from './study-table.ts'
import type { Placement } from './series-memory.ts'
import type { WorkPacing } from './work-pacing.ts'

/** What a batch came to. */
export interface WrittenBatch {
  /** In the order of the batch. */
  readonly outcomes: CommitOutcome[]
  /** The work to hint at after the commit. */
  readonly work: WorkRequest[]
  /** Where those that were stored belong, to be remembered after the commit. */
  readonly placed: ReadonlyMap<PendingInstance, Placement>
}

/**
 * Writes all rows of a batch in the given transaction: studies, series, instances, layouts, the work still to do, the
 * audit, the live event. Errors: UniqueViolation when another process stored one of these SOP Instance UIDs after this
 * transaction looked: look again.
 */
export async function writeInstances(
  tx: Queryable,
  batch: readonly PendingInstance[],
  pacing: WorkPacing,
): Promise<WrittenBatch> {
  const outcomes = new Map<PendingInstance, CommitOutcome>()
  const fresh = await sortOutKnown(tx, batch, outcomes)
  const placed = new Map<PendingInstance, Placement>()
  let work: WorkRequest[] = []
  if (fresh.length > 0) {
    const studies = await ensureStudies(tx, fresh)
    const series = await ensureSeries(tx, fresh, studies)
    for (const pending of fresh) {
      const study = rowOf(studies, studyKey(pending))
      placed.set(pending, { study, series: rowOf(series, seriesKey(study.study_id, pending)) })
    }
    work = await addInstances(tx, placed, pacing)
  }
  return { outcomes: batch.map((one) => outcomes.get(one) ?? stored(placed, one)), work, placed }
}

/**
 * As `writeInstances`, for instances that nobody is expected to have and whose study and series are known: one statement,
 * which needs no transaction. Errors: UniqueViolation when an instance is there already; a foreign key's error when a series
 * is gone.
 */
export async function writeToKnownSeries(
  database: Queryable,
  placed: ReadonlyMap<PendingInstance, Placement>,
  pacing: WorkPacing,
): Promise<WrittenBatch> {
  const work = await addInstances(database, placed, pacing)
  return { outcomes: [...placed.keys()].map((one) => stored(placed, one)), work, placed }
}

/** Adds the rows of new instances and all that goes with them, in one statement. */
async function addInstances(
  database: Queryable,
  placed: ReadonlyMap<PendingInstance, Placement>,
  pacing: WorkPacing,
): Promise<WorkRequest[]> {
  const instances = [...placed].map(([pending, { study, series }]): NewInstance => ({
    pending,
    studyId: study.study_id,
    seriesId: series.series_id,
  }))
  const work = workFor(instances, pacing)
  const { text, params } = together([
    insertInstances(instances),
    countAddedInstances(countBySeries(instances)),
    requestedWork(work),
    recordedAudit(transfers(instances)),
    announced(instances, pacing),
  ])
  await database.query(text, params, { name: 'add-instances' })
  return work
}

function stored(placed: ReadonlyMap<PendingInstance, Placement>, pending: PendingInstance): CommitOutcome {
  const placement = placed.get(pending)
  if (placement === undefined) throw new Error('an instance was left without an outcome')
  return {
    kind: 'stored',
    studyId: placement.study.study_id,
    patientDiffers: patientDiffers(placement.study, pending.header),
  }
}

/** Decides duplicates and conflicts, with what is stored and within the batch (the first to arrive wins); answers the others. */
async function sortOutKnown(
  tx: Queryable,
  batch: readonly PendingInstance[],
  outcomes: Map<PendingInstance, CommitOutcome>,
): Promise<PendingInstance[]> {
  const known = new Map<string, { instanceId: string; sha256: string }>()
  const found = await findInstances(
    tx,
    batch.map((one) => ({ organisationId: one.organisationId, sopInstanceUid: one.identity.sopInstanceUid })),
  )
  for (const row of found) {
    known.set(`${row.organisation_id} ${row.sop_instance_uid}`, {
      instanceId: row.instance_id,
      sha256: row.sha256,
    })
  }
  const fresh: PendingInstance[] = []
  for (const one of [...batch].sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1))) {
    const key = `${one.organisationId} ${one.identity.sopInstanceUid}`
    const there = known.get(key)
    if (there === undefined) {
      known.set(key, { instanceId: one.instanceId, sha256: one.sha256 })
      fresh.push(one)
      continue
    }
    const kind = there.sha256 === one.sha256 ? 'duplicate' : 'conflict'
    outcomes.set(one, { kind, instanceId: there.instanceId })
  }
  return fresh
}

/** The studies of the instances, added where they are new. `fresh` is in order of arrival, so the first of a study is its first. */
async function ensureStudies(
  tx: Queryable,
  fresh: readonly PendingInstance[],
): Promise<Map<string, StudyRow>> {
  const groups = groupBy(fresh, studyKey)
  const wanted = new Map([...groups].map(([key, group]) => [key, newStudy(group)]))
  const rows = new Map<string, StudyRow>()
  const keep = (row: StudyRow): unknown => rows.set(`${row.organisation_id} ${row.study_instance_uid}`, row)
  const missing = (): NewStudy[] => [...wanted].filter(([key]) => !rows.has(key)).map(([, study]) => study)

  for (const row of await findStudies(tx, [...wanted.values()])) keep(row)
  const outrun = [...rows].flatMap(([key, row]) => {
    const study = wanted.get(key)
    return study !== undefined && study.firstInstanceId < row.first_instance_id
      ? [{ ...study, studyId: row.study_id }]
      : []
  })
  if (outrun.length > 0) await updateStudyAttributes(tx, outrun)
  if (missing().length > 0) for (const row of await insertStudies(tx, missing())) keep(row)
  // Added by another process between the look and the insert.
  if (missing().length > 0) for (const row of await findStudies(tx, missing())) keep(row)
  return rows
}

async function ensureSeries(
  tx: Queryable,
  fresh: readonly PendingInstance[],
  studies: ReadonlyMap<string, StudyRow>,
): Promise<Map<string, SeriesRow>> {
  const studyIdOf = (one: PendingInstance): string => rowOf(studies, studyKey(one)).study_id
  const groups = groupBy(fresh, (one) => seriesKey(studyIdOf(one), one))
  const wanted = new Map([...groups].map(([key, group]) => [key, newSeries(group, studyIdOf(group[0]))]))
  const rows = new Map<string, SeriesRow>()
  const keep = (row: SeriesRow): unknown => rows.set(`${row.study_id} ${row.series_instance_uid}`, row)
  const missing = (): NewSeries[] => [...wanted].filter(([key]) => !rows.has(key)).map(([, one]) => one)

  for (const row of await findSeries(tx, [...wanted.values()])) keep(row)
  const outrun = [...rows].flatMap(([key, row]) => {
    const one = wanted.get(key)
    return one !== undefined && one.firstInstanceId < row.first_instance_id
      ? [{ ...one, seriesId: row.series_id }]
      : []
  })
  if (outrun.length > 0) await updateSeriesAttributes(tx, outrun)
  if (missing().length > 0) for (const row of await insertSeries(tx, missing())) keep(row)
  if (missing().length > 0) for (const row of await findSeries(tx, missing())) keep(row)
  return rows
}

type Group = readonly [PendingInstance, ...PendingInstance[]]

function newStudy(group: Group): NewStudy {
  const [first] = group
  const times = group.map((one) => one.receivedAt)
  return {
    studyId: randomUUID(),
    organisationId: first.organisationId,
    studyInstanceUid: first.identity.studyInstanceUid,
    firstInstanceId: first.instanceId,
    header: first.header,
    firstReceivedAt: Math.min(...times),
    lastReceivedAt: Math.max(...times),
    modalities: [...new Set(group.map((one) => modalityOf(one.header)))].filter((one) => one !== '').sort(),
    seriesCount: new Set(group.map((one) => one.identity.seriesInstanceUid)).size,
    instanceCount: group.length,
  }
}

function newSeries(group: Group, studyId: string): NewSeries {
  const [first] = group
  return {
    seriesId: randomUUID(),
    organisationId: first.organisationId,
    studyId,
    seriesInstanceUid: first.identity.seriesInstanceUid,
    firstInstanceId: first.instanceId,
    header: first.header,
    lastReceivedAt: first.receivedAt,
  }
}

function countBySeries(
  instances: readonly NewInstance[],
): { seriesId: string; count: number; receivedAt: number }[] {
  return [...groupBy(instances, (one) => one.seriesId)].map(([seriesId, group]) => ({
    seriesId,
    count: group.length,
    receivedAt: Math.max(...group.map((one) => one.pending.receivedAt)),
  }))
}

function workFor(instances: readonly NewInstance[], pacing: WorkPacing): WorkRequest[] {
  const work = new Map<string, WorkRequest>()
  const now = performance.now()
  pacing.arrived(instances.length, now)
  const ask = (kind: ArrivalKind, key: string, organisationId: string): void => {
    const name = `${kind} ${key}`
    if (work.has(name)) return
    work.set(name, { kind, key, organisationId, delayMs: Math.ceil(pacing.delayMs(kind, key, now)) })
  }
  for (const { pending, studyId, seriesId } of instances) {
    ask('extract-metadata', seriesId, pending.organisationId)
    ask('render-thumbnails', seriesId, pending.organisationId)
    ask('reconcile-study', studyId, pending.organisationId)
  }
  // One order for all writers, so that two batches never wait for each other in a ring.
  return [...work.values()].sort((a, b) => (`${a.kind} ${a.key}` < `${b.kind} ${b.key}` ? -1 : 1))
}

/** Tells open worklists, when (and only if) this commits. */
function announced(instances: readonly NewInstance[], pacing: WorkPacing): StatementPart {
  const now = performance.now()
  const payloads = instances
    .filter(({ studyId }) => pacing.tells(studyId, now))
    .map(({ pending, studyId }) =>
      JSON.stringify({
        organisationId: pending.organisationId,
        studyId,
        studyInstanceUid: pending.identity.studyInstanceUid,
      }),
    )
  return {
    ctes: (first) =>
      `announced as (select pg_notify('study_changed', payload) from unnest($${first}::text[]) as p(payload))`,
    params: [payloads],
    read: 'announced',
  }
}

/** One event per sender, study and door. */
function transfers(instances: readonly NewInstance[]): Audited[] {
  const groups = new Map<string, { sender: Principal; first: NewInstance; count: number }>()
  for (const one of instances) {
    const { sender, source } = one.pending
    if (sender === undefined) continue
    const who = sender.kind === 'user' ? `${sender.userId} ${sender.address ?? ''}` : sender.reason
    const key = `${one.studyId} ${source} ${who}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { sender, first: one, count: 1 })
    else group.count += 1
  }
  return [...groups.values()].map(({ sender, first, count }) => ({
    principal: sender,
    entry: {
      event: 'instances-transferred',
      outcome: 'success',
      studyId: first.studyId,
      studyInstanceUid: first.pending.identity.studyInstanceUid,
      detail: { action: 'stored', count, source: first.pending.source },
    },
  }))
}

const studyKey = (one: PendingInstance): string => `${one.organisationId} ${one.identity.studyInstanceUid}`
const seriesKey = (studyId: string, one: PendingInstance): string =>
  `${studyId} ${one.identity.seriesInstanceUid}`

function groupBy<Item>(list: readonly Item[], keyOf: (item: Item) => string): Map<string, [Item, ...Item[]]> {
  const groups = new Map<string, [Item, ...Item[]]>()
  for (const item of list) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function rowOf<Row>(rows: ReadonlyMap<string, Row>, key: string): Row {
  const row = rows.get(key)
  if (row === undefined) throw new Error('a row that was just written is not there')
  return row
}
