import { readsEverything, principalCan } from '../access/policy.ts'
import type { Principal } from '../access/principal.ts'
import type { Queryable } from '../ports/database.ts'

/** The emergency access under which somebody reads a study, if they do. */
export async function emergencyOverStudy(
  database: Queryable,
  principal: Principal,
  studyId: string,
): Promise<string | undefined> {
  if (principal.kind !== 'user' || !principalCan(principal, 'study.read.emergency')) return undefined
  if (readsEverything(principal)) return undefined
  const [row] = await database.query<{ emergency_id: string }>(
    `select e.emergency_id from emergency_access e join study s on s.organisation_id = e.organisation_id
       and s.patient_id = e.patient_id and s.issuer_of_patient_id = e.issuer_of_patient_id
     where e.user_id = $1 and s.study_id = $2 and e.ended_at is null and e.expires_at > now()
     order by e.began_at desc limit 1`,
    [principal.userId, studyId],
    { name: 'emergency-over-study' },
  )
  return row?.emergency_id
}
