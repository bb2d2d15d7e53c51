import { randomUUID } from 'node:crypto'
import { accessScope, scopePredicate } from '../access/access-scope.ts'
import type { Principal } from '../access/principal.ts'
import { studyNotFound, type ReadableStudy } from '../access/require-study.ts'
import { isUuid } from '../archive/instance-id.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { PlaceHold, StudyHold } from '../contract/retention.ts'
import { notFound, YunyingError } from '../errors.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable, SqlValue } from '../ports/database.ts'

/**
 * Until the transaction ends, nothing else of the organisation is held or removed: a hold that was acknowledged comes before
 * the removal, or finds nothing to hold.
 */
export async function lockRetention(tx: Queryable, organisationId: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('retention ' || $1))`, [organisationId])
}

/**
 * Keeps a study, or all of its patient, whatever any rule says. Errors: 'not-found' code 'study-not-found' when it was just
 * removed; 'conflict' code 'patient-without-number'.
 */
export async function placeHold(
  pacs: Pacs,
  principal: Principal,
  study: ReadableStudy,
  { holds, reason, until }: PlaceHold,
): Promise<void> {
  const holdId = randomUUID()
  await pacs.database.transaction(async (tx) => {
    await lockRetention(tx, principal.organisationId)
    const [found] = await tx.query<{ patient_id: string; issuer_of_patient_id: string }>(
      'select patient_id, issuer_of_patient_id from study where study_id = $1',
      [study.studyId],
    )
    if (found === undefined) throw studyNotFound()
    if (holds === 'patient' && found.patient_id === '')
      throw new YunyingError(
        'conflict',
        'patient-without-number',
        'The study names no number of its patient. Hold the study itself.',
      )
    const held =
      holds === 'study'
        ? ([study.studyInstanceUid, null, ''] as const)
        : ([null, found.patient_id, found.issuer_of_patient_id] as const)
    await tx.query(
      `insert into study_hold (hold_id, organisation_id, study_instance_uid, patient_id, issuer_of_patient_id, reason, placed_by,
         until) values ($1, $2, $3, $4, $5, $6, $7, $8::date)`,
      [
        ...[holdId, principal.organisationId, ...held],
        ...[reason, principal.kind === 'user' ? principal.userId : null, until],
      ],
    )
    // It is listed anew, with all its days, when nothing holds it any more.
    await tx.query(
      `delete from retention_due d using study s where s.study_id = d.study_id and s.organisation_id = $1
         and (s.study_instance_uid = $2 or (s.patient_id = $3 and s.issuer_of_patient_id = $4))`,
      [principal.organisationId, ...held],
    )
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      studyId: study.studyId,
      studyInstanceUid: study.studyInstanceUid,
      detail: { change: `${holds}-held`, hold: holdId, until: until ?? 'lifted' },
    })
  })
  await publishRegistry(pacs)
}

/** What it kept is judged by the rules again. Errors: 'not-found' code 'hold-not-found'. */
export async function liftHold(pacs: Pacs, principal: Principal, holdId: string): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    const [hold] = isUuid(holdId)
      ? await tx.query<{ study_instance_uid: string | null }>(
          `update study_hold set lifted_at = now(), lifted_by = $3
           where hold_id = $1 and organisation_id = $2 and lifted_at is null returning study_instance_uid`,
          [holdId, principal.organisationId, principal.kind === 'user' ? principal.userId : null],
        )
      : []
    if (hold === undefined)
      throw notFound('hold-not-found', 'This hold is not there any more. Reload the page.')
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      studyInstanceUid: hold.study_instance_uid ?? undefined,
      detail: { change: 'hold-lifted', hold: holdId },
    })
  })
  await publishRegistry(pacs)
}

interface HoldRow {
  readonly hold_id: string
  readonly study_instance_uid: string | null
  readonly patient_id: string | null
  readonly issuer_of_patient_id: string
  readonly patient_name: StudyHold['patientName']
  readonly study_date: string | null
  readonly study_description: string | null
  readonly studies: number
  readonly reason: string
  readonly placed_by: string | null
  readonly placed_at: Date
  readonly until: string | null
}

/** Holds that were not lifted, the last first. */
export async function listHolds(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  principal: Principal,
): Promise<StudyHold[]> {
  const params: SqlValue[] = [principal.organisationId]
  const mayRead = scopePredicate(accessScope(principal, pacs.clock.now()), 's', params)
  const rows = await pacs.database.query<HoldRow>(
    `select h.hold_id, h.study_instance_uid, h.patient_id, h.issuer_of_patient_id, h.reason, h.placed_at,
       to_char(h.until, 'YYYY-MM-DD') as until, coalesce(nullif(u.display_name, ''), u.email) as placed_by,
       seen.patient_name, seen.study_date, seen.study_description,
       (select count(*) from study c where c.organisation_id = h.organisation_id and (c.study_instance_uid = h.study_instance_uid
          or (c.patient_id = h.patient_id and c.issuer_of_patient_id = h.issuer_of_patient_id))) as studies
     from study_hold h left join app_user u on u.user_id = h.placed_by
       left join lateral (select s.patient_name, s.study_date, s.study_description from study s
         where s.organisation_id = h.organisation_id and (s.study_instance_uid = h.study_instance_uid
           or (s.patient_id = h.patient_id and s.issuer_of_patient_id = h.issuer_of_patient_id)) and ${mayRead}
         order by s.last_received_at desc limit 1) seen on true
     where h.organisation_id = $1 and h.lifted_at is null order by h.placed_at desc limit 500`,
    params,
  )
  return rows.map((row) => ({
    holdId: row.hold_id,
    studyInstanceUid: row.study_instance_uid,
    patientId: row.patient_id,
    issuerOfPatientId: row.issuer_of_patient_id,
    patientName: row.patient_name,
    studyDate: row.study_date ?? '',
    studyDescription: row.study_description ?? '',
    studies: row.studies,
    reason: row.reason,
    placedBy: row.placed_by ?? '',
    placedAt: row.placed_at.toISOString(),
    until: row.until,
  }))
}
