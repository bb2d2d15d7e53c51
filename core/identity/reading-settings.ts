import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import { readingSettingsKey, settingsPrefix } from '../archive/object-key.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { KeptReadingSettings } from '../contract/reading-settings.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'

type Person = Extract<Principal, { kind: 'user' }>
type Storing = Pick<Pacs, 'database' | 'objects'>

/** Of settings as JSON: hundreds of keys and presets fit, and no row grows without end. Bytes. */
const MOST_BYTES = 64 * 1024

/** What the object store keeps: enough to put the row back. */
const StoredSettings = KeptReadingSettings.extend({ userId: z.uuid() })

/** What this person changed of the reading room; version 0 when nothing. */
export async function readReadingSettings(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
): Promise<KeptReadingSettings> {
  const person = personOf(principal)
  const [row] = await pacs.database.query<{ version: number; settings: unknown }>(
    'select version, settings from reading_settings where organisation_id = $1 and user_id = $2',
    [person.organisationId, person.userId],
  )
  if (row === undefined) return { version: 0, settings: {} }
  const kept = KeptReadingSettings.safeParse(row)
  // A shape of a later version, after a step back: as the product has it, and the next change replaces it.
  return kept.success ? kept.data : { version: row.version, settings: {} }
}

/**
 * Keeps the settings in place of the version they name, tells the person's other windows, and returns the version they
 * have now. Durable when it resolves. Errors: 'conflict' code 'settings-changed' when another window was first: read, change
 * again, save again; 'invalid' code 'settings-too-large'.
 */
export async function saveReadingSettings(
  pacs: Storing,
  principal: Principal,
  { version: before, settings }: KeptReadingSettings,
): Promise<number> {
  const person = personOf(principal)
  const json = JSON.stringify(settings)
  if (Buffer.byteLength(json) > MOST_BYTES)
    throw new YunyingError('invalid', 'settings-too-large', 'These are more settings than can be kept.')
  return pacs.database.transaction(async (tx) => {
    const version = await writeRow(tx, person, before, json)
    await recordAudit(tx, person, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'reading-settings-changed', subject: person.userId },
    })
    await tx.query(`select pg_notify('settings_changed', $1)`, [
      JSON.stringify({ organisationId: person.organisationId, userId: person.userId, version }),
    ])
    // While the row is locked: the object of an earlier version never comes last.
    const bytes = Buffer.from(JSON.stringify({ userId: person.userId, version, settings }))
    const key = readingSettingsKey(person.organisationId, person.userId)
    await pacs.objects.put(key, Readable.from([bytes]), { size: bytes.length })
    return version
  })
}

async function writeRow(tx: Queryable, person: Person, before: number, json: string): Promise<number> {
  const rows = await tx.query<{ version: number }>(
    before === 0
      ? `insert into reading_settings (organisation_id, user_id, version, settings) values ($1, $2, $3::integer + 1, $4::jsonb)
         on conflict do nothing returning version`
      : `update reading_settings set version = version + 1, settings = $4::jsonb, changed_at = now()
         where organisation_id = $1 and user_id = $2 and version = $3 returning version`,
    [person.organisationId, person.userId, before, json],
  )
  if (rows[0] === undefined)
    throw new YunyingError('conflict', 'settings-changed', 'Another window changed the settings meanwhile.')
  return rows[0].version
}

/** Puts the settings of an organisation's people back, for those that are there. Returns how many. */
export async function restoreReadingSettings(pacs: Storing, organisationId: string): Promise<number> {
  let restored = 0
  for await (const { key } of pacs.objects.list(settingsPrefix(organisationId))) {
    const stored = StoredSettings.safeParse(
      JSON.parse(Buffer.from(await pacs.objects.read(key)).toString('utf8')),
    )
    if (!stored.success) continue
    const { userId, version, settings } = stored.data
    const rows = await pacs.database.query(
      `insert into reading_settings (organisation_id, user_id, version, settings)
       select organisation_id, user_id, $3, $4::jsonb from app_user where organisation_id = $1 and user_id = $2
       on conflict do nothing returning 1 as done`,
      [organisationId, userId, version, JSON.stringify(settings)],
    )
    restored += rows.length
  }
  return restored
}

function personOf(principal: Principal): Person {
  if (principal.kind === 'user') return principal
  throw new YunyingError('forbidden', 'not-a-person', 'Only a person has settings.')
}
