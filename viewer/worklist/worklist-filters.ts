import { WORKLIST_SORTS, WORKLIST_STATUSES } from '../../core/contract/api.ts'
import { dicomDay } from '../ui/dates.ts'

export const DATE_PRESETS = ['today', 'yesterday', '7-days', '30-days'] as const
export type DatePreset = (typeof DATE_PRESETS)[number]
export type WorklistSort = (typeof WORKLIST_SORTS)[number]
export type WorklistStatus = (typeof WORKLIST_STATUSES)[number]

/** What the address of the worklist holds: `/?q=wang&modality=CT&date=7-days&sort=studyDate`. */
export interface WorklistFilters {
  readonly q?: string
  readonly modality?: readonly string[]
  /** Kept as a word, so that a bookmark of today is today's tomorrow too. */
  readonly date?: DatePreset
  /** `YYYYMMDD`; only without `date`. */
  readonly from?: string
  readonly to?: string
  readonly status?: WorklistStatus
  readonly sort?: WorklistSort
  readonly direction?: 'asc' | 'desc'
}

/** The filters an address asks for; what it misspells is left out. */
export function parseFilters(search: Record<string, unknown>): WorklistFilters {
  const word = (name: string): string | undefined => {
    const value = search[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T | undefined =>
    allowed.find((value) => value === word(name))
  const day = (name: string): string | undefined => word(name)?.match(/^\d{8}$/)?.[0]

  const modality = (Array.isArray(search['modality']) ? search['modality'] : [word('modality')]).filter(
    (value): value is string => typeof value === 'string' && /^[\w-]{1,16}$/.test(value),
  )
  const date = oneOf('date', DATE_PRESETS)
  return defined({
    q: word('q')?.slice(0, 200),
    modality: modality.length > 0 ? [...new Set(modality)] : undefined,
    date,
    from: date === undefined ? day('from') : undefined,
    to: date === undefined ? day('to') : undefined,
    status: oneOf('status', WORKLIST_STATUSES),
    sort: oneOf('sort', WORKLIST_SORTS),
    direction: oneOf('direction', ['asc', 'desc']),
  })
}

/** The query of /api/worklist these filters mean at this moment. */
export function worklistQuery(
  filters: WorklistFilters,
  now: Date,
): Record<string, string | readonly string[] | undefined> {
  const { date, ...rest } = filters
  return { ...rest, ...(date === undefined ? {} : daysOf(date, now)) }
}

/** Whether anything narrows the list (an order does not). */
export function isFiltered({ q, modality, date, from, to, status }: WorklistFilters): boolean {
  return [q, modality, date, from, to, status].some((value) => value !== undefined)
}

/** The same filters with some changed; undefined takes one away. */
export function withFilters(
  filters: WorklistFilters,
  change: { readonly [Name in keyof WorklistFilters]?: WorklistFilters[Name] | undefined },
): WorklistFilters {
  return defined({ ...filters, ...change })
}

function daysOf(preset: DatePreset, now: Date): { from: string; to: string } {
  const back = { today: 0, yesterday: -1, '7-days': -6, '30-days': -29 }[preset]
  return { from: dicomDay(now, back), to: dicomDay(now, preset === 'yesterday' ? -1 : 0) }
}

type Undefinable<T> = { readonly [Name in keyof T]?: T[Name] | undefined }

function defined(filters: Undefinable<WorklistFilters>): WorklistFilters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}
