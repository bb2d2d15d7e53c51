import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import { YunyingError, isYunyingError } from '../../core/errors.ts'

/** Tries of `key` that fail with one of these codes are counted, and end for a while; what succeeds costs nothing. */
export async function limitFailures<T>(
  limiter: RateLimiterAbstract,
  key: string,
  codes: readonly string[],
  attempt: () => Promise<T>,
): Promise<T> {
  await consume(limiter, key)
  let guessed = false
  try {
    return await attempt()
  } catch (error) {
    guessed = isYunyingError(error) && codes.includes(error.code)
    throw error
  } finally {
    if (!guessed) await limiter.reward(key, 1)
  }
}

/** One more of `key`. Errors: 'limit' code 'too-many-attempts', which says when to try again. */
export async function consume(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new YunyingError(
      'limit',
      'too-many-attempts',
      'Too many attempts. Wait a few minutes and try again.',
      { retryAfterSeconds: Math.ceil(refusal.msBeforeNext / 1000) },
    )
  }
}
