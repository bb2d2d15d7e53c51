/** A UID as PS3.5 9.1 wants it: 1 to 64 characters, numeric components without leading zeros. */
export function isValidUid(text: string): boolean {
  return text.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/.test(text)
}

/** Longer than the standard's 64, because the field has such; short enough for an index and a path. */
const LONGEST_USABLE = 100

/** A UID that can identify, if not by the book: digits and single dots; leading zeros and a few characters too many are the field's habits. */
export function isUsableUid(text: string): boolean {
  return text.length <= LONGEST_USABLE && /^\d+(\.\d+)*$/.test(text)
}

/** A new UID below 2.25: a random UUID as one decimal number (PS3.5 B.2). */
export function newUid(): string {
  return `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`)}`
}
