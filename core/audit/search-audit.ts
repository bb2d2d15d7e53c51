import type { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import { hasWords } from '../archive/search-letters.ts'
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
  readonly subject_id: string | null
  readonly subject_email: string | null
  readonly subject_name: string | null
  readonly address: string | null
  readonly study_instance_uid: string | null
  readonly patient_id: string | null
  readonly patient_name: Entry['patientName']
  readonly detail: Record<string, string | number | boolean>
}

const EXPORT_PAGE = 1_000
/** What waits for the first bytes of a file waits no longer than for a page. */
const FIRST_EXPORT_PAGE = 100
/** Newest events that are looked through for each that is wanted. */
const LOOKED_THROUGH = 50
const MOST_STUDIES = 5_000
/** Subjects are users, or what else was changed. */
const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

/**
 * What was recorded in the principal's organisation, newest first, a page at a time. First the newest events are looked through
 * in their order, which finds what is common; only what is not found there is looked for by itself, which finds what is
 * rare: the planner cannot tell which of them it is asked for.
 */
export async function searchAudit(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  query: Query,
): Promise<z.infer<typeof AuditPage>> {
  const asked = await conditions(pacs, principal.organisationId, query)
  const newest = await readNewest(pacs, asked, query.limit)
  const isAll = newest.length > query.limit || asked.filters.length === 0
  const rows = isAll ? newest : await readFiltered(pacs, asked, query.limit)
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
  for (let limit = FIRST_EXPORT_PAGE; ; limit = EXPORT_PAGE) {
    const page = await searchAudit(pacs, principal, { ...query, before, limit })
    yield* page.entries
    if (page.next === null) return
    before = page.next
  }
}

interface Asked {
  /** Of whose record, and when. */
  readonly span: readonly string[]
  readonly filters: readonly string[]
  readonly params: readonly SqlValue[]
}

const IN_ORDER = 'order by e.occurred_at desc, e.audit_event_id desc'

function readNewest({ database }: Pick<Pacs, 'database'>, asked: Asked, limit: number): Promise<AuditRow[]> {
  const { span, filters, params } = asked
  const newest = `(select * from audit_event e where ${span.join(' and ')} ${IN_ORDER} limit ${limit * LOOKED_THROUGH})`
  const [from, where] = filters.length === 0 ? ['audit_event', span] : [newest, filters]
  const page = named(`select * from ${from} e where ${where.join(' and ')} ${IN_ORDER} limit ${limit + 1}`)
  return database.transaction(async (tx) => {
    const [, rows] = await Promise.all([
      // By the index that has their order, however few the planner takes them to be.
      tx.query('set local enable_sort = off'),
      tx.query<AuditRow>(page, params),
    ])
    return rows
  })
}

const readFiltered = (
  { database }: Pick<Pacs, 'database'>,
  asked: Asked,
  limit: number,
): Promise<AuditRow[]> =>
  database.query<AuditRow>(
    named(
      `select * from audit_event e where ${[...asked.span, ...asked.filters].join(' and ')} ${IN_ORDER} limit ${limit + 1}`,
    ),
    asked.params,
  )

/** The page first; names are looked up for what is shown. */
const named = (
  page: string,
): string => `select e.audit_event_id as id, to_char(e.occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred,
       e.event, e.outcome, e.user_id, u.email, u.display_name, s.user_id as subject_id, s.email as subject_email,
       s.display_name as subject_name, e.address, e.study_instance_uid, st.patient_id, st.patient_name, e.detail
     from (${page}) e
     left join app_user u on u.user_id = e.user_id
     left join app_user s on s.organisation_id = e.organisation_id
       and s.user_id = case when e.detail ->> 'subject' ~ '${UUID}' then (e.detail ->> 'subject')::uuid end
     left join study st on st.study_id = e.study_id and st.organisation_id = e.organisation_id
     ${IN_ORDER}`

/** People and patients as ids: how many they are says how to look for them. */
async function conditions(
  { database }: Pick<Pacs, 'database'>,
  organisationId: string,
  query: Query,
): Promise<Asked> {
  const params: SqlValue[] = []
  const param = (value: SqlValue): string => `$${params.push(value)}`
  const ids = async (text: string, values: readonly SqlValue[]): Promise<string[]> =>
    (await database.query<{ id: string }>(text, [organisationId, ...values])).map(({ id }) => id)
  const span = [`e.organisation_id = ${param(organisationId)}`]
  if (query.from !== undefined) span.push(`e.occurred_at >= ${param(query.from)}::timestamptz`)
  if (query.to !== undefined) span.push(`e.occurred_at < ${param(query.to)}::timestamptz`)
  if (query.before !== undefined) span.push(beforeCursor(query.before, param))
  const filters: string[] = []
  if (query.event !== undefined) filters.push(`e.event = ${param(query.event)}`)
  if (query.outcome !== undefined) filters.push(`e.outcome = ${param(query.outcome)}`)
  if (query.address !== undefined) filters.push(`e.address = ${param(query.address)}`)
  if (query.person !== undefined) {
    const people = await ids(
      `select user_id as id from app_user where organisation_id = $1
         and position($2 in lower(email || ' ' || display_name)) > 0`,
      [query.person.toLowerCase()],
    )
    filters.push(`e.user_id = any(${param(people)}::uuid[])`)
  }
  if (query.patient !== undefined) {
    const values: SqlValue[] = [organisationId]
    const named = hasWords('st', query.patient, values)
    const studies = await ids(
      `select st.study_id as id from study st where ${['st.organisation_id = $1', ...named].join(' and ')} limit ${MOST_STUDIES}`,
      values.slice(1),
    )
    filters.push(`e.study_id = any(${param(studies)}::uuid[])`)
  }
  if (query.study !== undefined) {
    const studies = await ids(
      'select study_id as id from study where organisation_id = $1 and study_instance_uid = $2',
      [query.study],
    )
    filters.push(`e.study_id = any(${param(studies)}::uuid[])`)
  }
  return { span, filters, params }
}

function beforeCursor(before: string, param: (value: SqlValue) => string): string {
  const [occurred = '', id = ''] = before.split('_')
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(occurred) || !/^\d{1,18}$/.test(id))
    throw invalid('audit-cursor-invalid', 'This page does not continue from there. Search again.')
  return `(e.occurred_at, e.audit_event_id) < (${param(occurred)}::timestamptz, ${param(id)}::bigint)`
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
    subject:
      row.subject_id === null
        ? null
        : { userId: row.subject_id, email: row.subject_email ?? '', displayName: row.subject_name ?? '' },
    address: row.address,
    studyInstanceUid: row.study_instance_uid,
    patientId: row.patient_id,
    patientName: row.patient_name,
    detail: row.detail,
  }
}
