import type { Principal } from '../../core/access/principal.ts'
import { recordAudit } from '../../core/audit/record-audit.ts'
import { YunyingError } from '../../core/errors.ts'
import type { Pacs } from '../../core/pacs.ts'

/** Whose allowance a request is taken from: a person in their browsers, the programs that bear their tokens, or a link. */
export type Spender = string

export interface Allowance {
  /**
   * Begins something that costs at least 1. Errors: 'limit' code `too-many-…`, with when to try again, which is recorded once in
   * ten minutes.
   */
  spend(principal: Principal, spender: Spender): Promise<void>
  /** It turned out to cost so much more. */
  charge(spender: Spender, cost: number): void
}

interface AllowanceTerms {
  readonly of: 'searches' | 'uploads'
  /** What comes back in a second; as much as comes back in five minutes may be spent at once. Null: no limit. */
  readonly perSecond: number | null
}

interface Account {
  left: number
  at: number
  recordedAt: number
}

const SAVED_SECONDS = 300
const RECORD_EVERY_MS = 600_000
/** Beyond so many, those who have all of it again are forgotten. */
const MOST_KNOWN = 10_000

const SENTENCE = {
  searches:
    'Too many searches in a short time. Wait as long as Retry-After says; a program should ask less often, or for fewer answers.',
  uploads:
    'Too many uploads that brought nothing new in a short time. Wait as long as Retry-After says, and see what the sender repeats.',
} as const

/**
 * A bucket for each spender that fills again by time (a token bucket), in the memory of this process: several processes allow as
 * many times as much. What costs more than is left is done and owed, at most another bucket.
 */
export function createAllowance(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  { of, perSecond }: AllowanceTerms,
): Allowance {
  if (perSecond === null) return { spend: () => Promise.resolve(), charge: () => undefined }
  const most = perSecond * SAVED_SECONDS
  const accounts = new Map<Spender, Account>()

  const accountOf = (spender: Spender): Account => {
    const now = pacs.clock.now()
    const filled = ({ left, at }: Account): number => Math.min(most, left + ((now - at) / 1000) * perSecond)
    let account = accounts.get(spender)
    if (account === undefined) {
      if (accounts.size >= MOST_KNOWN)
        for (const [name, each] of accounts) if (filled(each) >= most) accounts.delete(name)
      account = { left: most, at: now, recordedAt: -Infinity }
      accounts.set(spender, account)
    }
    account.left = filled(account)
    account.at = now
    return account
  }

  return {
    async spend(principal, spender) {
      const account = accountOf(spender)
      if (account.left >= 1) {
        account.left -= 1
        return
      }
      if (pacs.clock.now() - account.recordedAt > RECORD_EVERY_MS) {
        account.recordedAt = pacs.clock.now()
        const detail = { limit: of }
        await recordAudit(pacs.database, principal, { event: 'security-alert', outcome: 'denied', detail })
      }
      throw new YunyingError('limit', `too-many-${of}`, SENTENCE[of], {
        retryAfterSeconds: Math.max(1, Math.ceil((1 - account.left) / perSecond)),
      })
    },
    charge(spender, cost) {
      const account = accountOf(spender)
      account.left = Math.max(-most, account.left - cost)
    },
  }
}
