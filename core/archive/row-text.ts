import { parseDate, parseTime } from '../dicom/date-time.ts'

/** NUL, which PostgreSQL's text and jsonb refuse, and halves of surrogate pairs, which jsonb refuses. */
const REFUSED = /[\u0000\p{Cs}]/gu

/** Text that PostgreSQL takes: received text is never trusted to be that. */
export const storableText = (text: string): string => text.replace(REFUSED, '')

/** JSON text that PostgreSQL takes as jsonb; large rows are written with one parameter. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!MAY_BE_REFUSED.test(text)) return text
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  )
}

/** How JSON writes what REFUSED names: hardly any text has it, and to look at each value costs more than to write them all. */
const MAY_BE_REFUSED = /\\u(0000|d[89a-f])/i

/** As `storableText`, at most `length` characters: columns that are indexed must stay short (a B-tree entry is refused above 2,704 bytes). */
export function columnText(text: string | undefined, length: number): string {
  if (text === undefined) return ''
  const short = text.length > length ? text.slice(0, length) : text
  return storableText(short).trim()
}

/** The number where an integer column can hold it, else null. */
export const columnInteger = (value: number | undefined): number | null =>
  value !== undefined && Number.isInteger(value) && Math.abs(value) <= 0x7fffffff ? value : null

/** A date as YYYYMMDD, so that text compares as time does; what is no date stays, to be shown. */
export const dateText = (text: string): string => parseDate(text) ?? text

/** A time as HHMMSS.FFFFFF, likewise; the received value is in the attributes. */
export const timeText = (text: string): string => parseTime(text, 'first') ?? text
