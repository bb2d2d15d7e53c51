import type { Principal } from '../access/principal.ts'
import type { Queryable } from '../ports/database.ts'
import { together, type StatementPart } from '../ports/statement-part.ts'
import type { AuditEventName } from './audit-events.ts'

export interface AuditEntry {
  readonly event: AuditEventName
  readonly outcome: 'success' | 'denied' | 'failure'
  readonly studyId?: string | undefined
  readonly studyInstanceUid?: string | undefined
  /** Ids, counts and codes: never a name, a birth date or a search term. */
  readonly detail?: Readonly<Record<string, string | number | boolean>> | undefined
}

/** A deed and who did it. */
export interface Audited {
  readonly principal: Principal
  readonly entry: AuditEntry
}

/** Appends one row. Give the transaction of what it records, so that neither exists without the other. */
export async function recordAudit(
  database: Queryable,
  principal: Principal,
  entry: AuditEntry,
): Promise<void> {
  const { text, params } = together([recordedAudit([{ principal, entry }])])
  await database.query(text, params, { name: 'record-audit' })
}

/** Appends rows, as a part of the statement that does what they record. */
export const recordedAudit = (audited: readonly Audited[]): StatementPart => ({
  ctes: (first) => `recorded as (
     insert into audit_event (organisation_id, event, outcome, user_id, address, study_id, study_instance_uid, detail)
     select organisation_id, event, outcome, user_id, address, study_id, study_instance_uid, detail
     from jsonb_to_recordset($${first}::jsonb) as r(organisation_id uuid, event text, outcome text, user_id uuid, address text,
       study_id uuid, study_instance_uid text, detail jsonb)
    )`,
  params: [JSON.stringify(audited.map(auditRow))],
})

const auditRow = ({ principal, entry }: Audited): object => ({
  organisation_id: auditOrganisation(principal),
  event: entry.event,
  outcome: entry.outcome,
  user_id: principal.kind === 'user' ? principal.userId : null,
  address: principal.kind === 'user' ? (principal.address ?? null) : null,
  ...auditedStudy(principal, entry),
  detail: {
    ...entry.detail,
    ...(principal.kind === 'user' && principal.share !== undefined ? { share: principal.share.shareId } : {}),
    ...(principal.kind === 'system' ? { actor: principal.reason } : {}),
  },
})

/** Whose record it belongs to: the guest of a copy is in the record of whoever shared it. */
const auditOrganisation = (principal: Principal): string =>
  (principal.kind === 'user' ? principal.auditOrganisationId : undefined) ?? principal.organisationId

/** The study that it concerns; of a copy, the study that was copied. */
function auditedStudy(
  principal: Principal,
  { studyId, studyInstanceUid }: AuditEntry,
): { study_id: string | null; study_instance_uid: string | null } {
  const original = principal.kind === 'user' ? principal.share?.original : undefined
  if (original !== undefined && studyInstanceUid !== undefined)
    return { study_id: original.studyId, study_instance_uid: original.studyInstanceUid }
  return { study_id: studyId ?? null, study_instance_uid: studyInstanceUid ?? null }
}
