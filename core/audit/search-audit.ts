import type { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import { foldText } from '../archive/fold-text.ts'
import type { AuditEntryView, AuditPage, AuditQuery } from '../contract/api.ts'
import { invalid } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'

type Query = z.infer<typeof AuditQuery>
type Entry = z.infer<typeof AuditEntryView>

interface AuditRow {
  readonly id: number
  readonly occurred: string
  readonly event: string
  readonly outcome: string
  readonly user_id: string | null
  readonly email: string | null
  readonly display_name: string | null
  readonly address: string | null
  readonly study_instance_uid: string | null
  readonly patient_id: string | null
  readonly patient_name: Entry['patientName']
  readonly detail: Record<string, string | number | boolean>
}

const EXPORT_PAGE = 1_000

/** What was recorded in the principal's organisation, newest first, a page at a time. */
export async function searchAudit(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  query: Query,
): Promise<z.infer<typeof AuditPage>> {
  const params: SqlValue[] = []
  const where = conditions(principal.organisationId, query, params)
  // The page first, by its index; names are looked up for what is shown.
  const rows = await pacs.database.query<AuditRow>(
    `select e.audit_event_id as id, to_char(e.occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred,
       e.event, e.outcome, e.user_id, u.email, u.display_name, e.address, e.study_instance_uid, st.patient_id,
       st.patient_name, e.detail
     from (select * from audit_event e where ${where.join(' and ')}
       order by e.occurred_at desc, e.audit_event_id desc limit $${params.push(query.limit + 1)}) e
     left join app_user u on u.user_id = e.user_id
     left join study st on st.study_id = e.study_id and st.organisation_id = e.organisation_id
     order by e.occurred_at desc, e.audit_event_id desc`,
    params,
  )
  const shown = rows.slice(0, query.limit)
  const last = shown.at(-1)
  return {
    entries: shown.map(present),
    next: rows.length > query.limit && last !== undefined ? `${last.occurred}_${last.id}` : null,
  }
}

/** All that a query finds, page after page, so that an export of years needs no memory. */
export async function* exportAudit(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  query: Query,
): AsyncGenerator<Entry> {
  let { before } = query
  for (;;) {
    const page = await searchAudit(pacs, principal, { ...query, before, limit: EXPORT_PAGE })
    yield* page.entries
    if (page.next === null) return
    before = page.next
  }
}

function conditions(organisationId: string, query: Query, params: SqlValue[]): string[] {
  const param = (value: SqlValue): string => `$${params.push(value)}`
  const where = [`e.organisation_id = ${param(organisationId)}`]
  if (query.event !== undefined) where.push(`e.event = ${param(query.event)}`)
  if (query.outcome !== undefined) where.push(`e.outcome = ${param(query.outcome)}`)
  if (query.from !== undefined) where.push(`e.occurred_at >= ${param(query.from)}::timestamptz`)
  if (query.to !== undefined) where.push(`e.occurred_at < ${param(query.to)}::timestamptz`)
  if (query.address !== undefined) where.push(`e.address = ${param(query.address)}`)
  if (query.person !== undefined) {
    where.push(`e.user_id = any(array(select user_id from app_user u where u.organisation_id = $1
      and position(${param(query.person.toLowerCase())} in lower(u.email || ' ' || u.display_name)) > 0))`)
  }
  if (query.patient !== undefined) {
    const text = param(`%${foldText(query.patient).replace(/[\\%_]/g, '\\$&')}%`)
    where.push(`e.study_id = any(array(select study_id from study where organisation_id = $1
      and search_text like ${text} limit 5000))`)
  }
  if (query.study !== undefined) {
    where.push(`e.study_id = (select study_id from study where organisation_id = $1
      and study_instance_uid = ${param(query.study)})`)
  }
  if (query.before !== undefined) {
    const [occurred = '', id = ''] = query.before.split('_')
    if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(occurred) || !/^\d{1,18}$/.test(id))
      throw invalid('audit-cursor-invalid', 'This page does not continue from there. Search again.')
    where.push(`(e.occurred_at, e.audit_event_id) < (${param(occurred)}::timestamptz, ${param(id)}::bigint)`)
  }
  return where
}

function present(row: AuditRow): Entry {
  return {
    id: String(row.id),
    occurredAt: row.occurred,
    event: row.event,
    outcome: row.outcome,
    person:
      row.user_id === null
        ? null
        : { userId: row.user_id, email: row.email ?? '', displayName: row.display_name ?? '' },
    address: row.address,
    studyInstanceUid: row.study_instance_uid,
    patientId: row.patient_id,
    patientName: row.patient_name,
    detail: row.detail,
  }
}
