import { randomBytes, timingSafeEqual } from 'node:crypto'
import { hashSecretToken, newSecretToken } from '../identity/secret-token.ts'

/**
 * What stands in the address of a link: `HANDLE.SECRET`. The handle (64 bits) finds the link, names its cookie and may be
 * seen; the secret (256 random bits) opens it, and only its hash is kept.
 */
export function newShareToken(): { handle: string; secret: string; token: string } {
  const handle = randomBytes(8).toString('base64url')
  const secret = newSecretToken()
  return { handle, secret, token: `${handle}.${secret}` }
}

/** The parts of a token; undefined for what is none. */
export function parseShareToken(token: string): { handle: string; secret: string } | undefined {
  const match = /^([\w-]{11})\.([\w-]{43})$/.exec(token)
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { handle: match[1], secret: match[2] }
}

/** Whether the secret is the one of this hash; takes as long for each. */
export const secretMatches = (hash: Buffer, secret: string): boolean =>
  timingSafeEqual(hash, hashSecretToken(secret))
