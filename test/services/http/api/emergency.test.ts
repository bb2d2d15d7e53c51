import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fhirAuditEvent } from '../../../../core/audit/present-audit.ts'
import { endExpiredEmergencies } from '../../../../core/emergency/end-emergency.ts'
import type { EmergencyState, ReviewedEmergency } from '../../../../core/contract/emergency.ts'
import { tellAccessChanged } from '../../../support/access-change.ts'
import { codeNow } from '../../../support/code-now.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { cookieBrowser, type CookieBrowser } from '../../../support/cookie-browser.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const PASSWORD = 'a long password'
const WHY = { reasonCode: 'emergency-treatment', reason: 'Head injury, patient in the resuscitation room' }

let app: TestApp
/** Of patient E-1, who has two studies; and of another patient with the same number from elsewhere. */
let study: string
let elsewhere: string
let clinician: { userId: string; token: string; email: string }

beforeAll(async () => {
  app = await startTestApp()
  study = await store({ PatientID: 'E-1', AccessionNumber: 'A-77', StudyDate: '20260301' })
  await store({ PatientID: 'E-1', AccessionNumber: 'A-78', StudyDate: '20250401', Modality: 'MR' })
  elsewhere = await store({ PatientID: 'E-1', IssuerOfPatientID: 'ELSEWHERE', AccessionNumber: 'A-79' })
  await store({ PatientID: '', AccessionNumber: 'A-80' })
  await app.drain()
})
afterAll(() => app.close())
beforeEach(async () => {
  clinician = await app.user(['referring'])
})

describe('POST /api/emergency/search', () => {
  it('says that studies exist, and nothing of whose they are', async () => {
    const answer = await search({ by: 'accession-number', value: 'A-77' })
    expect(await answer.json()).toEqual({
      matches: [
        { issuerOfPatientId: '', studies: 2, modalities: ['CT', 'MR'], from: '20250401', to: '20260301' },
      ],
    })
  })

  it('tells patients of one number apart by who gave it', async () => {
    const answer = await search({ by: 'patient-id', value: 'E-1' })
    expect(await answer.json()).toMatchObject({
      matches: [
        { issuerOfPatientId: '', studies: 2 },
        { issuerOfPatientId: 'ELSEWHERE', studies: 1 },
      ],
    })
  })

  it('finds nothing by a part, by another case, by a wildcard, or without a patient ID', async () => {
    for (const value of ['E-', 'e-1', 'E%', '*', 'E-1_'])
      expect([value, await (await search({ by: 'patient-id', value })).json()]).toEqual([
        value,
        { matches: [] },
      ])
    expect(await (await search({ by: 'accession-number', value: 'A-80' })).json()).toEqual({ matches: [] })
  })

  it('finds nothing for who reads everything, and nothing of another organisation', async () => {
    const radiologist = await app.user(['radiologist'])
    const foreign = await app.user(['referring'], await app.organisation('Another hospital'))
    for (const { token } of [radiologist, foreign]) {
      const answer = await search({ by: 'patient-id', value: 'E-1' }, token)
      expect(await answer.json()).toEqual({ matches: [] })
    }
  })

  it('is recorded without what was searched for, and ends after twenty', async () => {
    for (let time = 0; time < 20; time++)
      expect((await search({ by: 'patient-id', value: `guess-${time}` })).status).toBe(200)
    const refused = await search({ by: 'patient-id', value: 'E-1' })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    const events = await audited('query')
    expect(events).toHaveLength(20)
    expect(JSON.stringify(events)).not.toContain('guess')
  })
})

describe('POST /api/emergency', () => {
  it('opens every study of the patient, for so long, to this person alone', async () => {
    expect((await read(study)).status).toBe(404)
    const asked = await breakGlass()
    expect(asked.status).toBe(201)
    expect((await read(study)).status).toBe(200)
    expect((await read(elsewhere)).status).toBe(404)
    const colleague = await app.user(['referring'])
    expect((await read(study, colleague.token)).status).toBe(404)
    const { enabled, minutes, mine } = await state()
    expect({ enabled, minutes }).toEqual({ enabled: true, minutes: 60 })
    expect(mine).toMatchObject([{ patientId: 'E-1', ...WHY, studies: [{ studyInstanceUid: study }, {}] }])
    const lasts = Date.parse(mine[0]?.expiresAt ?? '') - Date.parse(mine[0]?.beganAt ?? '')
    expect(Math.abs(lasts - 3_600_000)).toBeLessThan(60_000)
  })

  it('refuses a wrong password, which is recorded, and after ten waits', async () => {
    for (let time = 0; time < 10; time++) {
      const answer = await breakGlass({ password: 'another' })
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'proof-wrong'])
    }
    expect((await breakGlass()).status).toBe(429)
    expect(await audited('user-authentication')).toMatchObject(
      Array.from({ length: 10 }, () => ({ outcome: 'denied', detail: { reason: 'proof-wrong' } })),
    )
    expect((await read(study)).status).toBe(404)
  })

  it('takes a code of an authenticator from whoever has no password, and wants one', async () => {
    const { browser, secret } = await withCodes()
    await forgetPassword()
    expect((await state()).proofs).toEqual(['code'])
    const ask = (proof: object) => browser.call('POST', '/api/emergency', { ...REQUEST, ...proof })
    expect(await ask({})).toMatchObject({ status: 403, code: 'proof-needed' })
    expect(await ask({ password: PASSWORD })).toMatchObject({ status: 400, code: 'proof-wrong' })
    expect((await read(study)).status).toBe(404)
    const code = await codeNow(secret)
    expect((await ask({ code })).status).toBe(201)
    expect((await read(study)).status).toBe(200)
    expect(await ask({ code })).toMatchObject({ status: 400, code: 'proof-wrong' })
  })

  it('takes a sign-in of a moment ago from whoever signs in with a provider alone, and no other', async () => {
    const browser = await signedIn()
    await forgetPassword()
    expect((await state()).proofs).toEqual([])
    await app.pacs.database.query(
      `update session set authenticated_at = now() - interval '16 minutes' where user_id = $1`,
      [clinician.userId],
    )
    await app.pacs.database.query(`select pg_notify('access_changed', '')`)
    const ask = () => browser.call('POST', '/api/emergency', REQUEST)
    await expect.poll(async () => (await ask()).code).toBe('sign-in-again-needed')
    // A program's token says nothing of who holds it.
    expect((await breakGlass({ password: undefined })).status).toBe(403)
    await app.pacs.database.query(`update session set authenticated_at = now() where user_id = $1`, [
      clinician.userId,
    ])
    await app.pacs.database.query(`select pg_notify('access_changed', '')`)
    await expect.poll(async () => (await ask()).status).toBe(201)
    expect((await read(study)).status).toBe(200)
  })

  it('refuses a reason that says nothing, a patient who is not there and one who is not told apart', async () => {
    for (const reason of ['', '.', 'urgent', 'no no', '急诊'])
      expect([reason, (await breakGlass({ reason })).status]).toEqual([reason, 400])
    expect((await breakGlass({ reason: '车祸昏迷，需立即查看头部影像' })).status).toBe(201)
    expect((await breakGlass({ value: 'E-2' })).status).toBe(404)
    await store({ PatientID: 'E-8', AccessionNumber: 'A-90' })
    await store({ PatientID: 'E-9', AccessionNumber: 'A-90' })
    const shared = await breakGlass({ by: 'accession-number', value: 'A-90' })
    expect(((await shared.json()) as { code: string }).code).toBe('emergency-patient-ambiguous')
  })

  it('ends by itself, and the end is recorded', async () => {
    await breakGlass()
    expect((await read(study)).status).toBe(200)
    await app.pacs.database.query(
      `update emergency_access set began_at = began_at - interval '1 day', expires_at = now() where user_id = $1`,
      [clinician.userId],
    )
    await endExpiredEmergencies(app.pacs)
    await expect.poll(async () => (await read(study)).status).toBe(404)
    expect((await state()).mine).toEqual([])
    const stops = await app.pacs.database.query(
      `select 1 from audit_event where detail ->> 'change' = 'emergency-stopped' and detail ->> 'subject' = $1
         and detail ->> 'actor' = 'clock'`,
      [clinician.userId],
    )
    expect(stops).toHaveLength(1)
  })

  it('is ended by whose it is, and by nobody else', async () => {
    const { emergencyId } = (await (await breakGlass()).json()) as { emergencyId: string }
    const colleague = await app.user(['referring'])
    const end = (token: string): Promise<Response> =>
      app.fetch(`/api/emergency/${emergencyId}`, { method: 'DELETE', token })
    expect((await end(colleague.token)).status).toBe(404)
    expect((await end(clinician.token)).status).toBe(204)
    await expect.poll(async () => (await read(study)).status).toBe(404)
    expect((await end(clinician.token)).status).toBe(404)
  })

  it('is refused where it is switched off, which ends what lasts', async () => {
    await breakGlass()
    expect((await setting({ enabled: false, minutes: 30 })).status).toBe(204)
    await expect.poll(async () => (await read(study)).status).toBe(404)
    for (const answer of [await search({ by: 'patient-id', value: 'E-1' }), await breakGlass()]) {
      expect(answer.status).toBe(403)
      expect(((await answer.json()) as { code: string }).code).toBe('emergency-off')
    }
    expect((await state()).enabled).toBe(false)
    expect((await setting({ enabled: true, minutes: 60 })).status).toBe(204)
    for (const minutes of [0, 4, 1441, 1.5])
      expect([minutes, (await setting({ enabled: true, minutes })).status]).toEqual([minutes, 400])
  })

  it('is in the record as the standard names it, with each study that is opened', async () => {
    const { emergencyId } = (await (await breakGlass()).json()) as { emergencyId: string }
    await app.fetch(`/api/studies/${study}`, { token: clinician.token })
    const [started] = await audited('security-alert')
    expect(started?.detail).toMatchObject({ change: 'emergency-started', emergency: emergencyId, studies: 2 })
    expect(JSON.stringify(started)).not.toContain('E-1')
    expect(await audited('instances-accessed')).toMatchObject([
      { outcome: 'success', detail: { purpose: 'opening', emergency: emergencyId } },
    ])
    const page = await app.fetch('/api/admin/audit?event=security-alert&limit=1')
    const { entries } = (await page.json()) as { entries: Parameters<typeof fhirAuditEvent>[0][] }
    expect(fhirAuditEvent(entries[0] as (typeof entries)[0])).toMatchObject({
      type: { code: '110113' },
      subtype: [{ code: '110127', display: 'Emergency Override Started' }],
    })
  })

  it('records a study again that is opened under another access', async () => {
    for (let time = 0; time < 2; time++) {
      const { emergencyId } = (await (await breakGlass()).json()) as { emergencyId: string }
      await app.fetch(`/api/studies/${study}`, { token: clinician.token })
      await app.fetch(`/api/emergency/${emergencyId}`, { method: 'DELETE', token: clinician.token })
      await expect.poll(async () => (await read(study)).status).toBe(404)
    }
    const opened = await audited('instances-accessed', 'success')
    expect(new Set(opened.map(({ detail }) => detail['emergency'])).size).toBe(2)
  })
})

describe('/api/admin/emergency', () => {
  it('shows what was opened, until somebody else has closed it', async () => {
    const both = await app.user(['referring', 'administrator'])
    await app.pacs.database.query(
      `update organisation set ruled_roles = '{administrator}' where organisation_id =
         (select organisation_id from app_user where user_id = $1)`,
      [both.userId],
    )
    const { emergencyId } = (await (await breakGlass({}, both.token)).json()) as { emergencyId: string }
    await app.fetch(`/api/studies/${study}`, { token: both.token })
    await app.fetch(`/api/studies/${study}/archive`, { token: both.token }).then((zip) => zip.arrayBuffer())
    const before = await waiting()
    const review = (token: string, verdict = 'justified'): Promise<Response> =>
      post(`/api/admin/emergency/${emergencyId}/review`, { verdict, note: 'Seen with the ward.' }, token)

    const own = await review(both.token)
    expect([own.status, ((await own.json()) as { code: string }).code]).toEqual([403, 'emergency-own-review'])
    const foreign = await app.user(['administrator'], await app.organisation('A third hospital'))
    expect((await review(foreign.token)).status).toBe(404)
    const found = (await list('open')).find((each) => each.emergencyId === emergencyId)
    expect(found).toMatchObject({ patientId: 'E-1', lasts: true, review: null, ...WHY })
    expect(found?.opened.map(({ event }) => event)).toEqual(['instances-accessed', 'export'])
    expect(found?.opened[0]).toMatchObject({
      studyInstanceUid: study,
      studyDate: '20260301',
      modalities: ['CT'],
    })

    expect((await review(app.token)).status).toBe(204)
    expect(await waiting()).toBe(before - 1)
    await expect.poll(async () => (await read(study, both.token)).status).toBe(404)
    expect((await list('closed')).find((each) => each.emergencyId === emergencyId)).toMatchObject({
      lasts: false,
      review: { verdict: 'justified', note: 'Seen with the ward.' },
    })
    expect((await review(app.token)).status).toBe(409)
    await app.pacs.database.query(`update organisation set ruled_roles = '{}'`)
  })

  it('lists nothing of another organisation', async () => {
    await breakGlass()
    const { token } = await app.user(['administrator'], await app.organisation('A fourth hospital'))
    const answer = await app.fetch('/api/admin/emergency', { token })
    expect(await answer.json()).toEqual({ emergencies: [] })
  })

  it('is told at once to whoever reviews, and to nobody else', async () => {
    const told = await listen(app.token)
    const colleague = await listen((await app.user(['radiologist'])).token)
    await breakGlass()
    await expect.poll(() => told.text()).toContain('event: emergency')
    expect(colleague.text()).not.toContain('emergency')
    told.stop()
    colleague.stop()
  })
})

async function store(values: Readonly<Record<string, string>>): Promise<string> {
  const VR: Readonly<Record<string, string>> = { StudyDate: 'DA', Modality: 'CS', AccessionNumber: 'SH' }
  const builder = dicom().ct({ rows: 4, columns: 4 })
  for (const [name, value] of Object.entries(values)) builder.set(name, VR[name] ?? 'LO', [value])
  const answer = await app.fetch('/dicom-web/studies', {
    method: 'POST',
    headers: { 'Content-Type': 'application/dicom' },
    body: new Uint8Array(builder.build()),
  })
  expect(answer.status).toBe(200)
  const [row] = await app.pacs.database.query<{ study_instance_uid: string }>(
    'select study_instance_uid from study order by first_received_at desc, study_id desc limit 1',
  )
  return row?.study_instance_uid ?? ''
}

const post = (path: string, body: object, token: string, method = 'POST'): Promise<Response> =>
  app.fetch(path, {
    method,
    token,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

const search = (body: object, token = clinician.token): Promise<Response> =>
  post('/api/emergency/search', body, token)

const REQUEST = { by: 'patient-id', value: 'E-1', issuerOfPatientId: '', ...WHY }

async function signedIn(): Promise<CookieBrowser> {
  const browser = cookieBrowser(app)
  const { status } = await browser.call('POST', '/api/session', {
    email: clinician.email,
    password: PASSWORD,
  })
  expect(status).toBe(200)
  return browser
}

async function withCodes(): Promise<{ browser: CookieBrowser; secret: string }> {
  const browser = await signedIn()
  const { secret } = (await browser.call('POST', '/api/account/codes')).body as { secret: string }
  // The step before, so that the current one is left for what follows.
  const code = await codeNow(secret, -1)
  expect((await browser.call('POST', '/api/account/codes/confirmation', { code })).status).toBe(200)
  return { browser, secret }
}

/** As one whom a provider vouches for. */
async function forgetPassword(): Promise<void> {
  await app.pacs.database.query('update app_user set password_hash = null where user_id = $1', [
    clinician.userId,
  ])
  // Who is signed in is remembered with the password they had.
  await tellAccessChanged(app)
}

const breakGlass = (change: object = {}, token = clinician.token): Promise<Response> =>
  post('/api/emergency', { ...REQUEST, password: PASSWORD, ...change }, token)

const setting = (body: object): Promise<Response> =>
  post('/api/admin/emergency/settings', body, app.token, 'PUT')

const read = (uid: string, token = clinician.token): Promise<Response> =>
  app.fetch(`/dicom-web/studies/${uid}/metadata`, { token })

const state = async (): Promise<EmergencyState> =>
  (await (await app.fetch('/api/emergency', { token: clinician.token })).json()) as EmergencyState

const list = async (which: string): Promise<ReviewedEmergency[]> =>
  (
    (await (await app.fetch(`/api/admin/emergency?state=${which}`)).json()) as {
      emergencies: ReviewedEmergency[]
    }
  ).emergencies

const waiting = async (): Promise<number> =>
  ((await (await app.fetch('/api/admin/emergency/waiting')).json()) as { waiting: number }).waiting

/** What is recorded of the clinician. */
const audited = (
  event: string,
  outcome?: string,
): Promise<{ outcome: string; detail: Record<string, unknown> }[]> =>
  app.pacs.database.query(
    `select outcome, detail from audit_event where user_id = $1 and event = $2 and outcome = coalesce($3, outcome)
     order by audit_event_id`,
    [clinician.userId, event, outcome ?? null],
  )

/** A stream of live events, as far as it has come. */
async function listen(token: string): Promise<{ text: () => string; stop: () => void }> {
  const controller = new AbortController()
  const answer = await app.fetch('/api/events', { token, signal: controller.signal })
  let heard = ''
  void (async () => {
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>)
      heard += Buffer.from(chunk).toString('utf8')
  })().catch(() => undefined)
  await expect.poll(() => heard).toContain('event: hello')
  return { text: () => heard, stop: () => controller.abort() }
}
