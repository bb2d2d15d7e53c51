import { createHmac, timingSafeEqual } from 'node:crypto'

/** RFC 6238 with what every authenticator takes: SHA-1, 6 digits, 30 seconds. */
export const STEP_SECONDS = 30
const DIGITS = 6
/** Clocks of telephones: a step before and one after (RFC 6238, 5.2). */
const DRIFT_STEPS = 1

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The code of a counter (RFC 4226, 5.3). */
export function hotp(secret: Uint8Array, counter: number, digits = DIGITS, algorithm = 'sha1'): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const mac = createHmac(algorithm, secret).update(message).digest()
  const offset = (mac[mac.length - 1] ?? 0) & 0x0f
  const number = mac.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** The time step whose code this is, around `now` (ms since the epoch); undefined for a wrong one. */
export function stepOfCode(secret: Uint8Array, code: string, now: number): number | undefined {
  const given = Buffer.from(code.replace(/\s/g, ''))
  if (given.length !== DIGITS) return undefined
  const current = Math.floor(now / 1000 / STEP_SECONDS)
  let found: number | undefined
  for (let step = current - DRIFT_STEPS; step <= current + DRIFT_STEPS; step++) {
    // All are compared, so that the time tells nothing.
    if (timingSafeEqual(given, Buffer.from(hotp(secret, step)))) found = step
  }
  return found
}

/** RFC 4648, 6, without padding: what a person types into an authenticator. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let [bits, value] = [0, 0]
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32.charAt((value >>> bits) & 31)
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + BASE32.charAt((value << (5 - bits)) & 31) : text
}

/** What an authenticator reads from a QR code. */
export function otpauthUri(secret: Uint8Array, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  const query = `secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`
  return `otpauth://totp/${label}?${query}`
}
