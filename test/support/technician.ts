import type { Principal } from '../../core/access/principal.ts'
import type { TestApp } from './test-app.ts'

/** A new technician of the first organisation, who may store instances. */
export async function technicianOf(app: TestApp): Promise<Principal> {
  const { userId } = await app.user(['technician'])
  const [user] = await app.pacs.database.query<{ organisation_id: string }>(
    'select organisation_id from app_user limit 1',
  )
  return { kind: 'user', userId, organisationId: user?.organisation_id ?? '', roles: ['technician'] }
}
