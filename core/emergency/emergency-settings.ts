import { recordAudit } from '../audit/record-audit.ts'
import type { Principal } from '../access/principal.ts'
import type { EmergencySettings } from '../contract/emergency.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'

/** What the organisation says of emergency access: whether, and for how many minutes. */
export async function emergencySettings(
  database: Queryable,
  organisationId: string,
): Promise<EmergencySettings> {
  const [row] = await database.query<EmergencySettings>(
    'select emergency_enabled as enabled, emergency_minutes as minutes from organisation where organisation_id = $1',
    [organisationId],
  )
  return row ?? { enabled: false, minutes: 0 }
}

/** Changes it. What lasts is not shortened by other minutes; switched off, it ends. */
export async function changeEmergencySettings(
  pacs: Pacs,
  principal: Principal,
  { enabled, minutes }: EmergencySettings,
): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      'update organisation set emergency_enabled = $2, emergency_minutes = $3 where organisation_id = $1',
      [principal.organisationId, enabled, minutes],
    )
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'emergency-settings', enabled, minutes },
    })
    if (!enabled) await endAll(tx, principal)
  })
  await publishRegistry(pacs)
}

async function endAll(tx: Queryable, principal: Principal): Promise<void> {
  const ended = await tx.query<{ emergency_id: string; user_id: string }>(
    `update emergency_access set ended_at = now() where organisation_id = $1 and ended_at is null and expires_at > now()
     returning emergency_id, user_id`,
    [principal.organisationId],
  )
  for (const { emergency_id, user_id } of ended) await recordEnd(tx, principal, emergency_id, user_id)
}

/** Records that an access is over, and tells who it concerns. */
export async function recordEnd(
  tx: Queryable,
  principal: Principal,
  emergencyId: string,
  userId: string,
): Promise<void> {
  await recordAudit(tx, principal, {
    event: 'security-alert',
    outcome: 'success',
    detail: { change: 'emergency-stopped', emergency: emergencyId, subject: userId },
  })
  await tellEmergency(tx, principal.organisationId, userId)
}

/** Whoever reviews, and whose access it is, hear that something changed; every process forgets what the person may read. */
export async function tellEmergency(tx: Queryable, organisationId: string, userId: string): Promise<void> {
  await tx.query(`select pg_notify('access_changed', $1)`, [userId])
  await tx.query(`select pg_notify('emergency_changed', $1)`, [JSON.stringify({ organisationId, userId })])
}
