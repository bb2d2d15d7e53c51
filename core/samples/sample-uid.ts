import { createHash } from 'node:crypto'

/** Namespace of the sample studies' UIDs. Never change it: a second load would store everything again. */
const NAMESPACE = Buffer.from('75a82836f40f57dc8ad2651f88378b28', 'hex')

/** The UID of a sample's study, series, instance or frame of reference: a name-based UUID under 2.25, always the same. */
export function sampleUid(name: string): string {
  const hash = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16)
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  return `2.25.${BigInt(`0x${hash.toString('hex')}`).toString()}`
}
