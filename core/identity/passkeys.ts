import { randomUUID } from 'node:crypto'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError, invalid, notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { beginCeremony, endCeremony } from './ceremony.ts'
import { publishRegistry } from './registry.ts'
import { hashSecretToken } from './secret-token.ts'
import { requireFactorLeft } from './second-factor.ts'
import type { UserRow } from './user-table.ts'

const CEREMONY_SECONDS = 300

/** What was begun: its options for the browser, and the token that ends it. */
export interface Begun<Options> {
  readonly ceremony: string
  readonly options: Options
}

export interface PasskeyRow {
  readonly passkey_id: string
  readonly name: string
  readonly backed_up: boolean
  readonly created_at: Date
  readonly last_used_at: Date | null
}

export async function listPasskeys(database: Queryable, userId: string): Promise<PasskeyRow[]> {
  return database.query<PasskeyRow>(
    `select passkey_id, name, backed_up, created_at, last_used_at from passkey where user_id = $1 order by created_at`,
    [userId],
  )
}

/** Begins a new passkey of this person for the site at `origin`: discoverable, and unlocked by them (PIN, finger, face). */
export async function beginPasskey(
  pacs: Pacs,
  user: UserRow,
  origin: string,
): Promise<Begun<PublicKeyCredentialCreationOptionsJSON>> {
  const known = await pacs.database.query<{ credential_id: string; transports: string[] }>(
    'select credential_id, transports from passkey where user_id = $1',
    [user.user_id],
  )
  const options = await generateRegistrationOptions({
    rpName: 'Yunying',
    rpID: new URL(origin).hostname,
    userName: user.email,
    userDisplayName: user.display_name || user.email,
    userID: new TextEncoder().encode(user.user_id),
    attestationType: 'none',
    excludeCredentials: known.map(({ credential_id, transports }) => ({ id: credential_id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  const ceremony = await beginCeremony(pacs.database, {
    kind: 'passkey-registration',
    userId: user.user_id,
    state: { challenge: options.challenge, origin: new URL(origin).origin },
    seconds: CEREMONY_SECONDS,
  })
  return { ceremony, options }
}

/**
 * Keeps the new passkey; the session has shown it from now on. Errors: 'invalid' code 'passkey-failed'; 'conflict' code
 * 'sign-in-over' when it took too long.
 */
export async function addPasskey(
  pacs: Pacs,
  principal: Principal,
  user: UserRow,
  input: { ceremony: string; response: unknown; name: string; sessionToken: string },
): Promise<void> {
  const begun = await endCeremony<Challenge>(pacs.database, 'passkey-registration', input.ceremony)
  if (begun?.userId !== user.user_id) throw over()
  const { challenge, origin } = begun.state
  const verified = await tried(() =>
    verifyRegistrationResponse({
      response: input.response as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
    }),
  )
  if (!verified.verified) throw failed()
  const { credential, credentialBackedUp } = verified.registrationInfo
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      `insert into passkey (passkey_id, credential_id, user_id, organisation_id, name, public_key, counter, transports, backed_up)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        randomUUID(),
        credential.id,
        user.user_id,
        user.organisation_id,
        input.name,
        Buffer.from(credential.publicKey),
        credential.counter,
        credential.transports ?? [],
        credentialBackedUp,
      ],
    )
    await tx.query(`update session set method = 'passkey', authenticated_at = now() where token_hash = $1`, [
      hashSecretToken(input.sessionToken),
    ])
    await auditPasskey(tx, principal, 'passkey-added', user)
  })
  await publishRegistry(pacs)
}

/** Errors: 'not-found' code 'passkey-not-found'. */
export async function renamePasskey(
  pacs: Pacs,
  user: UserRow,
  passkeyId: string,
  name: string,
): Promise<void> {
  const rows = await pacs.database.query(
    'update passkey set name = $3 where user_id = $1 and passkey_id::text = $2 returning 1',
    [user.user_id, passkeyId, name],
  )
  if (rows.length === 0) throw passkeyNotFound()
  await publishRegistry(pacs)
}

/** Errors: 'not-found' code 'passkey-not-found'; 'conflict' code 'last-factor' where a role needs one and this is the last. */
export async function removePasskey(
  pacs: Pacs,
  principal: Principal,
  user: UserRow,
  passkeyId: string,
): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    const rows = await tx.query(
      'delete from passkey where user_id = $1 and passkey_id::text = $2 returning 1',
      [user.user_id, passkeyId],
    )
    if (rows.length === 0) throw passkeyNotFound()
    await requireFactorLeft(tx, user)
    await auditPasskey(tx, principal, 'passkey-removed', user)
  })
  await publishRegistry(pacs)
}

interface Challenge {
  readonly challenge: string
  readonly origin: string
}

/** Begins a sign-in by passkey: the browser offers those it has for this site. */
export async function beginPasskeySignIn(
  pacs: Pacs,
  origin: string,
): Promise<Begun<PublicKeyCredentialRequestOptionsJSON>> {
  const options = await generateAuthenticationOptions({
    rpID: new URL(origin).hostname,
    userVerification: 'required',
  })
  const state: Challenge = { challenge: options.challenge, origin: new URL(origin).origin }
  const seconds = CEREMONY_SECONDS
  const ceremony = await beginCeremony(pacs.database, { kind: 'passkey-sign-in', state, seconds })
  return { ceremony, options }
}

/**
 * Whose passkey it is that answered. Errors: 'unauthenticated' with code 'passkey-unknown', 'passkey-failed', or 'sign-in-over'
 * when the sign-in took too long or was ended before.
 */
export async function takePasskey(
  pacs: Pacs,
  input: { ceremony: string; response: unknown },
): Promise<{ userId: string }> {
  const begun = await endCeremony<Challenge>(pacs.database, 'passkey-sign-in', input.ceremony)
  if (begun === undefined) throw over()
  const response = input.response as AuthenticationResponseJSON
  const [row] = await pacs.database.query<{
    user_id: string
    passkey_id: string
    public_key: Buffer
    counter: number
  }>('select user_id, passkey_id, public_key, counter from passkey where credential_id = $1', [
    typeof response.id === 'string' ? response.id : '',
  ])
  if (row === undefined)
    throw new YunyingError('unauthenticated', 'passkey-unknown', 'This passkey is not known here.')
  const { challenge, origin } = begun.state
  const verified = await tried(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      credential: { id: response.id, publicKey: new Uint8Array(row.public_key), counter: row.counter },
    }),
  )
  if (!verified.verified) throw failed()
  const { newCounter, credentialBackedUp } = verified.authenticationInfo
  // Two at once with one counter: a copy of the key. Synchronised keys always count 0.
  const rows = await pacs.database.query(
    `update passkey set counter = $2, backed_up = $3, last_used_at = now()
     where passkey_id = $1 and (counter < $2 or counter = 0 and $2 = 0) returning 1`,
    [row.passkey_id, newCounter, credentialBackedUp],
  )
  if (rows.length === 0) throw failed()
  return { userId: row.user_id }
}

async function tried<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (cause) {
    // The library throws for each thing that does not agree, and for what is not of the shape.
    throw failed(cause)
  }
}

const failed = (cause?: unknown): YunyingError =>
  new YunyingError('unauthenticated', 'passkey-failed', 'The passkey was not accepted. Try again.', { cause })

const over = (): YunyingError =>
  invalid('sign-in-over', 'This took too long or was ended already. Begin again.')

const passkeyNotFound = (): YunyingError =>
  notFound('passkey-not-found', 'There is no such passkey. Reload the page.')

async function auditPasskey(
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
