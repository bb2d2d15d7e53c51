import { GUESSABLE_WORDS } from './guessable-words.ts'

/** What people write for letters. */
const AS_LETTERS: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
}

/** Rows of keyboards and other orders in which fingers wander, and each backwards. */
const WALKS = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '12345678901234567890',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'qaz123wsx456edc789',
  '!@#$%^&*()',
  '147258369',
  '789456123',
].flatMap((walk) => [walk, [...walk].reverse().join('')])

/** Around a word, this many characters are what everybody adds: a year, 123, an exclamation mark. */
const MOST_AROUND = 6
/** A number this long is a date or a telephone's. */
const LONG_NUMBER = 13

/**
 * Whether a password is one of those that are tried first: a common word with the usual around it, a walk over the
 * keyboard, a repetition, a number, or the person's own name. Bundled and offline: what leaked somewhere and looks like none
 * of these is not known here.
 *
 * @param own what everybody knows of the person: address, name, organisation
 */
export function isGuessablePassword(password: string, own: readonly string[] = []): boolean {
  const text = password.normalize('NFKC').toLowerCase()
  if (/^\d+$/.test(text) && text.length < LONG_NUMBER) return true
  if (isRepetition(text) || isWalk(text) || isWalk(withoutStrayLetters(text))) return true
  const known = new Set(own.flatMap(partsOf))
  const isKnown = (word: string): boolean => GUESSABLE_WORDS.has(word) || known.has(word)
  return formsOf(text).some((form) => isKnown(form) || isTwo(form, isKnown))
}

/** The password without what is around its word, as it is and with its letters back. */
function formsOf(text: string): string[] {
  const bare = [text, withLetters(text), withoutEnds(text), withLetters(withoutEnds(text))]
  const joined = bare.map((form) => form.replace(/[\s._-]+/g, ''))
  // Signs and digits at the ends first: `p@ssw0rd1!` is `password` and `1!`.
  return [...new Set([...joined, ...joined.map(withoutEnds)])].filter((form) => form.length > 1)
}

const withLetters = (text: string): string =>
  [...text].map((character) => AS_LETTERS[character] ?? character).join('')

/** Without digits and signs before and behind, unless they are more than people add. */
function withoutEnds(text: string): string {
  const bare = text.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '')
  return text.length - bare.length <= MOST_AROUND ? bare : text
}

/** The same few characters again and again: `abcabcabc`, `zzzzzzzz`. */
const isRepetition = (text: string): boolean => /^(.{1,4})\1+.{0,2}$/u.test(text)

/** Without a letter or two before or behind: `a123456789`. */
const withoutStrayLetters = (text: string): string =>
  /^\p{L}{0,2}([^\p{L}]{6,})\p{L}{0,2}$/u.exec(text)?.[1] ?? text

/** Nothing but runs of a walk of at least three: `qwer1234`, `abc12345`. */
function isWalk(text: string): boolean {
  let at = 0
  while (at < text.length) {
    const rest = text.slice(at)
    const longest = Math.max(...WALKS.map((walk) => sharedRun(walk, rest)))
    if (longest < 3 && longest < rest.length) return false
    at += Math.max(longest, 1)
  }
  return true
}

/** How much of the beginning of `text` runs along the walk, from wherever in it. */
function sharedRun(walk: string, text: string): number {
  let length = Math.min(text.length, walk.length)
  while (length > 0 && !walk.includes(text.slice(0, length))) length -= 1
  return length
}

/** A common word twice. */
function isTwo(form: string, isKnown: (word: string) => boolean): boolean {
  const half = form.length / 2
  return Number.isInteger(half) && form.slice(0, half) === form.slice(half) && isKnown(form.slice(0, half))
}

/** The words of a name or an address that say who somebody is. */
function partsOf(text: string): string[] {
  const folded = text.normalize('NFKC').toLowerCase()
  const words = folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= 4)
  const whole = [folded, folded.split('@')[0] ?? ''].map((each) => each.replace(/[^\p{L}\p{N}@]+/gu, ''))
  return [...words, ...whole].filter((word) => word.length >= 4)
}
