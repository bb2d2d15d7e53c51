import { likeText } from '../like-text.ts'
import type { SqlValue } from '../ports/database.ts'
import { foldText } from './fold-text.ts'

/**
 * Finding what an index of trigrams does not find, or not soon. It knows nothing of one letter or two, and a Chinese name is not
 * more than that; and each three digits of a number are in thousands of others. So each study has `letters` (migration 0013):
 * the letters of its `search_text`, the pairs of them that stand together, and each five digits in a row.
 */

/** Between words: no pair reaches over it. */
const SPACE = /[ \n]+/
const WORD = /[\p{L}\p{N}]+/gu

/** A letter by its code point, a pair as `letters_of` (migration 0013) makes one of its two: 32 bits with a sign. */
const pairOf = (first: number, second: number): number => (first << 16) ^ second

const FIVE_DIGITS = /(?=(\d{5}))/g
/** Behind all code points, and before the pairs of what is printed. */
const digitsOf = (text: string): number[] =>
  Array.from(text.matchAll(FIVE_DIGITS), ([, digits]) => 0x110000 + Number(digits))

const pairsOf = (text: string): number[] =>
  text.split(SPACE).flatMap((run) => {
    const points = Array.from(run, (letter) => letter.codePointAt(0) ?? 0)
    return points.length === 1
      ? points
      : points.slice(1).map((point, index) => pairOf(points[index] ?? 0, point))
  })

/** More make what is found no rarer. */
const ENOUGH = 8

/**
 * What `letters` holds of every study that has these texts in its own, enough to find it by: digits where five are in a row, which
 * are rare, else pairs, and each letter that stands alone.
 */
export function lettersOf(texts: readonly string[]): number[] {
  const digits = texts.flatMap(digitsOf)
  return [...new Set(digits.length > 0 ? digits : texts.flatMap(pairsOf))].slice(0, ENOUGH)
}

/**
 * Whether an index of trigrams is the one to ask for what holds this: there are three letters of a word, of which two blanks before it and
 * one behind may be some, and no long number.
 */
export function isForTrigrams(text: string): boolean {
  if (digitsOf(text).length > 0) return false
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const blanks = (index > 0 ? 2 : 0) + (index + word.length < text.length ? 1 : 0)
    if (Array.from(word).length + blanks >= 3) return true
  }
  return false
}

/**
 * SQL that is true where `condition` is, of which the planner expects that it is true of all: it would multiply its odds with
 * those of the letters, though one says the other, take what is found for rarer, and sort many studies where it need only
 * walk over some.
 */
const withoutOdds = (condition: string): string => `case when ${condition} then 1 else 0 end <> 0`

/**
 * SQL that is true where `condition` is, and can be found by the letters of these texts: each is in the `search_text` of every
 * study, under the alias, that `condition` is true for. Its parameters are appended to `params`.
 */
export function foundByLetters(
  alias: string,
  texts: readonly string[],
  condition: string,
  params: SqlValue[],
): string {
  const letters = lettersOf(texts)
  if (letters.length === 0) return condition
  const has = letters.map((letter) => `${alias}.letters && $${params.push([letter])}::integer[]`)
  // First, as it takes less time of each study that is walked over.
  return [withoutOdds(condition), ...has].join(' and ')
}

/** The same as `foundByLetters`, by the trigrams of the longest of the texts where there are any. */
export function foundByParts(
  alias: string,
  texts: readonly string[],
  condition: string,
  params: SqlValue[],
): string {
  const [longest] = texts.filter(isForTrigrams).sort((a, b) => b.length - a.length)
  if (longest === undefined || texts.some((text) => digitsOf(text).length > 0))
    return foundByLetters(alias, texts, condition, params)
  return `${withoutOdds(condition)} and ${hasText(alias, longest, params)}`
}

/**
 * SQL for each word of what somebody typed, true for studies, under the alias, that have it anywhere: "zhang ct" and "ct zhang"
 * find the same, and names are typed with blanks where DICOM has `^`. Parameters are appended to `params`.
 */
export const hasWords = (alias: string, typed: string, params: SqlValue[]): string[] =>
  searchWords(typed).map((word) => hasText(alias, word, params))

/** Folded. */
export const searchWords = (typed: string): string[] =>
  foldText(typed)
    .split(/[\s^,]+/)
    .filter((word) => word !== '')

/** SQL that is true for studies, under the alias, whose `search_text` has the text in it. Its parameters are appended to `params`. */
function hasText(alias: string, text: string, params: SqlValue[]): string {
  const like = `${alias}.search_text like $${params.push(`%${likeText(text)}%`)}`
  return isForTrigrams(text) ? like : foundByLetters(alias, [text], like, params)
}
