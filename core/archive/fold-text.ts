/** Letters that have no decomposition in Unicode but that people type without their stroke or ligature. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ς: 'σ',
}

/**
 * Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. The marks of Thai, Devanagari or Kana are letters
 * of their own: without them other words would match.
 */
const MARKS =
  /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/g

/** Controls (NUL too) and what is never seen: zero-width and bidirectional marks. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]+/gu

/**
 * Text as it is compared in a search: without case, accents, width variants (full-width letters, ligatures), unseen
 * characters and doubled spaces. Chinese, Japanese and Korean stay as they are. Both sides of a comparison are folded.
 * `*`, `?`, `^` and `=` stay, so a pattern can be folded too.
 */
export function foldText(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text.toLowerCase().replace(/ {2,}/g, ' ').trim()
  return text
    .toLowerCase()
    .normalize('NFKD')
    .toLowerCase()
    .replace(MARKS, '')
    .normalize('NFC')
    .replace(/[ßæœøłđðþħıς]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .replace(UNSEEN, '')
    .replace(/ {2,}/g, ' ')
    .trim()
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
