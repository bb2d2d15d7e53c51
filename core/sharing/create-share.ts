import { randomUUID } from 'node:crypto'
import { principalCan, type Action } from '../access/policy.ts'
import type { Principal } from '../access/principal.ts'
import type { ReadableStudy } from '../access/require-study.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError, invalid } from '../errors.ts'
import { hashPassword } from '../identity/password.ts'
import { publishRegistry } from '../identity/registry.ts'
import { hashSecretToken } from '../identity/secret-token.ts'
import { insertUser } from '../identity/user-table.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { newOneTimeCode } from './one-time-code.ts'
import { requestCopy } from './request-copy.ts'
import type { ShareSelection } from './share-link.ts'
import type { ShareRight } from '../contract/share-rights.ts'
import { newShareToken } from './share-token.ts'

/** Days. A longer need is an account. */
const LONGEST = 366

export interface NewShare {
  readonly recipientName: string
  readonly recipientEmail?: string | undefined
  readonly rights: readonly ShareRight[]
  readonly expiresAt: Date
  /** The whole study without. */
  readonly selection?: ShareSelection | undefined
  /** DeidentifyOptions. */
  readonly deidentify?: Readonly<Record<string, unknown>> | undefined
  /** Opens with nothing but the link; with words that both know; or once, with a code that is told apart from the link. */
  readonly lock:
    | { readonly kind: 'none' }
    | { readonly kind: 'passphrase'; readonly passphrase: string }
    | { readonly kind: 'code' }
  readonly mostOpens?: number | undefined
  readonly watermark: boolean
}

export interface CreatedShare {
  readonly shareId: string
  /** Of the address; shown once. */
  readonly token: string
  /** Of a link that opens once; shown once. */
  readonly code: string | undefined
}

/**
 * A link that shows the study to somebody without an account. It stands by itself: it can do less than its maker, never
 * more, and lives on when its maker's own rights end. Errors: 'invalid' codes 'share-expiry-invalid', 'share-copy-read-only';
 * 'forbidden' code 'share-right-missing'.
 */
export async function createShare(
  pacs: Pacs,
  principal: Principal,
  study: ReadableStudy,
  wanted: NewShare,
): Promise<CreatedShare> {
  check(principal, wanted, pacs.clock.now())
  const { handle, secret, token } = newShareToken()
  const code = wanted.lock.kind === 'code' ? newOneTimeCode() : undefined
  const words = wanted.lock.kind === 'passphrase' ? wanted.lock.passphrase : code
  const passphraseHash = words === undefined ? null : await hashPassword(words)
  const shareId = randomUUID()
  await pacs.database.transaction(async (tx) => {
    const guestId = await insertGuest(tx, principal.organisationId, wanted)
    const isCopy = wanted.selection !== undefined || wanted.deidentify !== undefined
    await tx.query(
      `insert into share_link (share_id, organisation_id, handle, token_hash, guest_id, study_id, created_by, rights,
         passphrase_hash, one_time_code, expires_at, most_opens, watermark, selection, deidentify, ready_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15::jsonb, $16)`,
      [
        shareId,
        principal.organisationId,
        handle,
        hashSecretToken(secret),
        guestId,
        study.studyId,
        principal.kind === 'user' ? principal.userId : null,
        wanted.rights,
        passphraseHash,
        wanted.lock.kind === 'code',
        wanted.expiresAt,
        wanted.mostOpens ?? null,
        wanted.watermark,
        wanted.selection === undefined ? null : JSON.stringify(wanted.selection),
        wanted.deidentify === undefined ? null : JSON.stringify(wanted.deidentify),
        isCopy ? null : new Date(pacs.clock.now()),
      ],
    )
    if (isCopy) await requestCopy(tx, { shareId, organisationId: principal.organisationId })
    else await grantGuest(tx, study.studyId, guestId, wanted.expiresAt)
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      studyId: study.studyId,
      studyInstanceUid: study.studyInstanceUid,
      detail: {
        change: 'share-created',
        subject: guestId,
        share: shareId,
        rights: ['view', ...wanted.rights].join(','),
        until: wanted.expiresAt.toISOString(),
        lock: wanted.lock.kind,
        deidentified: wanted.deidentify !== undefined,
        partial: wanted.selection !== undefined,
      },
    })
  })
  await publishRegistry(pacs)
  return { shareId, token, code }
}

/** The guest may read the study until then. */
export async function grantGuest(
  tx: Queryable,
  studyId: string,
  guestId: string,
  expiresAt: Date,
): Promise<void> {
  await tx.query(
    `insert into study_grant (study_id, user_id, expires_at) values ($1, $2, $3)
     on conflict (study_id, user_id) do update set expires_at = excluded.expires_at`,
    [studyId, guestId, expiresAt],
  )
}

const insertGuest = (tx: Queryable, organisationId: string, wanted: NewShare): Promise<string> =>
  insertUser(tx, {
    organisationId,
    email: wanted.recipientEmail?.trim() ?? '',
    displayName: wanted.recipientName.trim(),
    roles: ['guest'],
    passwordHash: null,
    mustChangePassword: false,
    kind: 'guest',
  })

/** What the maker must be able to do to let somebody else do it. */
const NEEDS: Readonly<Record<ShareRight, Action>> = {
  download: 'study.download',
  annotate: 'annotation.save',
  report: 'measurement.save',
}

function check(principal: Principal, wanted: NewShare, now: number): void {
  const days = (wanted.expiresAt.getTime() - now) / 86_400_000
  if (!(days > 0 && days <= LONGEST))
    throw invalid('share-expiry-invalid', 'Choose an end that lies ahead, within a year.')
  const missing = wanted.rights.find((right) => !principalCan(principal, NEEDS[right]))
  if (missing !== undefined)
    throw new YunyingError(
      'forbidden',
      'share-right-missing',
      `You cannot let somebody ${missing}: your own role does not allow it.`,
    )
  const writes = wanted.rights.some((right) => right !== 'download')
  if (writes && (wanted.selection !== undefined || wanted.deidentify !== undefined))
    throw invalid(
      'share-copy-read-only',
      'A part of a study, or one without names, is a copy that can be looked at only. Share the whole study, or without the right to annotate or report.',
    )
}
