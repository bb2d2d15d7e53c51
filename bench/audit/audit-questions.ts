import type { Database } from '../../core/ports/database.ts'
import { MADE } from '../search/fill-archive.ts'
import { COMMON, RARE } from './fill-audit.ts'

/** What somebody asks the audit page, as its query. */
export interface AuditQuestion {
  readonly name: string
  readonly query: Readonly<Record<string, string>>
  /** A file, of which the first bytes are waited for. */
  readonly file?: 'csv' | 'fhir'
}

/** The questions, with what of the made record they need to know. */
export async function auditQuestions(database: Database): Promise<AuditQuestion[]> {
  const cursor = async (share: number): Promise<string> => {
    const [row] = await database.query<{ cursor: string }>(
      `select to_char(occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '_' || audit_event_id as cursor
       from audit_event where organisation_id = $1 and audit_event_id > $2::float8 * (select max(audit_event_id) from audit_event)
       order by audit_event_id limit 1`,
      [MADE.organisationId, share],
    )
    return row?.cursor ?? ''
  }
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()
  const day = { from: daysAgo(366), to: daysAgo(365) }
  const month = { from: daysAgo(395), to: daysAgo(365) }
  const [seen] = await database.query<{ patient_id: string }>(
    `select patient_id from study st where exists (select from audit_event e where e.study_id = st.study_id)
     order by study_instance_uid limit 1`,
  )
  const patient = seen?.patient_id ?? ''
  return [
    { name: 'the page as it opens', query: {} },
    { name: 'a page in the middle', query: { before: await cursor(0.5) } },
    { name: 'the last page', query: { before: await cursor(0.0002) } },
    { name: 'a person who is there every day', query: { person: COMMON.person } },
    { name: 'a person who was there five times', query: { person: RARE.person } },
    { name: 'a part of many names', query: { person: 'person 1' } },
    { name: 'nobody', query: { person: 'nobody at all' } },
    { name: 'what is common: studies opened', query: { event: 'instances-accessed' } },
    { name: 'what is rare: exports', query: { event: 'export' } },
    { name: 'what is rare: alarms', query: { event: 'security-alert' } },
    { name: 'what was refused', query: { outcome: 'denied' } },
    { name: 'what failed, which nothing did', query: { outcome: 'failure' } },
    { name: 'a patient by number', query: { patient } },
    { name: 'a patient by a common name', query: { patient: 'wang' } },
    { name: 'a patient who is not here', query: { patient: 'xqzzy' } },
    { name: 'an address of every day', query: { address: COMMON.address } },
    { name: 'an address that was seen five times', query: { address: RARE.address } },
    { name: 'an address that was never seen', query: { address: '203.0.113.10' } },
    { name: 'a day, a year ago', query: day },
    { name: 'a month, a year ago', query: month },
    { name: 'what is common, on a day', query: { ...day, event: 'query' } },
    {
      name: 'a person, what is rare, in a month',
      query: { ...month, person: COMMON.person, event: 'export' },
    },
    { name: 'a person and a patient, who never met', query: { person: RARE.person, patient } },
    {
      name: 'a person who was there five times, what was refused',
      query: { person: RARE.person, outcome: 'denied' },
    },
    {
      name: 'exports that were refused to an address',
      query: { event: 'export', outcome: 'denied', address: COMMON.address },
    },
    {
      name: 'opened at an address that was never seen',
      query: { event: 'instances-accessed', address: '203.0.113.10' },
    },
    { name: 'CSV of everything, first bytes', query: {}, file: 'csv' },
    { name: 'CSV of a person, first bytes', query: { person: COMMON.person }, file: 'csv' },
    { name: 'FHIR of what was refused, first bytes', query: { outcome: 'denied' }, file: 'fhir' },
  ]
}
