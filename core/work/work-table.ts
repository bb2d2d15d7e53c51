import type { z } from 'zod'
import type { FailedWork } from '../contract/api.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import type { JobKind } from './job-kind.ts'
import { notifyWork, type WorkRequest } from './request-work.ts'

export interface WorkCounts {
  readonly pending: number
  readonly running: number
  readonly failed: number
}

/** How much work waits, runs and failed; of one organisation where named. */
export async function workCounts(database: Queryable, organisationId?: string): Promise<WorkCounts> {
  const [row] = await database.query<WorkCounts>(
    `select count(*) filter (where state = 'pending') as pending, count(*) filter (where state = 'running') as running,
       count(*) filter (where state = 'failed') as failed
     from work_item where $1::uuid is null or organisation_id = $1`,
    [organisationId ?? null],
  )
  return row ?? { pending: 0, running: 0, failed: 0 }
}

/** Renditions that wait for their time are due at once. */
export async function hastenRenditions(database: Queryable): Promise<void> {
  await database.query(
    `update work_item set not_before = now()
     where kind = 'make-renditions' and state = 'pending' and attempts = 0 and not_before > now()`,
  )
}

/** Work that was tried in vain, newest first: failed for good, or waiting for its next attempt. At most 500. */
export async function listFailedWork(
  database: Queryable,
  organisationId: string,
): Promise<z.infer<typeof FailedWork>[]> {
  const rows = await database.query<{
    kind: string
    key: string
    state: string
    attempts: number
    requested_at: Date
    error_code: string
    error_message: string | null
    study_instance_uid: string | null
    series_instance_uid: string | null
  }>(
    `select w.kind, w.key, w.state, w.attempts, w.requested_at, w.error_code, w.error_message,
       coalesce(st.study_instance_uid, own.study_instance_uid) as study_instance_uid, se.series_instance_uid
     from work_item w
     left join series se on se.series_id = w.key
     left join study st on st.study_id = w.key
     left join study own on own.study_id = se.study_id
     where w.organisation_id = $1 and w.error_code is not null
     order by w.requested_at desc limit 500`,
    [organisationId],
  )
  return rows.map((row) => ({
    kind: row.kind,
    key: row.key,
    state: row.state,
    attempts: row.attempts,
    requestedAt: row.requested_at.toISOString(),
    errorCode: row.error_code,
    errorMessage: row.error_message,
    studyInstanceUid: row.study_instance_uid,
    seriesInstanceUid: row.series_instance_uid,
  }))
}

/** Starts failed work again: one piece, or all of the organisation's. Returns how many. */
export async function retryWork(
  pacs: Pick<Pacs, 'database' | 'queue'>,
  organisationId: string,
  which: { kind?: string | undefined; key?: string | undefined },
): Promise<number> {
  const rows = await pacs.database.query<{ kind: JobKind; key: string }>(
    `update work_item set state = 'pending', attempts = 0, not_before = now(), requested = requested + 1
     where organisation_id = $1 and error_code is not null and state <> 'running'
       and ($2::text is null or kind = $2) and ($3::text is null or key::text = $3)
     returning kind, key`,
    [organisationId, which.kind ?? null, which.key ?? null],
  )
  await notifyWork(
    pacs.queue,
    rows.map((row): WorkRequest => ({ kind: row.kind, key: row.key, organisationId })),
  )
  return rows.length
}
