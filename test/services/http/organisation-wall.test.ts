import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES } from '../../../core/access/principal.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import type { Database } from '../../../core/ports/database.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

/**
 * The scope forgotten: whatever a statement says of an organisation is true of every one, in `scopePredicate` and in all SQL
 * of the archive.
 */
const withoutScope = (text: string): string =>
  text.replace(/\b(?:\w+\.)?organisation_id = (\$\d+)(?!::)/g, '$1::uuid is not null')

let removed = 0
const forgetful = (database: Database): Database => ({
  ...database,
  query: (text, params, options) => {
    const open = withoutScope(text)
    if (open !== text) removed++
    return database.query(open, params, options)
  },
  transaction: (work) =>
    database.transaction((tx) =>
      work({ query: (text, params, options) => tx.query(withoutScope(text), params, options) }),
    ),
})

interface Hospital {
  readonly token: string
  readonly organisationId: string
  readonly study: string
  readonly series: string
  readonly instance: string
  readonly patient: string
}

let app: TestApp
let ours: Hospital
let theirs: Hospital

beforeAll(async () => {
  app = await startTestApp({ database: forgetful })
  ours = await hospital('Ours')
  theirs = await hospital('Theirs')
  await app.drain()
}, 120_000)
afterAll(() => app.close())

async function hospital(name: string): Promise<Hospital> {
  const organisationId = await app.organisation(name)
  const { token } = await app.user([...ROLES], organisationId)
  const [study, series, instance] = [newUid(), newUid(), newUid()]
  const file = dicom()
    .ct({ rows: 4, columns: 4 })
    .uids({ study, series, instance })
    .set('PatientName', 'PN', [{ Alphabetic: `Patient^Of${name}` }])
    .set('PatientID', 'LO', [`ID-${name}`])
  // The second is quarantined: the same instance, other bytes.
  for (const rows of [4, 6]) {
    const body = new Uint8Array(file.ct({ rows, columns: 4 }).build())
    await app.fetch('/dicom-web/studies', {
      method: 'POST',
      token,
      body,
      headers: { 'Content-Type': 'application/dicom' },
    })
  }
  return { token, organisationId, study, series, instance, patient: `Of${name}` }
}

/** Whatever names the other hospital, its people or its patients. */
const marksOf = (other: Hospital, name: string): string[] => [
  other.patient,
  `ID-${name}`,
  other.organisationId,
]

async function ask(path: string, token: string): Promise<{ status: number; text: string }> {
  const answer = await app.fetch(path, { token, headers: { Accept: '*/*' } })
  return { status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString('latin1') }
}

describe('with the scope taken out of every statement', () => {
  it('answers no question of one organisation with what another has', async () => {
    const before = removed
    const questions = [
      ...['studies', 'series', 'instances'].flatMap((level) => [
        `/dicom-web/${level}`,
        `/dicom-web/${level}?includefield=all`,
        `/dicom-web/${level}?PatientName=*Of*`,
        `/dicom-web/${level}?PatientName=patient&fuzzymatching=true`,
        `/dicom-web/${level}?PatientID=ID-Theirs`,
        `/dicom-web/${level}?StudyInstanceUID=${theirs.study}`,
        `/dicom-web/${level}?ModalitiesInStudy=C*&StudyDate=20250101-`,
      ]),
      `/dicom-web/studies/${theirs.study}/series`,
      `/dicom-web/studies/${theirs.study}/instances`,
      `/dicom-web/studies/${theirs.study}/series/${theirs.series}/instances`,
      ...[
        '',
        '?q=patient',
        '?q=of',
        '?sort=patientName',
        '?modality=CT',
        '?status=ready',
        '?from=20250101',
      ].map((query) => `/api/worklist${query}`),
    ]
    for (const path of questions) {
      const { text } = await ask(path, ours.token)
      expect([path, marksOf(theirs, 'Theirs').filter((mark) => text.includes(mark))]).toEqual([path, []])
      expect([path, text.includes(`${theirs.series}`)]).toEqual([path, false])
    }
    expect(removed - before).toBeGreaterThan(questions.length)
    const mine = await app.fetch('/dicom-web/studies', { token: ours.token })
    expect(await mine.json()).toHaveLength(1)
    const list = await app.fetch('/api/worklist', { token: ours.token })
    expect(await list.json()).toMatchObject({ total: 1, studies: [{ studyInstanceUid: ours.study }] })
  })

  it('hands out nothing of another organisation’s study on any route that names one', async () => {
    const routes = app.app.routes.filter(({ access }) => access === 'study')
    expect(routes.length).toBeGreaterThan(25)
    for (const route of routes) {
      const path = route.path
        .replace(':study', theirs.study)
        .replace(':series', theirs.series)
        .replace(':instance', theirs.instance)
        .replace(/:\w+|\*\w*/g, '1')
      const body = ['POST', 'PUT', 'PATCH'].includes(route.method)
        ? { body: '{}', headers: { 'Content-Type': 'application/json' } }
        : {}
      const answer = await app.fetch(path, { method: route.method, token: ours.token, ...body })
      expect([route.method, route.path, answer.status]).toEqual([route.method, route.path, 404])
    }
    const own = await ask(
      `/dicom-web/studies/${ours.study}/series/${ours.series}/instances/${ours.instance}/frames/1`,
      ours.token,
    )
    expect(own.status).toBe(200)
  })

  it('tells an administrator of their own people, work, record and quarantine alone', async () => {
    for (const route of app.app.routes) {
      if (route.method !== 'GET' || route.access === 'study' || route.path.includes(':')) continue
      if (route.path === '/api/events') continue // Does not end by itself.
      const { text } = await ask(route.path, ours.token)
      expect([route.path, marksOf(theirs, 'Theirs').filter((mark) => text.includes(mark))]).toEqual([
        route.path,
        [],
      ])
    }
    const status = await app.fetch('/api/admin/status', { token: ours.token })
    expect(await status.json()).toMatchObject({ studies: 1, instances: 1 })
    const quarantine = await app.fetch('/api/admin/quarantine', { token: ours.token })
    expect(((await quarantine.json()) as { entries: unknown[] }).entries).toHaveLength(1)
  })
})
