import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type {
  IssuedSlip,
  IssuedSlips,
  PatientAccess,
  PatientImages,
  PatientLook,
  PatientPage,
  SlipState,
} from '../../../../core/contract/patient.ts'
import { publishRegistry, restoreRegistry } from '../../../../core/identity/registry.ts'
import { openSlip } from '../../../../core/patients/open-slip.ts'
import { newSlipCode } from '../../../../core/patients/slip-code.ts'
import type { RouteDefinition } from '../../../../services/http/route.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { openTestDatabase } from '../../../support/test-backing.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const BORN = '19700102'

let app: TestApp
/** Two of the patient, one of somebody with the same number and another birthday, one of somebody else. */
let head: string
let chest: string
let namesake: string
let stranger: string

beforeAll(async () => {
  app = await startTestApp()
  head = await store({ PatientBirthDate: BORN, StudyDescription: 'CT HEAD' })
  chest = await store({ PatientBirthDate: BORN, Modality: 'CR', InstitutionName: 'East clinic' })
  namesake = await store({ PatientBirthDate: BORN, IssuerOfPatientID: 'ELSEWHERE' })
  stranger = await store({ PatientID: 'P2', PatientBirthDate: '19800101' })
  await app.drain()
})
afterAll(() => app.close())

describe('POST /api/studies/{study}/patient-slip', () => {
  it('answers a code of 99 bits that is kept nowhere, and an address that holds nothing of it', async () => {
    const slip = await issue()
    expect(slip.code).toMatch(/^([A-HJKMNP-Z2-9]{4}-){4}[A-HJKMNP-Z2-9]{4}$/)
    expect(slip).toMatchObject({ address: `${app.url}/p`, patientName: { Alphabetic: 'Zhang^San' } })
    const days = (Date.parse(slip.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeCloseTo(90, 1)
    const kept = await app.pacs.database.query('select row_to_json(t)::text as text from patient_slip t')
    const registry = Buffer.from(await app.pacs.objects.read('registry/registry.json' as never)).toString(
      'utf8',
    )
    const events = await app.pacs.database.query('select detail from audit_event')
    expect(JSON.stringify(kept) + registry + JSON.stringify(events)).not.toContain(slip.code)
  })

  it('draws another code every time', () => {
    const codes = Array.from({ length: 1000 }, newSlipCode)
    expect(new Set(codes).size).toBe(1000)
  })

  it('replaces the one before, and closes what that had opened', async () => {
    const first = await issue()
    const opened = await open(first.code)
    expect((await asPatient(opened, '/api/patient')).status).toBe(200)
    const second = await issue()
    await expect.poll(async () => (await asPatient(opened, '/api/patient')).status).toBe(401)
    expect((await tryOpen(first.code)).status).toBe(401)
    expect((await tryOpen(second.code)).status).toBe(200)
  })

  it('says why there is none: no number, no birthday, two birthdays', async () => {
    const without = await store({ PatientID: '', PatientBirthDate: BORN })
    const unborn = await store({ PatientID: 'P3' })
    const twice = await store({ PatientID: 'P4', PatientBirthDate: '19500101' })
    await store({ PatientID: 'P4', PatientBirthDate: '19600101' })
    for (const [study, obstacle] of [
      [without, 'no-patient-id'],
      [unborn, 'no-birth-date'],
      [twice, 'birth-dates-differ'],
    ] as const) {
      const state = (await (await app.fetch(`/api/studies/${study}/patient-slip`)).json()) as SlipState
      expect(state.obstacle).toBe(obstacle)
      const refused = await post(`/api/studies/${study}/patient-slip`, {})
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
        409,
        `slip-${obstacle}`,
      ])
    }
  })
})

describe('POST /api/patient/session', () => {
  it('takes the code as people type it', async () => {
    const { code } = await issue()
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')} `
    expect((await tryOpen(typed)).status).toBe(200)
  })

  it('answers the same for a wrong code, a wrong date and a slip that has expired', async () => {
    const { code } = await issue()
    const answers = [await tryOpen(newSlipCode()), await tryOpen(code, '19700103')]
    await app.pacs.database.query('update patient_slip set expires_at = now()')
    answers.push(await tryOpen(code))
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toContain('slip-wrong')
  })

  it('lets a code wait after five wrong dates, and opens nothing any more after twenty', async () => {
    const { code } = await issue()
    for (let day = 10; day < 15; day++) expect((await tryOpen(code, `197001${day}`)).status).toBe(401)
    expect((await tryOpen(code)).status).toBe(401)
    // Below the limit of an address.
    const opens = async (birthDate: string): Promise<boolean> => {
      await app.pacs.database.query('update patient_slip set guess_after = null')
      return openSlip(app.pacs, { code, birthDate }).then(
        () => true,
        () => false,
      )
    }
    expect(await opens(BORN)).toBe(true)
    for (let guess = 10; guess < 30; guess++) expect(await opens(`19710${guess}1`)).toBe(false)
    expect(await opens(BORN)).toBe(false)
  })

  it('lets an address wait that guesses, and nobody who is right', async () => {
    const { code } = await issue()
    const other = await startTestApp()
    const guess = (body: object): Promise<Response> => postTo(other, '/api/patient/session', body, null)
    for (let time = 0; time < 20; time++)
      expect((await guess({ code: newSlipCode(), birthDate: BORN })).status).toBe(401)
    const refused = await guess({ code: newSlipCode(), birthDate: BORN })
    expect(refused.status).toBe(429)
    await other.close()
    for (let time = 0; time < 25; time++) expect((await tryOpen(code)).status).toBe(200)
  })
})

describe('/api/patient', () => {
  let patient: string
  beforeEach(async () => {
    patient = await open((await issue()).code)
  })

  it('shows the patient’s studies and nobody else’s', async () => {
    const page = (await (await asPatient(patient, '/api/patient')).json()) as PatientPage
    expect(page.studies.map(({ studyInstanceUid }) => studyInstanceUid).sort()).toEqual([head, chest].sort())
    expect(page.studies.find((study) => study.studyInstanceUid === chest)).toMatchObject({
      place: 'East clinic',
      modalities: ['CR'],
      imageCount: 1,
    })
    for (const study of [namesake, stranger]) {
      expect((await asPatient(patient, `/api/patient/studies/${study}`)).status).toBe(404)
      expect((await asPatient(patient, `/api/studies/${study}/archive`)).status).toBe(404)
    }
  })

  it('shows nothing of another birthday that comes under the same number later', async () => {
    const later = await store({ PatientBirthDate: '20010101' })
    expect((await asPatient(patient, `/api/patient/studies/${later}`)).status).toBe(404)
    await app.pacs.database.query('delete from study where study_instance_uid = $1', [later])
  })

  it('shows the images, rendered', async () => {
    const answer = await asPatient(patient, `/api/patient/studies/${head}`)
    const { series } = (await answer.json()) as PatientImages
    const { seriesInstanceUid, images } = series[0] as PatientImages['series'][number]
    const path = `/dicom-web/studies/${head}/series/${seriesInstanceUid}/instances/${images[0]?.sopInstanceUid}`
    const picture = await asPatient(patient, `${path}/frames/1/rendered`)
    expect([picture.status, picture.headers.get('Content-Type')]).toEqual([200, 'image/jpeg'])
    // As a file to keep there is the whole study, which says how it is opened.
    expect((await asPatient(patient, path)).status).toBe(404)
    const zip = Buffer.from(await (await asPatient(patient, `/api/studies/${head}/archive`)).arrayBuffer())
    for (const name of ['DICOMDIR', 'README.html', 'README.txt']) expect(zip.includes(name)).toBe(true)
    expect(zip.includes('怎样查看您的图像')).toBe(true)
  })

  it('says who looked, as what they are or by name, as the organisation wants', async () => {
    const { token } = await app.user(['radiologist'])
    await app.pacs.database.query(
      `update app_user set display_name = 'Dr Reader' where roles = '{radiologist}'`,
    )
    await app.fetch(`/api/studies/${head}`, { token })
    await app.fetch(`/api/studies/${chest}/opening`, { token, headers: { Purpose: 'prefetch' } })
    const looks = async (): Promise<PatientLook[]> => {
      const answer = await asPatient(patient, '/api/patient/looks')
      return ((await answer.json()) as { looks: PatientLook[] }).looks.filter(({ what }) => what !== 'seen')
    }
    expect(await looks()).toMatchObject([
      { what: 'opened', studyInstanceUid: head, who: { name: null, role: 'radiologist' }, emergency: false },
    ])
    await post('/api/admin/patients/settings', { namesShown: true }, app.token, 'PUT')
    expect(await looks()).toMatchObject([{ who: { name: 'Dr Reader', role: 'radiologist' } }])
    await post('/api/admin/patients/settings', { namesShown: false }, app.token, 'PUT')
  })

  it('says that somebody broke the glass, and that it was looked into, without the words', async () => {
    const { token } = await app.user(['referring'])
    const reason = 'Unconscious after a fall on the stairs'
    const asked = await post(
      '/api/emergency',
      {
        by: 'patient-id',
        value: 'P1',
        issuerOfPatientId: '',
        reasonCode: 'patient-unconscious',
        reason,
        password: 'a long password',
      },
      token,
    )
    const { emergencyId } = (await asked.json()) as { emergencyId: string }
    const page = async (): Promise<string> => (await asPatient(patient, '/api/patient')).text()
    expect((JSON.parse(await page()) as PatientPage).emergencies).toMatchObject([
      {
        who: { name: null, role: 'referring' },
        reasonCode: 'patient-unconscious',
        lasts: true,
        reviewedAt: null,
      },
    ])
    await post(`/api/admin/emergency/${emergencyId}/review`, { verdict: 'unjustified', note: 'No reason.' })
    expect((JSON.parse(await page()) as PatientPage).emergencies).toMatchObject([
      { lasts: false, reviewedAt: expect.any(String) as string },
    ])
    expect(await page()).not.toMatch(/stairs|unjustified|No reason/)
  })

  it('shares a study with an expert, and takes that back', async () => {
    const made = await post(
      `/api/studies/${head}/shares`,
      { recipientName: 'Dr Expert', expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
      patient,
    )
    expect(made.status).toBe(201)
    const { url } = (await made.json()) as { url: string }
    const opened = await postTo(app, '/api/shared/open', { token: url.split('/').at(-1) }, null)
    expect(opened.status).toBe(200)
    const access = async (): Promise<PatientAccess> =>
      (await (await asPatient(patient, '/api/patient/access')).json()) as PatientAccess
    const [link] = (await access()).links
    expect(link).toMatchObject({ recipientName: 'Dr Expert', mine: true, opens: 1, studyInstanceUid: head })
    const taken = await asPatient(patient, `/api/shares/${link?.shareId}`, { method: 'DELETE' })
    expect(taken.status).toBe(204)
    expect((await access()).links).toEqual([])
    expect((await post(`/api/studies/${stranger}/shares`, {}, patient)).status).toBe(404)
  })

  it('is all that a patient reaches of every route there is', async () => {
    const reached: string[] = []
    for (const route of app.app.routes) {
      if (route.access === 'anonymous') continue
      // What is asked of the patient's own study: a refusal is then one of the route.
      const answer = await asPatient(patient, pathOf(route, head), {
        method: route.method === 'DELETE' && route.path === '/api/session' ? 'GET' : route.method,
        ...(['POST', 'PUT', 'PATCH'].includes(route.method)
          ? { body: '{}', headers: { 'Content-Type': 'application/json' } }
          : {}),
      })
      await answer.body?.cancel()
      if (answer.status === 403) continue
      const own = answer.status === 404 && route.access === 'study'
      if (!own) reached.push(`${route.method} ${route.path}`)
      if (route.access !== 'study') continue
      const foreign = await asPatient(patient, pathOf(route, stranger), { method: route.method })
      expect([route.path, foreign.status]).toEqual([route.path, 404])
    }
    expect(reached.sort()).toEqual(
      [
        'GET /api/session',
        'PATCH /api/session',
        'DELETE /api/session',
        'GET /api/patient',
        'GET /api/patient/looks',
        'GET /api/patient/access',
        'GET /api/patient/studies/:study',
        'GET /api/studies/:study/archive',
        'POST /api/studies/:study/shares',
        'DELETE /api/shares/:share',
      ].sort(),
    )
  })
})

describe('/api/admin/patients', () => {
  it('lists slips of the organisation, and takes one back, which closes the page', async () => {
    const patient = await open((await issue()).code)
    const slips = async (token = app.token): Promise<IssuedSlips['slips']> =>
      ((await (await app.fetch('/api/admin/patients', { token })).json()) as IssuedSlips).slips
    const [slip] = await slips()
    expect(slip).toMatchObject({ patientId: 'P1', openedAt: expect.any(String) as string, locked: false })
    const foreign = await app.user(['administrator'], await app.organisation('Another hospital'))
    expect(await slips(foreign.token)).toEqual([])
    const path = `/api/admin/patients/${slip?.userId}/slip`
    expect((await app.fetch(path, { method: 'DELETE', token: foreign.token })).status).toBe(404)
    expect((await app.fetch(path, { method: 'DELETE' })).status).toBe(204)
    await expect.poll(async () => (await asPatient(patient, '/api/patient')).status).toBe(401)
    expect(await slips()).toEqual([])
  })
})

describe('a slip', () => {
  it('opens the page also after the database was lost', async () => {
    const { code } = await issue()
    await publishRegistry(app.pacs)
    const { database, close } = await openTestDatabase()
    await restoreRegistry({ database, objects: app.pacs.objects })
    const rows = await database.query(
      `select pa.patient_id, pa.birth_date from patient_slip sl join patient_account pa using (user_id)`,
    )
    expect(rows).toEqual([{ patient_id: 'P1', birth_date: BORN }])
    await close()
    expect(code).toBeTruthy()
  })
})

async function store(values: Readonly<Record<string, string>>): Promise<string> {
  const VR: Readonly<Record<string, string>> = { PatientBirthDate: 'DA', Modality: 'CS' }
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

const postTo = (
  to: TestApp,
  path: string,
  body: object,
  token: string | null,
  method = 'POST',
): Promise<Response> =>
  to.fetch(path, {
    method,
    token,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

const post = (path: string, body: object, token: string = app.token, method = 'POST'): Promise<Response> =>
  postTo(app, path, body, token, method)

const asPatient = (token: string, path: string, init: RequestInit = {}): Promise<Response> =>
  app.fetch(path, { ...init, token })

async function issue(): Promise<IssuedSlip> {
  const answer = await post(`/api/studies/${head}/patient-slip`, {})
  expect(answer.status).toBe(201)
  return (await answer.json()) as IssuedSlip
}

const tryOpen = (code: string, birthDate = BORN): Promise<Response> =>
  postTo(app, '/api/patient/session', { code, birthDate }, null)

/** The patient's session. */
async function open(code: string): Promise<string> {
  const answer = await tryOpen(code)
  expect(answer.status).toBe(200)
  return /yunying_session=([^;]+)/.exec(answer.headers.get('Set-Cookie') ?? '')?.[1] ?? ''
}

const pathOf = (route: RouteDefinition, study: string): string =>
  route.path
    .replace(':study', study)
    .replace(/\{?\/?:(\w+)\}?|\*\w*/g, (part) => (part.startsWith('/') || part.startsWith('{') ? '/1' : '1'))
