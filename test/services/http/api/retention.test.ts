import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type {
  DueStudies,
  RetentionPage,
  RetentionPreview,
  RetentionTerms,
} from '../../../../core/contract/retention.ts'
import { removeWhatIsDue } from '../../../../core/retention/list-due-studies.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const JSON_TYPE = { 'Content-Type': 'application/json' }
const RETENTION = '/api/admin/retention'
const WHY = 'a claim is open at the court'
/** A day so many years ago, and a day more. */
const yearsAgo = (years: number, days = 1): string => {
  const day = new Date(Date.now() - days * 86_400_000)
  day.setUTCFullYear(day.getUTCFullYear() - years)
  return day.toISOString().slice(0, 10).replaceAll('-', '')
}

let app: TestApp
let stranger: string
beforeAll(async () => {
  app = await startTestApp()
  stranger = (await app.user(['administrator'], await app.organisation('Another hospital'))).token
})
afterAll(() => app.close())
afterEach(async () => {
  await app.drain()
  for (const table of [
    'retention_due',
    'retention_rule',
    'study_hold',
    'quarantine',
    'emergency_access',
    'study',
  ])
    await app.pacs.database.query(`delete from ${table}`)
})

const send = (method: string, path: string, body: object, token?: string): Promise<Response> =>
  app.fetch(path, {
    method,
    headers: JSON_TYPE,
    body: JSON.stringify(body),
    ...(token === undefined ? {} : { token }),
  })

async function store(
  attributes: Record<string, string> = {},
  token = app.token,
  uids: { study?: string } = {},
): Promise<string> {
  const file = dicom().ct({ rows: 8, columns: 8 }).uids(uids)
  const vrs: Record<string, string> = {
    StudyDate: 'DA',
    PatientBirthDate: 'DA',
    Modality: 'CS',
    PatientID: 'LO',
  }
  const given: Record<string, string> = {
    StudyDate: yearsAgo(12),
    PatientBirthDate: '19500101',
    ...attributes,
  }
  for (const [name, value] of Object.entries(given))
    file.set(name as never, (vrs[name] ?? 'LO') as never, [value])
  const stored = await app.fetch('/dicom-web/studies', {
    method: 'POST',
    token,
    headers: { 'Content-Type': 'application/dicom' },
    body: new Uint8Array(file.build()),
  })
  expect(stored.status).toBe(200)
  await app.drain()
  return String(file.json()['0020000D']?.Value?.[0])
}

const TERMS: RetentionTerms = {
  modalities: [],
  years: 10,
  countedFrom: 'study-date',
  minorsUntil: null,
  graceDays: 30,
  removesShared: false,
}

async function draft(terms: Partial<RetentionTerms> = {}, token?: string): Promise<string> {
  const made = await send('POST', `${RETENTION}/rules`, { ...TERMS, ...terms }, token)
  expect(made.status).toBe(201)
  return ((await made.json()) as { ruleId: string }).ruleId
}

async function switchOn(terms: Partial<RetentionTerms> = {}): Promise<string> {
  const rule = await draft(terms)
  expect((await send('PUT', `${RETENTION}/rules/${rule}/enabled`, { studies: 1000 })).status).toBe(204)
  return rule
}

const read = async <Answer>(path: string, token?: string): Promise<Answer> =>
  (await app.fetch(path, token === undefined ? {} : { token })).json() as Promise<Answer>
const preview = (rule: string): Promise<RetentionPreview> => read(`${RETENTION}/rules/${rule}/preview`)
const due = async (token?: string): Promise<string[]> =>
  (await read<DueStudies>(`${RETENTION}/due`, token)).studies.map((study) => study.studyInstanceUid).sort()
const codeOf = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  ((await answer.json()) as { code: string }).code,
]

describe('the rules of how long studies are kept', () => {
  it('remove nothing where there are none, or only drafts', async () => {
    await store()
    await removeWhatIsDue(app.pacs)
    expect(await due()).toEqual([])
    await draft()
    await removeWhatIsDue(app.pacs)
    expect(await due()).toEqual([])
  })

  it('show what would go before they are switched on, and list it for the days of grace then', async () => {
    const old = await store({ StudyDate: yearsAgo(10) })
    await store({ StudyDate: yearsAgo(10, -1) })
    const rule = await draft()
    const shown = await preview(rule)
    expect(shown).toMatchObject({
      studies: 1,
      list: [{ studyInstanceUid: old, instances: 1, mayRead: true }],
    })
    expect(shown.bytes).toBe(shown.list[0]?.bytes)
    expect(await codeOf(await send('PUT', `${RETENTION}/rules/${rule}/enabled`, { studies: 0 }))).toEqual([
      409,
      'retention-preview-changed',
    ])
    expect((await send('PUT', `${RETENTION}/rules/${rule}/enabled`, { studies: 1 })).status).toBe(204)
    const { studies } = await read<DueStudies>(`${RETENTION}/due`)
    expect(studies.map((study) => study.studyInstanceUid)).toEqual([old])
    const days = (Date.parse(studies[0]?.removeAfter ?? '') - Date.now()) / 86_400_000
    expect(days).toBeCloseTo(30, 1)
    await removeWhatIsDue(app.pacs)
    await app.drain()
    expect((await app.fetch(`/api/studies/${old}`)).status).toBe(200)
    await app.pacs.database.query(
      `update retention_due set found_at = now() - interval '31 days', remove_after = now() - interval '1 day'`,
    )
    await removeWhatIsDue(app.pacs)
    await app.drain()
    expect((await app.fetch(`/api/studies/${old}`)).status).toBe(404)
    const page = await read<RetentionPage>(RETENTION)
    expect(page.removals[0]).toMatchObject({ studyInstanceUid: old, ruleId: rule, instances: 1, done: true })
  })

  it('let the longest of those that fit hold, and for ever above all', async () => {
    const [ct, mr, mg] = await Promise.all(['CT', 'MR', 'MG'].map((Modality) => store({ Modality })))
    await switchOn()
    expect(await due()).toEqual([ct, mr, mg].sort())
    await switchOn({ modalities: ['MR'], years: 30 })
    await switchOn({ modalities: ['MG'], years: null })
    expect(await due()).toEqual([ct])
  })

  it('keep what a study is made of and none fits; its reports go with it', async () => {
    const study = await store({ Modality: 'CT' })
    await store({ Modality: 'SR', SeriesInstanceUID: '1.2.3.4' }, app.token, { study })
    const both = await store({ Modality: 'CT' })
    await store({ Modality: 'PT' }, app.token, { study: both })
    await switchOn({ modalities: ['CT'] })
    expect(await due()).toEqual([study])
    await switchOn({ modalities: ['PT'] })
    expect(await due()).toEqual([study, both].sort())
  })

  it('keep studies of minors until an age, and of nobody knows what age', async () => {
    const adult = await store({ PatientBirthDate: yearsAgo(12 + 18, 3) })
    await store({ PatientBirthDate: yearsAgo(12 + 17) })
    const grown = await store({ StudyDate: yearsAgo(25), PatientBirthDate: yearsAgo(25 + 10) })
    const unknown = await store({ PatientBirthDate: '' })
    const rule = await switchOn({ minorsUntil: 30 })
    expect(await due()).toEqual([adult, grown].sort())
    expect(await preview(rule)).toMatchObject({ studies: 2, kept: { 'age-unknown': 1 } })
    await send('PUT', `${RETENTION}/rules/${rule}`, TERMS)
    await send('PUT', `${RETENTION}/rules/${rule}/enabled`, { studies: 1000 })
    expect(await due()).toContain(unknown)
  })

  it('count from the day of receipt where the date is none, or could not be', async () => {
    for (const StudyDate of ['', '19000101', '20219999']) await store({ StudyDate })
    await store({ StudyDate: yearsAgo(40) })
    const byReceipt = await draft({ countedFrom: 'received' })
    expect((await preview(byReceipt)).studies).toBe(0)
    expect((await preview(await draft())).studies).toBe(1)
    await app.pacs.database.query(`update study set last_received_at = now() - interval '11 years'`)
    expect((await preview(byReceipt)).studies).toBe(4)
  })

  it('are drafts again when they are changed, and take nothing back of what was promised', async () => {
    await store()
    const rule = await switchOn({ graceDays: 60 })
    const before = await read<DueStudies>(`${RETENTION}/due`)
    await switchOn({ graceDays: 7 })
    await removeWhatIsDue(app.pacs)
    expect((await read<DueStudies>(`${RETENTION}/due`)).studies[0]?.removeAfter).toBe(
      before.studies[0]?.removeAfter,
    )
    await send('PUT', `${RETENTION}/rules/${rule}`, { ...TERMS, years: 50 })
    const page = await read<RetentionPage>(RETENTION)
    expect(page.rules.find(({ ruleId }) => ruleId === rule)?.enabledAt).toBeNull()
    await app.fetch(`${RETENTION}/rules/${page.rules[1]?.ruleId}/enabled`, { method: 'DELETE' })
    expect(await due()).toEqual([])
  })

  it('are of one organisation, whose administrators alone see and change them', async () => {
    const ours = await store()
    const theirs = await store({}, stranger)
    const rule = await switchOn()
    expect(await due()).toEqual([ours])
    expect(await due(stranger)).toEqual([])
    await send('POST', `/api/studies/${ours}/hold`, { reason: WHY, until: null })
    expect(await read<RetentionPage>(RETENTION, stranger)).toMatchObject({
      ...{ rules: [], holds: [], removals: [], due: { studies: 0 } },
    })
    const [hold] = (await read<RetentionPage>(RETENTION)).holds
    const refused = await Promise.all([
      app.fetch(`${RETENTION}/rules/${rule}/preview`, { token: stranger }),
      send('PUT', `${RETENTION}/rules/${rule}`, TERMS, stranger),
      send('PUT', `${RETENTION}/rules/${rule}/enabled`, { studies: 9 }, stranger),
      app.fetch(`${RETENTION}/rules/${rule}/enabled`, { method: 'DELETE', token: stranger }),
      app.fetch(`${RETENTION}/rules/${rule}`, { method: 'DELETE', token: stranger }),
      app.fetch(`${RETENTION}/holds/${hold?.holdId}`, { method: 'DELETE', token: stranger }),
      send('POST', `/api/studies/${ours}/hold`, { reason: WHY, until: null }, stranger),
      send('POST', `/api/studies/${ours}/removal`, { reason: WHY }, stranger),
    ])
    expect(refused.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 404))
    expect((await app.fetch(`/api/studies/${theirs}`, { token: stranger })).status).toBe(200)
  })
})

describe('what keeps a study whatever the rules say', () => {
  it.each([
    [
      'a hold on it',
      'hold',
      (uid: string) => send('POST', `/api/studies/${uid}/hold`, { reason: WHY, until: null }),
    ],
    [
      'a hold on its patient',
      'hold',
      (uid: string) =>
        send('POST', `/api/studies/${uid}/hold`, { holds: 'patient', reason: WHY, until: null }),
    ],
    [
      'an emergency access that waits for its review',
      'emergency',
      () =>
        app.pacs.database.query(
          `insert into emergency_access (emergency_id, organisation_id, user_id, patient_id, reason_code, reason, expires_at)
           select gen_random_uuid(), organisation_id, user_id, 'P1', 'other', 'why', now() from app_user
           where email = 'admin@localhost'`,
        ),
    ],
    ['an open link', 'link', share],
    [
      'an undecided image in quarantine',
      'quarantine',
      (uid: string) =>
        app.pacs.database.query(
          `insert into quarantine (quarantine_id, organisation_id, study_instance_uid, series_instance_uid, sop_instance_uid,
             object_key, size, sha256, received_at, source) select gen_random_uuid(), organisation_id, $1, '1', '2', 'none', 1,
             '', now(), 'stow' from study where study_instance_uid = $1`,
          [uid],
        ),
    ],
  ] as const)('is %s', async (_what, because, keep) => {
    const uid = await store({ PatientID: 'P1' })
    const rule = await switchOn()
    expect(await due()).toEqual([uid])
    await app.pacs.database.query(
      `update retention_due set found_at = now() - interval '31 days', remove_after = now() - interval '1 day'`,
    )
    await keep(uid)
    await removeWhatIsDue(app.pacs)
    await app.drain()
    expect((await app.fetch(`/api/studies/${uid}`)).status).toBe(200)
    expect(await due()).toEqual([])
    expect((await preview(rule)).kept[because]).toBe(1)
    const byHand = await send('POST', `/api/studies/${uid}/removal`, { reason: WHY })
    expect(byHand.status).toBe(409)
  })

  it('ends: with its last day, or when it is lifted; then the days begin again', async () => {
    const uid = await store()
    await switchOn()
    await send('POST', `/api/studies/${uid}/hold`, { reason: WHY, until: '2020-01-01' })
    await removeWhatIsDue(app.pacs)
    expect(await due()).toEqual([uid])
    await send('POST', `/api/studies/${uid}/hold`, { reason: WHY, until: null })
    const { holds } = await read<RetentionPage>(RETENTION)
    expect(holds[0]).toMatchObject({ studyInstanceUid: uid, studies: 1, reason: WHY, until: null })
    expect(await due()).toEqual([])
    expect((await app.fetch(`${RETENTION}/holds/${holds[0]?.holdId}`, { method: 'DELETE' })).status).toBe(204)
    await removeWhatIsDue(app.pacs)
    expect(await due()).toEqual([uid])
  })

  it('is not of a patient without a number', async () => {
    const uid = await store({ PatientID: '' })
    const hold = { holds: 'patient', reason: WHY, until: null }
    expect(await codeOf(await send('POST', `/api/studies/${uid}/hold`, hold))).toEqual([
      409,
      'patient-without-number',
    ])
  })

  it('names nobody to an administrator who may not read the study', async () => {
    await store({ PatientID: 'P1' })
    await switchOn()
    await send('PUT', '/api/admin/access/ruled-roles', { roles: ['administrator'] })
    const { token } = await app.user(['administrator'])
    const { studies } = await read<DueStudies>(`${RETENTION}/due`, token)
    expect(studies).toMatchObject([
      { mayRead: false, patientName: null, patientId: '', studyDescription: '' },
    ])
    await send('PUT', '/api/admin/access/ruled-roles', { roles: [] })
  })
})

describe('POST /api/studies/{study}/removal', () => {
  it('removes a study at once, with who and why', async () => {
    const uid = await store()
    expect((await send('POST', `/api/studies/${uid}/removal`, { reason: 'no' })).status).toBe(400)
    expect(
      (await send('POST', `/api/studies/${uid}/removal`, { reason: 'sent to us by mistake' })).status,
    ).toBe(204)
    expect((await app.fetch(`/api/studies/${uid}`)).status).toBe(404)
    await app.drain()
    const { removals } = await read<RetentionPage>(RETENTION)
    expect(removals[0]).toMatchObject({
      ...{ studyInstanceUid: uid, ruleId: null, reason: 'sent to us by mistake', done: true },
      removedBy: 'Administrator',
    })
    const events = await app.pacs.database.query(
      `select detail ->> 'cause' as cause from audit_event where event = 'study-deleted' and study_instance_uid = $1`,
      [uid],
    )
    expect(events).toEqual([{ cause: 'by-hand' }])
  })

  it('closes the links that show it, where that is said', async () => {
    const uid = await store()
    await share(uid)
    expect(await codeOf(await send('POST', `/api/studies/${uid}/removal`, { reason: WHY }))).toEqual([
      409,
      'study-shared',
    ])
    const removal = { reason: WHY, removesShared: true }
    expect((await send('POST', `/api/studies/${uid}/removal`, removal)).status).toBe(204)
    expect(await app.pacs.database.query('select 1 from share_link')).toEqual([])
  })
})

async function share(uid: string): Promise<void> {
  const made = await send('POST', `/api/studies/${uid}/shares`, {
    recipientName: 'Guest',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  })
  expect(made.status).toBe(201)
}
