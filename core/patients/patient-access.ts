import { accessScope, scopePredicate } from '../access/access-scope.ts'
import type { Principal } from '../access/principal.ts'
import type { PatientAccess, PatientLook } from '../contract/patient.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'
import { patientSettings } from './patient-settings.ts'
import { told, type Somebody } from './told.ts'

type Patient = Principal & { kind: 'user' }

const MOST_LOOKS = 1000

interface LookRow extends Somebody {
  readonly user_id: string
  readonly at: Date
  readonly event: string
  readonly purpose: string | null
  readonly emergency: string | null
  readonly study_instance_uid: string
}

/**
 * Who looked at the patient's studies, as the record says, the last first: once a day for a person, a study and a deed. What
 * was only fetched ahead was not looked at, and is not said; nor is what the patient did.
 */
export async function patientLooks(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  patient: Patient,
): Promise<PatientLook[]> {
  const params: SqlValue[] = [patient.organisationId, patient.userId]
  const own = scopePredicate(accessScope(patient, pacs.clock.now()), 's', params)
  const [{ namesShown }, rows] = await Promise.all([
    patientSettings(pacs.database, patient.organisationId),
    pacs.database.query<LookRow>(
      `select a.user_id, a.occurred_at as at, a.event, a.detail ->> 'purpose' as purpose, a.detail ->> 'emergency' as emergency,
         s.study_instance_uid, u.kind, u.roles, u.display_name
       from study s join audit_event a on a.study_id = s.study_id join app_user u on u.user_id = a.user_id
       where ${own} and a.organisation_id = $1 and a.user_id <> $2 and a.outcome = 'success'
         and a.event in ('instances-accessed', 'export') and coalesce(a.detail ->> 'purpose', '') <> 'prefetch'
       order by a.occurred_at desc limit ${MOST_LOOKS}`,
      params,
    ),
  ])
  const looks = new Map<string, PatientLook>()
  for (const row of rows) {
    const what = row.event === 'export' ? 'downloaded' : row.purpose === 'opening' ? 'opened' : 'seen'
    const at = row.at.toISOString()
    const key = [row.user_id, row.study_instance_uid, what, row.emergency, at.slice(0, 10)].join(' ')
    if (looks.has(key)) continue
    looks.set(key, {
      at,
      who: told(row, namesShown),
      what,
      studyInstanceUid: row.study_instance_uid,
      emergency: row.emergency !== null,
    })
  }
  return [...looks.values()]
}

interface LinkRow {
  readonly share_id: string
  readonly study_instance_uid: string
  readonly recipient_name: string
  readonly mine: boolean
  readonly created_at: Date
  readonly expires_at: Date
  readonly opens: number
  readonly last_opened_at: Date | null
}

/** To whom one of the patient's studies was given by itself: people of the organisation, and links. */
export async function patientAccess(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  patient: Patient,
): Promise<PatientAccess> {
  const scope = accessScope(patient, pacs.clock.now())
  const ofGrants: SqlValue[] = []
  const ofLinks: SqlValue[] = [patient.userId]
  const [{ namesShown }, grants, links] = await Promise.all([
    patientSettings(pacs.database, patient.organisationId),
    pacs.database.query<Somebody & { study_instance_uid: string; expires_at: Date | null }>(
      `select s.study_instance_uid, g.expires_at, u.kind, u.roles, u.display_name
       from study s join study_grant g using (study_id) join app_user u using (user_id)
       where ${scopePredicate(scope, 's', ofGrants)} and u.kind = 'person' and u.disabled_at is null
         and (g.expires_at is null or g.expires_at > now()) order by g.granted_at desc limit 500`,
      ofGrants,
    ),
    pacs.database.query<LinkRow>(
      `select l.share_id, s.study_instance_uid, u.display_name as recipient_name, coalesce(l.created_by = $1, false) as mine,
         l.created_at, l.expires_at, l.opens,
         (select max(opened_at) from share_opening o where o.share_id = l.share_id) as last_opened_at
       from study s join share_link l using (study_id) join app_user u on u.user_id = l.guest_id
       where ${scopePredicate(scope, 's', ofLinks)} and l.revoked_at is null and l.expires_at > now()
       order by l.created_at desc limit 500`,
      ofLinks,
    ),
  ])
  return {
    grants: grants.map((grant) => ({
      who: told(grant, namesShown),
      studyInstanceUid: grant.study_instance_uid,
      expiresAt: grant.expires_at?.toISOString() ?? null,
    })),
    links: links.map((link) => ({
      shareId: link.share_id,
      studyInstanceUid: link.study_instance_uid,
      recipientName: link.recipient_name,
      mine: link.mine,
      createdAt: link.created_at.toISOString(),
      expiresAt: link.expires_at.toISOString(),
      opens: link.opens,
      lastOpenedAt: link.last_opened_at?.toISOString() ?? null,
    })),
  }
}
