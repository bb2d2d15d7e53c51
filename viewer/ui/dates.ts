const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A DICOM date `YYYYMMDD` as `YYYY-MM-DD`, which reads the same in both languages; anything else as it came. */
export function displayDicomDate(date: string): string {
  if (/^0*$/.test(date)) return ''
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)]
  return isDay(date) ? `${year}-${month}-${day}` : date
}

/** A day of the calendar: 20260230 is none. */
function isDay(date: string): boolean {
  if (!/^\d{8}$/.test(date)) return false
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number)
  const at = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day))
  return Number(date.slice(0, 4)) >= 100 && at.getUTCMonth() + 1 === month && at.getUTCDate() === day
}

/** A DICOM time `HHMMSS.ffffff` as `HH:MM`. */
export function displayDicomTime(time: string): string {
  return /^\d{4}/.test(time) ? `${time.slice(0, 2)}:${time.slice(2, 4)}` : ''
}

/** When something happened: relative under 24 hours, then `YYYY-MM-DD HH:MM` in local time. */
export function displayMoment(iso: string, now: number, language: string): string {
  const then = Date.parse(iso)
  if (Number.isNaN(then)) return ''
  const age = now - then
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'narrow' })
  if (age < MINUTE) return relative.format(0, 'second')
  if (age < HOUR) return relative.format(-Math.floor(age / MINUTE), 'minute')
  if (age < DAY) return relative.format(-Math.floor(age / HOUR), 'hour')
  return displayLocalTime(iso)
}

/** `YYYY-MM-DD HH:MM` in local time. */
export function displayLocalTime(iso: string): string {
  const at = new Date(iso)
  return `${localDate(at)} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** `YYYY-MM-DD HH:MM:SS` in local time. */
export const displayLocalSecond = (iso: string): string =>
  `${displayLocalTime(iso)}:${two(new Date(iso).getSeconds())}`

/** The local day as a DICOM date, `days` from it. */
export function dicomDay(from: Date, days = 0): string {
  const at = new Date(from)
  at.setDate(at.getDate() + days)
  return localDate(at).replaceAll('-', '')
}

/** How old somebody born on one DICOM date was on another, in whole units: years from 2, else months, else days. */
export function ageOn(
  birthDate: string,
  onDate: string,
): { readonly value: number; readonly unit: 'year' | 'month' | 'day' } | undefined {
  const birth = parseDay(birthDate)
  const on = parseDay(onDate)
  if (birth === undefined || on === undefined || on < birth) return undefined
  const months =
    (on.getUTCFullYear() - birth.getUTCFullYear()) * 12 +
    on.getUTCMonth() -
    birth.getUTCMonth() -
    (on.getUTCDate() < birth.getUTCDate() ? 1 : 0)
  if (months >= 24) return { value: Math.floor(months / 12), unit: 'year' }
  if (months >= 1) return { value: months, unit: 'month' }
  return { value: Math.round((on.getTime() - birth.getTime()) / DAY), unit: 'day' }
}

function parseDay(date: string): Date | undefined {
  return isDay(date) ? new Date(`${displayDicomDate(date)}T00:00:00Z`) : undefined
}

function localDate(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

const two = (value: number): string => String(value).padStart(2, '0')
