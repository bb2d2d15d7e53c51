import { createHmac } from 'node:crypto'

/** What stands for what was taken out; the same for the same, as long as the secret is. Nobody without it can go back. */
export interface Pseudonyms {
  /** A UID below 2.25 (PS3.5 B.2). */
  uid(original: string): string
  /** In place of Patient's Name and Patient ID. */
  patient(key: string): string
  /** Days to add to every date of a patient: between ten years and 30 days back. */
  dayShift(key: string): number
}

const LEAST_DAYS = 30
const MOST_DAYS = 3650

/** `secret`: at least 16 bytes that nobody else has. */
export function pseudonyms(secret: Uint8Array): Pseudonyms {
  if (secret.length < 16) throw new RangeError('The secret of pseudonyms is too short.')
  const digest = (purpose: string, text: string): Buffer =>
    createHmac('sha256', secret).update(`${purpose}\0${text}`).digest()
  const uids = new Map<string, string>()
  return {
    uid(original) {
      const known = uids.get(original)
      if (known !== undefined) return known
      const made = `2.25.${uuidNumber(digest('uid', original))}`
      uids.set(original, made)
      return made
    },
    patient: (key) => `ANON-${digest('patient', key).toString('hex', 0, 6).toUpperCase()}`,
    dayShift: (key) => -(LEAST_DAYS + (digest('dates', key).readUInt32BE(0) % (MOST_DAYS - LEAST_DAYS + 1))),
  }
}

/** A UUID of version 8 (RFC 9562: its content is the maker's) as one number. */
function uuidNumber(hash: Buffer): bigint {
  const bytes = Buffer.from(hash.subarray(0, 16))
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return BigInt(`0x${bytes.toString('hex')}`)
}
