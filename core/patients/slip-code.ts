import { createHash, randomInt } from 'node:crypto'

/** Nothing that is taken for something else when it is read from paper. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const GROUPS = 5
const OF_GROUP = 4

/** A code that a person can type: five groups of four letters and digits, 99 random bits. Only its hash is kept. */
export function newSlipCode(): string {
  const letter = (): string => LETTERS.charAt(randomInt(LETTERS.length))
  const group = (): string => Array.from({ length: OF_GROUP }, letter).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}

/** SHA-256 of a code however it was typed: case, spaces and dashes do not count. */
export function hashSlipCode(code: string): Buffer {
  return createHash('sha256')
    .update(code.toUpperCase().replace(/[^A-Z0-9]/g, ''))
    .digest()
}
