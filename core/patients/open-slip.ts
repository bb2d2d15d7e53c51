import { timingSafeEqual } from 'node:crypto'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError } from '../errors.ts'
import { openSession } from '../identity/open-session.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { hashSlipCode } from './slip-code.ts'

/** A page that lies open on somebody else's phone closes by itself. */
const SESSION_HOURS = 2
/** After so many wrong dates in a row the code waits an hour; after so many of these it opens nothing any more. */
const WRONG_BEFORE_WAIT = 5
const WRONG_AT_ALL = 20
const WAIT_MS = 3_600_000

interface Slip {
  readonly user_id: string
  readonly organisation_id: string
  readonly birth_date: string
  readonly wrong_guesses: number
  readonly open: boolean
}

/**
 * A session for whoever has the code of a slip and knows the date of birth (DICOM DA). Errors: 'unauthenticated' code
 * 'slip-wrong', the same for a code that there is not, another date, a slip that has expired and one that waits: who guesses
 * learns nothing.
 */
export async function openSlip(
  pacs: Pacs,
  input: { code: string; birthDate: string; address?: string; userAgent?: string },
): Promise<{ token: string; expiresAt: Date }> {
  const session = await pacs.database.transaction(async (tx) => {
    const slip = await lockSlip(tx, input.code)
    if (slip === undefined) return undefined
    const isRight = sameDate(slip.birth_date, input.birthDate)
    const opens = slip.open && isRight
    if (slip.open && !isRight) await countWrong(tx, slip, pacs.clock.now())
    await recordAudit(
      tx,
      {
        kind: 'user',
        userId: slip.user_id,
        organisationId: slip.organisation_id,
        roles: ['patient'],
        address: input.address,
      },
      { event: 'user-authentication', outcome: opens ? 'success' : 'denied', detail: { by: 'slip' } },
    )
    if (!opens) return undefined
    await tx.query(
      'update patient_slip set opened_at = now(), wrong_guesses = 0, guess_after = null where user_id = $1',
      [slip.user_id],
    )
    const expiresAt = new Date(pacs.clock.now() + SESSION_HOURS * 3_600_000)
    const token = await openSession(tx, slip.user_id, {
      method: 'slip',
      expiresAt,
      userAgent: input.userAgent,
      address: input.address,
    })
    return { token, expiresAt }
  })
  if (session !== undefined) return session
  throw new YunyingError(
    'unauthenticated',
    'slip-wrong',
    'The code and the date of birth do not belong together, or the slip is not valid any more. Check both; after several tries wait an hour, or ask the hospital for a new slip.',
  )
}

async function lockSlip(tx: Queryable, code: string): Promise<Slip | undefined> {
  const [slip] = await tx.query<Slip>(
    `select sl.user_id, sl.organisation_id, pa.birth_date, sl.wrong_guesses,
       sl.expires_at > now() and (sl.guess_after is null or sl.guess_after <= now()) and u.disabled_at is null as open
     from patient_slip sl join patient_account pa using (user_id) join app_user u using (user_id)
     where sl.code_hash = $1 for update of sl`,
    [hashSlipCode(code)],
  )
  return slip
}

function sameDate(known: string, given: string): boolean {
  const [a, b] = [Buffer.from(known), Buffer.from(given)]
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b)
}

async function countWrong(tx: Queryable, { user_id, wrong_guesses }: Slip, now: number): Promise<void> {
  const wrong = wrong_guesses + 1
  await tx.query(
    `update patient_slip set wrong_guesses = $2, guess_after = $3, expires_at = case when $4 then now() else expires_at end
     where user_id = $1`,
    [user_id, wrong, wrong % WRONG_BEFORE_WAIT === 0 ? new Date(now + WAIT_MS) : null, wrong >= WRONG_AT_ALL],
  )
}
