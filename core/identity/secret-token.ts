import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, as text for a header or a cookie. Only its hash is ever kept. */
export function newSecretToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 of a token: what the tables keep. A token has full entropy, so no salt or stretching is needed. */
export function hashSecretToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A password a person can type once: 4 groups of 4 unambiguous letters and digits (about 79 bits). */
export function newOneTimePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  const pick = (): string => {
    for (;;) {
      const byte = randomBytes(1)[0] ?? 255
      // Rejects the tail so that every letter is equally likely.
      if (byte < 256 - (256 % alphabet.length)) return alphabet.charAt(byte % alphabet.length)
    }
  }
  return Array.from({ length: 4 }, () => Array.from({ length: 4 }, pick).join('')).join('-')
}
