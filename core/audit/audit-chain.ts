import { createHash } from 'node:crypto'

/** One event as its chain hashes it: every column as text, so that the same row gives the same hash for ever. */
export interface ChainedEvent {
  readonly audit_event_id: number
  readonly organisation_id: string
  /** UTC, microseconds: `2026-01-02T03:04:05.000006Z`. */
  readonly occurred: string
  readonly event: string
  readonly outcome: string
  readonly user_id: string | null
  readonly address: string | null
  readonly study_id: string | null
  readonly study_instance_uid: string | null
  /** jsonb as PostgreSQL writes it, which is one text for one value. */
  readonly detail: string
}

/** The columns of ChainedEvent, of `audit_event e`. */
export const CHAINED_COLUMNS = `e.audit_event_id, e.organisation_id,
  to_char(e.occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred,
  e.event, e.outcome, e.user_id, e.address, e.study_id, e.study_instance_uid, e.detail::text as detail`

/** What comes before the first link. */
export const NO_HASH = Buffer.alloc(32)

/** SHA-256 of the hash before (32 bytes), the place and the event. */
export function linkHash(before: Uint8Array, seq: number, event: ChainedEvent): Buffer {
  const text = JSON.stringify([
    seq,
    event.audit_event_id,
    event.organisation_id,
    event.occurred,
    event.event,
    event.outcome,
    event.user_id,
    event.address,
    event.study_id,
    event.study_instance_uid,
    event.detail,
  ])
  return createHash('sha256').update(before).update(text, 'utf8').digest()
}
