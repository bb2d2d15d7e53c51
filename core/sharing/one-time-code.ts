import { randomInt } from 'node:crypto'

/** Eight digits that are told on the telephone: `4821 0937`. Guesses are few (core/sharing/open-share.ts). */
export function newOneTimeCode(): string {
  const digits = String(randomInt(100_000_000)).padStart(8, '0')
  return `${digits.slice(0, 4)} ${digits.slice(4)}`
}

/** As it was made, however it was typed. */
export const codeOf = (typed: string): string => {
  const digits = typed.replace(/\D/g, '')
  return `${digits.slice(0, 4)} ${digits.slice(4)}`
}
