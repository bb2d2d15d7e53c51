import type { Principal } from '../access/principal.ts'
import type { OwnEmergency, ReviewedEmergency } from '../contract/emergency.ts'
import type { Pacs } from '../pacs.ts'

type Person = Principal & { kind: 'user' }

const MOST_LISTED = 200
const MOST_OPENED = 200

/** Name and number of the patient of `e`, as the last study says them. */
const PATIENT = `left join lateral (select patient_name from study s where s.organisation_id = e.organisation_id
    and s.patient_id = e.patient_id and s.issuer_of_patient_id = e.issuer_of_patient_id
    order by s.last_received_at desc limit 1) p on true`

interface OwnRow {
  readonly emergency_id: string
  readonly patient_name: OwnEmergency['patientName']
  readonly patient_id: string
  readonly reason_code: OwnEmergency['reasonCode']
  readonly reason: string
  readonly began_at: Date
  readonly expires_at: Date
}

interface OwnRowWithStudies extends OwnRow {
  readonly studies: OwnEmergency['studies']
}

/** What lasts of the person's own, the latest first, with what it opens. */
export async function ownEmergencies(
  pacs: Pick<Pacs, 'database'>,
  principal: Person,
): Promise<OwnEmergency[]> {
  const rows = await pacs.database.query<OwnRowWithStudies>(
    `select e.emergency_id, p.patient_name, e.patient_id, e.reason_code, e.reason, e.began_at, e.expires_at,
       coalesce((select jsonb_agg(jsonb_build_object('studyInstanceUid', s.study_instance_uid, 'studyDate', s.study_date,
           'studyDescription', s.study_description, 'modalities', s.modalities) order by s.study_date desc, s.study_time desc)
         from study s where s.organisation_id = e.organisation_id and s.patient_id = e.patient_id
           and s.issuer_of_patient_id = e.issuer_of_patient_id), '[]') as studies
     from emergency_access e ${PATIENT}
     where e.user_id = $1 and e.organisation_id = $2 and e.ended_at is null and e.expires_at > now()
     order by e.began_at desc`,
    [principal.userId, principal.organisationId],
  )
  return rows.map((row) => ({ ...presentOwn(row), studies: row.studies }))
}

const presentOwn = (row: OwnRow): Omit<OwnEmergency, 'studies'> => ({
  emergencyId: row.emergency_id,
  patientName: row.patient_name,
  patientId: row.patient_id,
  reasonCode: row.reason_code,
  reason: row.reason,
  beganAt: row.began_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
})

interface ReviewedRow extends OwnRow {
  readonly ended_at: Date | null
  readonly lasts: boolean
  readonly user_id: string
  readonly display_name: string
  readonly email: string
  readonly reviewed_at: Date | null
  readonly verdict: 'justified' | 'unjustified'
  readonly review_note: string
  readonly reviewer_id: string
  readonly reviewer_name: string
  readonly reviewer_email: string
  readonly opened: (Omit<ReviewedEmergency['opened'][number], 'at'> & { readonly at: string })[]
}

/**
 * What is recorded of studies of the patient, under the access or, where it says nothing of that (a study taken away), by
 * the person while it lasted.
 */
const OPENED = `select jsonb_agg(jsonb_build_object('at', a.occurred_at, 'event', a.event,
      'studyInstanceUid', a.study_instance_uid, 'studyDate', coalesce(a.study_date, ''),
      'studyDescription', coalesce(a.study_description, ''), 'modalities', coalesce(a.modalities, '{}')) order by a.occurred_at)
    from (select a.occurred_at, a.event, a.study_instance_uid, s.study_date, s.study_description, s.modalities
      from audit_event a left join study s on s.study_id = a.study_id and s.organisation_id = a.organisation_id
      where a.user_id = e.user_id and a.organisation_id = e.organisation_id and a.outcome = 'success'
        and a.occurred_at between e.began_at and coalesce(e.ended_at, e.expires_at) + interval '1 minute'
        and a.study_instance_uid is not null and (a.detail ->> 'emergency' = e.emergency_id::text
          or (a.event = 'export' and s.patient_id = e.patient_id and s.issuer_of_patient_id = e.issuer_of_patient_id))
      order by a.occurred_at limit ${MOST_OPENED}) a`

/** Emergency accesses of the organisation: those that wait for a review, the oldest first; or those that had one, the latest first. */
export async function listEmergencies(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  state: 'open' | 'closed',
): Promise<ReviewedEmergency[]> {
  const rows = await pacs.database.query<ReviewedRow>(
    `select e.*, e.ended_at is null and e.expires_at > now() as lasts, p.patient_name, u.display_name, u.email,
       r.user_id as reviewer_id, r.display_name as reviewer_name, r.email as reviewer_email,
       coalesce((${OPENED}), '[]') as opened
     from emergency_access e ${PATIENT} join app_user u on u.user_id = e.user_id
       left join app_user r on r.user_id = e.reviewed_by
     where e.organisation_id = $1 and (e.reviewed_at is null) = $2
     order by case when e.reviewed_at is null then e.began_at end, e.reviewed_at desc limit ${MOST_LISTED}`,
    [principal.organisationId, state === 'open'],
  )
  return rows.map((row) => ({
    ...presentOwn(row),
    person: { userId: row.user_id, displayName: row.display_name, email: row.email },
    endedAt: row.ended_at?.toISOString() ?? null,
    lasts: row.lasts,
    review:
      row.reviewed_at === null
        ? null
        : {
            person: {
              userId: row.reviewer_id,
              displayName: row.reviewer_name,
              email: row.reviewer_email,
            },
            at: row.reviewed_at.toISOString(),
            verdict: row.verdict,
            note: row.review_note,
          },
    opened: row.opened.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })),
  }))
}

/** How many wait for a review. */
export async function countWaiting(pacs: Pick<Pacs, 'database'>, principal: Principal): Promise<number> {
  const [row] = await pacs.database.query<{ waiting: number }>(
    'select count(*) as waiting from emergency_access where organisation_id = $1 and reviewed_at is null',
    [principal.organisationId],
  )
  return row?.waiting ?? 0
}
