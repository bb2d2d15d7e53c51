import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AuditPage } from '../../../../core/contract/api.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

let app: TestApp
let radiologist: { token: string; email: string; userId: string }
let auditor: { token: string }
const study = newUid()

beforeAll(async () => {
  app = await startTestApp()
  radiologist = await app.user(['radiologist'])
  auditor = await app.user(['auditor'])
  const file = dicom()
    .ct({ rows: 4, columns: 4 })
    .uids({ study })
    .set('PatientName', 'PN', ['+Wang^"Xiao"'])
    .set('PatientID', 'LO', ['P-77'])
    .build()
  await app.fetch('/dicom-web/studies', {
    method: 'POST',
    headers: { 'Content-Type': 'application/dicom' },
    body: new Uint8Array(file),
  })
  await app.fetch(`/dicom-web/studies/${study}/metadata`, { token: radiologist.token })
  await app.fetch('/dicom-web/studies?PatientID=P-77', { token: radiologist.token })
  await app.fetch('/api/admin/users', { token: radiologist.token })
})
afterAll(() => app.close())

async function search(query: Record<string, string>): Promise<AuditPage> {
  const answer = await app.fetch(`/api/admin/audit?${new URLSearchParams(query).toString()}`, {
    token: auditor.token,
  })
  expect(answer.status).toBe(200)
  return AuditPage.parse(await answer.json())
}

describe('the audit trail', () => {
  it('says who did what to whom, newest first', async () => {
    const { entries } = await search({ person: radiologist.email })
    expect(entries.map(({ event, outcome }) => [event, outcome])).toEqual([
      ['security-alert', 'denied'],
      ['query', 'success'],
      ['instances-accessed', 'success'],
    ])
    expect(entries[2]).toMatchObject({
      person: { userId: radiologist.userId },
      studyInstanceUid: study,
      patientId: 'P-77',
      address: expect.stringMatching(/127\.0\.0\.1|::1/) as string,
    })
  })

  it('is narrowed by event, outcome, patient, study and time', async () => {
    expect((await search({ outcome: 'denied' })).entries).toHaveLength(1)
    expect((await search({ event: 'query' })).entries).toHaveLength(1)
    for (const query of [{ patient: 'p-7' }, { patient: 'wang' }, { patient: '"xiao wang' }, { study }]) {
      const { entries } = await search(query)
      expect(new Set(entries.map((entry) => entry.studyInstanceUid))).toEqual(new Set([study]))
    }
    expect((await search({ patient: '%' })).entries).toEqual([])
    expect((await search({ to: '2020-01-01T00:00:00Z' })).entries).toEqual([])
    expect((await search({ from: '2020-01-01T00:00:00Z', event: 'query' })).entries).toHaveLength(1)
  })

  it('comes a page at a time, each entry once', async () => {
    const all = (await search({ limit: '500', event: 'user-authentication' })).entries.length
    const seen: string[] = []
    for (let before: string | undefined; ;) {
      const page = await search({
        limit: '2',
        person: radiologist.email,
        ...(before === undefined ? {} : { before }),
      })
      seen.push(...page.entries.map(({ id }) => id))
      if (page.next === null) break
      before = page.next
    }
    expect(seen).toHaveLength(3)
    expect(new Set(seen).size).toBe(3)
    expect(all).toBeGreaterThanOrEqual(0)
    const bad = await app.fetch('/api/admin/audit?before=x', { token: auditor.token })
    expect(bad.status).toBe(400)
  })

  it('records that it was read', async () => {
    const { entries } = await search({ event: 'audit-log-used' })
    expect(entries.length).toBeGreaterThan(0)
  })

  it('is exported as CSV that a spreadsheet does not run, and as FHIR', async () => {
    const csv = await app.fetch(`/api/admin/audit/export/csv?study=${study}`, { token: auditor.token })
    const text = await csv.text()
    expect(csv.headers.get('content-type')).toContain('text/csv')
    expect(csv.headers.get('content-disposition')).toContain('audit.csv')
    const lines = text.trim().split('\r\n')
    expect(lines[0]).toContain('occurred_at,event,outcome')
    expect(text).toContain(`"'+Wang^""Xiao"""`)
    const fhir = await app.fetch(`/api/admin/audit/export/fhir?study=${study}`, { token: auditor.token })
    const bundle = (await fhir.json()) as { entry: { resource: Record<string, unknown> }[] }
    expect(bundle.entry).toHaveLength(lines.length - 1)
    expect(bundle.entry.at(-1)?.resource).toMatchObject({
      resourceType: 'AuditEvent',
      type: { code: '110104' },
      outcome: '0',
    })
    expect((await app.fetch('/api/admin/audit/export/pdf', { token: auditor.token })).status).toBe(404)
    expect((await search({ event: 'export' })).entries).toHaveLength(2)
  })

  it('says whose account was changed, and nothing of one of another organisation', async () => {
    const person = await app.user(['reviewer'])
    await app.fetch(`/api/admin/users/${person.userId}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ disabled: true }),
    })
    const { entries } = await search({ event: 'configuration-changed', limit: '1' })
    expect(entries[0]).toMatchObject({
      subject: { userId: person.userId, email: person.email },
      detail: { change: 'user-changed' },
    })
    const csv = await app.fetch('/api/admin/audit/export/csv?event=configuration-changed', {
      token: auditor.token,
    })
    expect(await csv.text()).toContain(person.email)
    const stranger = await app.user(['reviewer'], await app.organisation('A hospital beside it'))
    await app.superuser.query(
      `insert into audit_event (organisation_id, event, outcome, detail)
       select organisation_id, 'configuration-changed', 'success', jsonb_build_object('subject', $1::text)
       from app_user where email = $2`,
      [stranger.userId, person.email],
    )
    const after = await search({ event: 'configuration-changed', limit: '1' })
    expect(after.entries[0]).toMatchObject({ subject: null, detail: { subject: stranger.userId } })
  })

  it('shows nothing of another organisation', async () => {
    const other = await app.user(['auditor', 'administrator'], await app.organisation('Another hospital'))
    const answer = await app.fetch(`/api/admin/audit?study=${study}`, { token: other.token })
    expect(AuditPage.parse(await answer.json()).entries).toEqual([])
    const all = AuditPage.parse(
      await (await app.fetch('/api/admin/audit?limit=500', { token: other.token })).json(),
    )
    expect(all.entries.every((entry) => entry.studyInstanceUid === null)).toBe(true)
  })
})
