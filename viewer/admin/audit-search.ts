import type { z } from 'zod'
import type { AuditEvent } from '../../core/contract/api.ts'

/** What the audit page is asked for; empty text asks for nothing. */
export interface AuditFilterValues {
  readonly event: z.infer<typeof AuditEvent> | undefined
  readonly outcome: 'success' | 'denied' | 'failure' | undefined
  readonly person: string
  readonly patient: string
  /** Whole. */
  readonly address: string
  /** Local days, `YYYY-MM-DD`, both included. */
  readonly from: string
  readonly to: string
}

export const NO_FILTERS: AuditFilterValues = {
  event: undefined,
  outcome: undefined,
  person: '',
  patient: '',
  address: '',
  from: '',
  to: '',
}

/** The query of `GET /api/admin/audit`: days become moments of the local clock. */
export function auditSearch(filters: AuditFilterValues): Record<string, string> {
  const search: Record<string, string> = {}
  if (filters.event !== undefined) search['event'] = filters.event
  if (filters.outcome !== undefined) search['outcome'] = filters.outcome
  if (filters.person.trim() !== '') search['person'] = filters.person.trim()
  if (filters.patient.trim() !== '') search['patient'] = filters.patient.trim()
  if (filters.address.trim() !== '') search['address'] = filters.address.trim()
  const from = startOfDay(filters.from, 0)
  if (from !== undefined) search['from'] = from
  const to = startOfDay(filters.to, 1)
  if (to !== undefined) search['to'] = to
  return search
}

function startOfDay(day: string, daysLater: number): string | undefined {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return undefined
  const moment = new Date(year, month - 1, date + daysLater)
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString()
}
