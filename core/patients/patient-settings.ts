import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { IssuedSlips, PatientSettings } from '../contract/patient.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'

const MOST_LISTED = 500

/** What patients of the organisation are told. */
export async function patientSettings(database: Queryable, organisationId: string): Promise<PatientSettings> {
  const [row] = await database.query<{ patients_see_names: boolean }>(
    'select patients_see_names from organisation where organisation_id = $1',
    [organisationId],
  )
  return { namesShown: row?.patients_see_names ?? false }
}

export async function changePatientSettings(
  pacs: Pacs,
  principal: Principal,
  { namesShown }: PatientSettings,
): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    await tx.query('update organisation set patients_see_names = $2 where organisation_id = $1', [
      principal.organisationId,
      namesShown,
    ])
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'patient-settings', namesShown },
    })
  })
  await publishRegistry(pacs)
}

/** Slips of the organisation that have not expired, the last first. */
export async function listSlips(
  pacs: Pick<Pacs, 'database'>,
  organisationId: string,
): Promise<IssuedSlips['slips']> {
  const rows = await pacs.database.query<{
    user_id: string
    display_name: string
    patient_id: string
    issued_at: Date
    expires_at: Date
    opened_at: Date | null
    locked: boolean
  }>(
    `select sl.user_id, u.display_name, pa.patient_id, sl.issued_at, sl.expires_at, sl.opened_at,
       coalesce(sl.guess_after > now(), false) as locked
     from patient_slip sl join patient_account pa using (user_id) join app_user u using (user_id)
     where sl.organisation_id = $1 and sl.expires_at > now() order by sl.issued_at desc limit ${MOST_LISTED}`,
    [organisationId],
  )
  return rows.map((row) => ({
    userId: row.user_id,
    patientName: row.display_name,
    patientId: row.patient_id,
    issuedAt: row.issued_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    openedAt: row.opened_at?.toISOString() ?? null,
    locked: row.locked,
  }))
}
