import { parseDate } from '../dicom/date-time.ts'

/**
 * A DA or DT value so many days later; its time of day, fraction and zone stay, as time of day does in a TM value. Empty
 * where the value tells no day: what is not understood is not passed on.
 */
export function shiftDate(text: string, days: number): string {
  const match = /^(\d{4}[.-]?\d{2}[.-]?\d{2})([\d.]*(?:[+-]\d{4})?)$/.exec(text.trim())
  const [, day = '', rest = ''] = match ?? []
  const date = parseDate(day)
  if (date === undefined) return ''
  const moved = new Date(0)
  moved.setUTCFullYear(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)) + days)
  const year = moved.getUTCFullYear()
  // Before the year 0 there is no date that DICOM could write.
  if (year < 0 || year > 9999) return ''
  return `${pad(year, 4)}${pad(moved.getUTCMonth() + 1, 2)}${pad(moved.getUTCDate(), 2)}${rest}`
}

const pad = (number: number, digits: number): string => String(number).padStart(digits, '0')
