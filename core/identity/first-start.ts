import { randomUUID } from 'node:crypto'
import { ROLES } from '../access/principal.ts'
import type { Pacs } from '../pacs.ts'
import { hashPassword } from './password.ts'
import { restoreRegistry } from './registry.ts'
import { newOneTimePassword } from './secret-token.ts'
import { insertUser } from './user-table.ts'

/** What the first start made: shown once on the console. `oneTimePassword` is absent when the environment gave a password. */
export interface FirstStart {
  readonly email: string
  readonly oneTimePassword?: string
}

/**
 * Makes the default organisation and its first administrator where there is none. A new database over an object store
 * that has a registry gets its people back instead. Undefined when there was nothing to do. The caller shows what was
 * made before anything else can fail, and then publishes the registry.
 */
export async function ensureFirstStart(pacs: Pacs): Promise<FirstStart | undefined> {
  return pacs.database.withLock('first-start', () => firstStart(pacs))
}

async function firstStart(pacs: Pacs): Promise<FirstStart | undefined> {
  const organisations = await pacs.database.query('select 1 from organisation limit 1')
  if (organisations.length > 0) return undefined
  if (await restoreRegistry(pacs)) {
    pacs.log.warn(
      {},
      'the database was empty: people were restored from the object store; run `reindex` for the studies',
    )
    return undefined
  }
  const given = pacs.config.adminPassword
  const password = given ?? newOneTimePassword()
  const passwordHash = await hashPassword(password)
  await pacs.database.transaction(async (tx) => {
    const organisationId = randomUUID()
    await tx.query('insert into organisation (organisation_id, name, ae_title) values ($1, $2, $3)', [
      organisationId,
      'Yunying',
      pacs.config.aeTitle,
    ])
    await insertUser(tx, {
      organisationId,
      email: pacs.config.adminEmail,
      displayName: 'Administrator',
      roles: ROLES,
      passwordHash,
      mustChangePassword: given === undefined,
    })
  })
  return given === undefined
    ? { email: pacs.config.adminEmail, oneTimePassword: password }
    : { email: pacs.config.adminEmail }
}
