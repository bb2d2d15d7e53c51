/** A closed range of DICOM dates or times; an open side is absent. */
export interface DicomRange {
  readonly from?: string
  readonly to?: string
}

/**
 * A DA matching key: one date, or a range `a-b`, `a-`, `-b` (PS3.4 C.2.2.2.5). Dates come back as YYYYMMDD, a single date
 * as a range of itself; undefined when it is none. Dates with dots (1994.01.30) and hyphens (2026-01-02) are understood.
 */
export function parseDateRange(text: string): DicomRange | undefined {
  const single = parseDate(text)
  if (single !== undefined) return { from: single, to: single }
  return parseRange(text, parseDate, parseDate)
}

/** A TM matching key, likewise (PS3.4 C.2.2.2.5); times come back as HHMMSS.FFFFFF, what is unsaid filled to cover all of it. */
export function parseTimeRange(text: string): DicomRange | undefined {
  const from = parseTime(text, 'first')
  const to = parseTime(text, 'last')
  if (from !== undefined && to !== undefined) return { from, to }
  return parseRange(
    text,
    (side) => parseTime(side, 'first'),
    (side) => parseTime(side, 'last'),
  )
}

function parseRange(
  text: string,
  first: (side: string) => string | undefined,
  last: (side: string) => string | undefined,
): DicomRange | undefined {
  const parts = text.split('-').map((part) => part.trim())
  const [left = '', right = ''] = parts
  if (parts.length !== 2 || (left === '' && right === '')) return undefined
  const from = left === '' ? undefined : first(left)
  const to = right === '' ? undefined : last(right)
  if ((left !== '' && from === undefined) || (right !== '' && to === undefined)) return undefined
  if (from !== undefined && to !== undefined && from > to) return undefined
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

/** YYYYMMDD of a DA value that is a day of the calendar, or undefined (PS3.5 6.2; the old form with dots too). */
export function parseDate(text: string): string | undefined {
  const match = /^(\d{4})([.-]?)(\d{2})\2(\d{2})$/.exec(text.trim())
  if (match === null) return undefined
  const [, year = '', , month = '', day = ''] = match
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return real ? `${year}${month}${day}` : undefined
}

/**
 * HHMMSS.FFFFFF of a TM value, or undefined; what it leaves out becomes the first or the last moment it can mean
 * (PS3.5 6.2; the old form with colons too). A leap second is a second.
 */
export function parseTime(text: string, fill: 'first' | 'last'): string | undefined {
  const match = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.(\d{1,6}))?)?)?$/.exec(text.trim())
  if (match === null) return undefined
  const rest = fill === 'first' ? '00' : '59'
  const [, hours = '', minutes = rest, seconds = rest, fraction = ''] = match
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return undefined
  return `${hours}${minutes}${seconds}.${fraction.padEnd(6, fill === 'first' ? '0' : '9')}`
}
