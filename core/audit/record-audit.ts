import type { Principal } from '../access/principal.ts'
import type { Queryable } from '../ports/database.ts'
import type { AuditEventName } from './audit-events.ts'

export interface AuditEntry {
  readonly event: AuditEventName
  readonly outcome: 'success' | 'denied' | 'failure'
  readonly studyId?: string | undefined
  readonly studyInstanceUid?: string | undefined
  /** Ids, counts and codes: never a name, a birth date or a search term. */
  readonly detail?: Readonly<Record<string, string | number | boolean>> | undefined
}

/** Appends one row. Give the transaction of what it records, so that neither exists without the other. */
export async function recordAudit(
  database: Queryable,
  principal: Principal,
  entry: AuditEntry,
): Promise<void> {
  await database.query(
    `insert into audit_event (organisation_id, event, outcome, user_id, address, study_id, study_instance_uid, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`,
    [
      principal.organisationId,
      entry.event,
      entry.outcome,
      principal.kind === 'user' ? principal.userId : null,
      principal.kind === 'user' ? (principal.address ?? null) : null,
      entry.studyId ?? null,
      entry.studyInstanceUid ?? null,
      JSON.stringify({
        ...entry.detail,
        ...(principal.kind === 'system' ? { actor: principal.reason } : {}),
      }),
    ],
    { name: 'record-audit' },
  )
}
