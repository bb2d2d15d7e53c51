import { randomBytes } from 'node:crypto'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError, invalid } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { publishRegistry } from './registry.ts'
import { openSecret, sealSecret } from './sealed-secret.ts'
import { hashSecretToken, newOneTimePassword } from './secret-token.ts'
import { needsSecondFactor, readSignInSettings } from './sign-in-settings.ts'
import { base32, otpauthUri, stepOfCode } from './totp.ts'
import type { UserRow } from './user-table.ts'

const SECRET_BYTES = 20
const RECOVERY_CODES = 10

/** What somebody can show beside a password. */
export interface SecondFactors {
  /** Codes of an authenticator are set up. */
  readonly codes: boolean
  readonly codesSince: Date | null
  readonly recoveryCodesLeft: number
  readonly passkeys: number
}

export async function secondFactorsOf(database: Queryable, userId: string): Promise<SecondFactors> {
  const [row] = await database.query<{ since: Date | null; recovery: number; passkeys: number }>(
    `select (select confirmed_at from one_time_codes where user_id = $1) as since,
       (select count(*)::integer from recovery_code where user_id = $1 and used_at is null) as recovery,
       (select count(*)::integer from passkey where user_id = $1) as passkeys`,
    [userId],
  )
  const since = row?.since ?? null
  return {
    codes: since !== null,
    codesSince: since,
    recoveryCodesLeft: row?.recovery ?? 0,
    passkeys: row?.passkeys ?? 0,
  }
}

/** A new secret for an authenticator, which counts once a code of it was confirmed. Errors: 'conflict' code 'codes-exist'. */
export async function beginCodes(pacs: Pacs, user: UserRow): Promise<{ secret: string; uri: string }> {
  const secret = randomBytes(SECRET_BYTES)
  const sealed = await sealSecret(pacs, user.user_id, secret)
  const rows = await pacs.database.query(
    `insert into one_time_codes (user_id, organisation_id, secret) values ($1, $2, $3)
     on conflict (user_id) do update set secret = excluded.secret, last_step = 0
       where one_time_codes.confirmed_at is null
     returning 1`,
    [user.user_id, user.organisation_id, sealed],
  )
  if (rows.length === 0)
    throw new YunyingError('conflict', 'codes-exist', 'Codes are set up already. Remove them first.')
  return { secret: base32(secret), uri: otpauthUri(secret, user.email, 'Yunying') }
}

/**
 * Sets the codes up, ends the other sessions, and answers recovery codes, which are shown once. The session it is done in has
 * shown the second factor from now on. Errors: 'invalid' code 'code-wrong'.
 */
export async function confirmCodes(
  pacs: Pacs,
  principal: Principal,
  user: UserRow,
  { code, sessionToken }: { code: string; sessionToken: string },
): Promise<string[]> {
  if ((await takeCode(pacs, user, code, { confirmed: false })) === undefined)
    throw invalid('code-wrong', 'The code is not right. Wait for the next one and type that.')
  const codes = await pacs.database.transaction(async (tx) => {
    await tx.query('update one_time_codes set confirmed_at = now() where user_id = $1', [user.user_id])
    const hash = hashSecretToken(sessionToken)
    await tx.query('delete from session where user_id = $1 and token_hash <> $2', [user.user_id, hash])
    await tx.query(
      `update session set method = 'password+code', authenticated_at = now() where token_hash = $1`,
      [hash],
    )
    await auditChange(tx, principal, 'codes-added', user)
    return drawRecoveryCodes(tx, user)
  })
  await publishRegistry(pacs)
  return codes
}

/** New recovery codes in place of those there were. */
export async function renewRecoveryCodes(pacs: Pacs, principal: Principal, user: UserRow): Promise<string[]> {
  const codes = await pacs.database.transaction(async (tx) => {
    const confirmed = await tx.query(
      'select 1 from one_time_codes where user_id = $1 and confirmed_at is not null',
      [user.user_id],
    )
    if (confirmed.length === 0) throw invalid('codes-absent', 'Set up codes of an authenticator first.')
    await auditChange(tx, principal, 'recovery-codes-renewed', user)
    return drawRecoveryCodes(tx, user)
  })
  await publishRegistry(pacs)
  return codes
}

/** Takes codes and recovery codes away. Errors: 'conflict' code 'last-factor'. */
export async function removeCodes(pacs: Pacs, principal: Principal, user: UserRow): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    for (const table of ['one_time_codes', 'recovery_code'])
      await tx.query(`delete from ${table} where user_id = $1`, [user.user_id])
    await requireFactorLeft(tx, user)
    await auditChange(tx, principal, 'codes-removed', user)
  })
  await publishRegistry(pacs)
}

/** Somebody lost what they had: takes all of it away, and ends their sessions. Where a role needs one, they set a new one up. */
export async function resetSecondFactors(pacs: Pacs, principal: Principal, user: UserRow): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    for (const table of ['one_time_codes', 'recovery_code', 'passkey', 'session'])
      await tx.query(`delete from ${table} where user_id = $1`, [user.user_id])
    await auditChange(tx, principal, 'second-factor-reset', user)
  })
  await publishRegistry(pacs)
}

/** Whoever's role needs a second factor keeps one. Errors: 'conflict' code 'last-factor'. */
export async function requireFactorLeft(tx: Queryable, user: UserRow): Promise<void> {
  const { codes, passkeys } = await secondFactorsOf(tx, user.user_id)
  const settings = await readSignInSettings(tx, user.organisation_id)
  if (!codes && passkeys === 0 && needsSecondFactor(settings, user.roles))
    throw new YunyingError(
      'conflict',
      'last-factor',
      'Your role needs a second factor, and this is your last one. Add another first.',
    )
}

/**
 * Takes a code of the authenticator or a recovery code, each once. Undefined when it is neither.
 */
export async function takeSecondFactor(
  pacs: Pacs,
  user: UserRow,
  code: string,
): Promise<'code' | 'recovery-code' | undefined> {
  if ((await takeCode(pacs, user, code, { confirmed: true })) !== undefined) return 'code'
  const used = await pacs.database.query(
    'update recovery_code set used_at = now() where user_id = $1 and code_hash = $2 and used_at is null returning 1',
    [user.user_id, recoveryHash(user, code)],
  )
  if (used.length === 0) return undefined
  await publishRegistry(pacs)
  return 'recovery-code'
}

async function takeCode(
  pacs: Pacs,
  user: UserRow,
  code: string,
  { confirmed }: { confirmed: boolean },
): Promise<number | undefined> {
  const [row] = await pacs.database.query<{ secret: Buffer }>(
    'select secret from one_time_codes where user_id = $1 and (confirmed_at is not null) = $2',
    [user.user_id, confirmed],
  )
  if (row === undefined) return undefined
  const secret = await openSecret(pacs, user.user_id, row.secret)
  const step = stepOfCode(secret, code, pacs.clock.now())
  if (step === undefined) return undefined
  // RFC 6238, 5.2: a code that was taken is not taken again, and two at once are one.
  const taken = await pacs.database.query(
    'update one_time_codes set last_step = $2 where user_id = $1 and last_step < $2 returning 1',
    [user.user_id, step],
  )
  return taken.length === 0 ? undefined : step
}

async function drawRecoveryCodes(tx: Queryable, user: UserRow): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newOneTimePassword)
  await tx.query('delete from recovery_code where user_id = $1', [user.user_id])
  await tx.query(
    `insert into recovery_code (code_hash, user_id, organisation_id) select unnest($1::bytea[]), $2, $3`,
    [codes.map((code) => recoveryHash(user, code)), user.user_id, user.organisation_id],
  )
  return codes
}

/** 79 bits: no salt is needed, and the account keeps two people's apart. Written with or without its dashes. */
const recoveryHash = (user: UserRow, code: string): Buffer =>
  hashSecretToken(`${user.user_id}|${code.toLowerCase().replace(/[^a-z0-9]/g, '')}`)

async function auditChange(
  tx: Queryable,
  principal: Principal,
  change: string,
  user: UserRow,
): Promise<void> {
  await recordAudit(tx, principal, {
    event: 'configuration-changed',
    outcome: 'success',
    detail: { change, subject: user.user_id },
  })
  await tx.query(`select pg_notify('access_changed', $1)`, [user.user_id])
}
