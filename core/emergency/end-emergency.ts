import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { ReviewEmergency } from '../contract/emergency.ts'
import { YunyingError, notFound } from '../errors.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { recordEnd } from './emergency-settings.ts'

type Person = Principal & { kind: 'user' }

/** Ends an access of one's own, before its time. Errors: 'not-found' code 'emergency-not-found': another's, or over. */
export async function endEmergency(pacs: Pacs, principal: Person, emergencyId: string): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    const [ended] = await tx.query<{ user_id: string }>(
      `update emergency_access set ended_at = now() where emergency_id::text = $1 and organisation_id = $2
         and user_id = $3 and ended_at is null and expires_at > now() returning user_id`,
      [emergencyId, principal.organisationId, principal.userId],
    )
    if (ended === undefined) throw noSuchEmergency()
    await recordEnd(tx, principal, emergencyId, ended.user_id)
  })
  await publishRegistry(pacs)
}

/**
 * A person closes it: justified or not. What still lasts ends with it, since nobody would look at what is read later.
 * Errors: 'not-found' code 'emergency-not-found'; 'forbidden' code 'emergency-own-review'; 'conflict' code 'emergency-reviewed'.
 */
export async function reviewEmergency(
  pacs: Pacs,
  principal: Person,
  emergencyId: string,
  { verdict, note }: ReviewEmergency,
): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    const emergency = await lockEmergency(tx, principal.organisationId, emergencyId)
    if (emergency.user_id === principal.userId)
      throw new YunyingError(
        'forbidden',
        'emergency-own-review',
        'Somebody else has to review what you opened.',
      )
    if (emergency.reviewed)
      throw new YunyingError('conflict', 'emergency-reviewed', 'This was reviewed already. Reload the list.')
    await tx.query(
      `update emergency_access set reviewed_at = now(), reviewed_by = $2, verdict = $3, review_note = $4,
         ended_at = case when $5 then now() else ended_at end where emergency_id = $1`,
      [emergencyId, principal.userId, verdict, note, emergency.lasts],
    )
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'emergency-reviewed', emergency: emergencyId, verdict },
    })
    if (emergency.lasts) await recordEnd(tx, principal, emergencyId, emergency.user_id)
    else
      await tx.query(`select pg_notify('emergency_changed', $1)`, [
        JSON.stringify({ organisationId: principal.organisationId, userId: emergency.user_id }),
      ])
  })
  await publishRegistry(pacs)
}

/** Records the end of every access whose time has passed since the last look. A regular task of the workers. */
export async function endExpiredEmergencies(pacs: Pick<Pacs, 'database'>): Promise<number> {
  return pacs.database.transaction(async (tx) => {
    const ended = await tx.query<{ emergency_id: string; user_id: string; organisation_id: string }>(
      `update emergency_access set ended_at = expires_at where ended_at is null and expires_at <= now()
       returning emergency_id, user_id, organisation_id`,
    )
    for (const { emergency_id, user_id, organisation_id } of ended)
      await recordEnd(
        tx,
        { kind: 'system', organisationId: organisation_id, reason: 'clock' },
        emergency_id,
        user_id,
      )
    return ended.length
  })
}

interface LockedEmergency {
  readonly user_id: string
  readonly lasts: boolean
  readonly reviewed: boolean
}

async function lockEmergency(
  tx: Queryable,
  organisationId: string,
  emergencyId: string,
): Promise<LockedEmergency> {
  const [row] = await tx.query<LockedEmergency>(
    `select user_id, ended_at is null and expires_at > now() as lasts, reviewed_at is not null as reviewed
     from emergency_access where emergency_id::text = $1 and organisation_id = $2 for update`,
    [emergencyId, organisationId],
  )
  if (row === undefined) throw noSuchEmergency()
  return row
}

const noSuchEmergency = () =>
  notFound('emergency-not-found', 'There is no such emergency access, or it has ended.')
