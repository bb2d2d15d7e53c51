import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { reindex } from '../../../core/archive/reindex.ts'
import { isReindexNeeded } from '../../../core/archive/reindex-mark.ts'
import { sweepOrphans } from '../../../core/archive/sweep-orphans.ts'
import { verify } from '../../../core/archive/verify.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { restoreRegistry } from '../../../core/identity/registry.ts'
import { BUILT_IN_PROTOCOLS } from '../../../core/reading/built-in-protocols.ts'
import { draftMark } from '../../support/draft-mark.ts'
import { draftSegment } from '../../support/draft-segment.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

let app: TestApp
let reviewer: { userId: string; token: string }
const studies = Array.from({ length: 4 }, () => newUid())
const clashing = newUid()

beforeAll(async () => {
  app = await startTestApp()
  const technician = await app.user(['technician'])
  reviewer = await app.user(['reviewer'])
  for (const [number, study] of studies.entries()) {
    const files = Array.from({ length: 6 }, (_, index) =>
      dicom()
        .ct({ rows: 16, columns: 16 })
        .uids({ study, series: `1.2.3.${number}.${index % 2}` })
        .set('PatientID', 'LO', [`P${number}`])
        .set('StudyDescription', 'LO', [index === 0 ? 'what the first one says' : 'what a later one says'])
        .set('InstanceNumber', 'IS', [index])
        .build(),
    )
    await upload(files, technician.token)
  }
  const study = studies[0] ?? ''
  for (const patient of ['P0', 'somebody else']) {
    const file = dicom()
      .ct({ rows: 8, columns: 8 })
      .uids({ study, instance: clashing })
      .set('PatientID', 'LO', [patient])
    await upload([file.build()])
  }
  const granted = await app.fetch(`/api/studies/${studies[1] ?? ''}/grants/${reviewer.userId}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  expect(granted.ok).toBe(true)
  const drawn = await app.fetch(`/api/studies/${studies[1] ?? ''}/draft`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 0, marks: [draftMark({ label: 'not saved yet' })] }),
  })
  expect(drawn.ok).toBe(true)
  const outlined = await app.fetch(`/api/studies/${studies[1] ?? ''}/segments`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 0, segments: [draftSegment()] }),
  })
  expect(outlined.ok).toBe(true)
  for (const owner of [{ kind: 'me' }, { kind: 'role', role: 'radiologist' }]) {
    const kept = await app.fetch('/api/hanging-protocols', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ owner, protocol: BUILT_IN_PROTOCOLS[0]?.protocol }),
    })
    expect(kept.status).toBe(201)
  }
  const settings = await app.fetch('/api/settings/reading', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: 0, settings: { mouse: { middle: 'zoom' } } }),
  })
  expect(settings.ok).toBe(true)
  await app.drain()
})
afterAll(() => app.close())

async function upload(files: readonly Uint8Array[], token = app.token): Promise<void> {
  const { headers, body } = multipart(files)
  expect((await app.fetch('/api/uploads', { method: 'POST', headers, body, token })).status).toBe(200)
}

async function answerOf(path: string, token = app.token): Promise<unknown> {
  const answer = await app.fetch(path, { token })
  return [answer.status, await answer.text()]
}

/** What people are answered, of everything that a reindex must bring back. */
async function answers(): Promise<unknown> {
  const paths = [
    '/dicom-web/studies?includefield=all',
    '/dicom-web/studies?PatientID=P2',
    '/dicom-web/studies?StudyDescription=*first*',
    '/dicom-web/series?includefield=all',
    '/dicom-web/instances?includefield=all',
    '/api/admin/users',
    '/api/admin/quarantine',
    `/dicom-web/studies/${studies[3] ?? ''}/metadata`,
    `/api/studies/${studies[1] ?? ''}/grants`,
    `/api/studies/${studies[1] ?? ''}/draft`,
    `/api/studies/${studies[1] ?? ''}/segments`,
    '/api/hanging-protocols',
    '/api/settings/reading',
  ]
  const everything = await Promise.all(paths.map((path) => answerOf(path)))
  return { everything, reviewer: await answerOf('/dicom-web/studies', reviewer.token) }
}

/** All that a row says but the Ids that are made anew. */
const rows = (): Promise<unknown[]> =>
  app.pacs.database.query(
    `select i.instance_id, i.sop_instance_uid, i.object_key, i.size, encode(i.sha256, 'hex') as sha256, i.received_at,
       i.received_by, i.source, i.facts, l.layout, st.first_instance_id as study_first, st.attributes, st.search_text, st.modalities,
       st.instance_count, st.series_count, st.first_received_at, st.last_received_at, se.first_instance_id as series_first,
       se.instance_count as in_series
     from instance i join instance_layout l using (instance_id) join series se using (series_id)
     join study st on st.study_id = i.study_id order by 1`,
  )

/** All that is kept of people and their rights: when, and by whom, too. */
async function people(): Promise<unknown> {
  const tables = {
    organisations: 'select * from organisation order by 1',
    users: 'select * from app_user order by 1',
    // When it was used last is no right, and not kept.
    tokens:
      'select token_hash, token_id, user_id, label, actions, created_at, expires_at from api_token order by 1',
    grants: `select st.study_instance_uid, g.user_id, g.granted_by, g.granted_at, g.expires_at
      from study_grant g join study st using (study_id) order by 1, 2`,
  }
  const found = Object.entries(tables).map(
    async ([name, text]) => [name, await app.pacs.database.query(text)] as const,
  )
  return Object.fromEntries(await Promise.all(found))
}

async function empty(): Promise<void> {
  const { database } = app.pacs
  // The trail refuses to be emptied; a database that was lost does not ask it.
  await database.query('alter table audit_event disable trigger user')
  await database.query(
    `truncate organisation, app_user, session, api_token, study, series, instance, instance_layout, instance_metadata,
       series_derived, rendition, quarantine, work_item, study_grant, mark_draft, segment_draft, hanging_protocol, reading_settings,
       audit_event, audit_head cascade`,
  )
  await database.query('alter table audit_event enable trigger user')
}

describe('reindex', () => {
  it('rebuilds an emptied database: the same answers, the same rights', async () => {
    const before = { answers: await answers(), rows: await rows(), people: await people() }
    expect(before.rows).toHaveLength(25)
    await empty()
    let done = 0
    const report = await reindex(app.pacs, (count) => (done = count))
    expect(report).toMatchObject({
      registryRestored: true,
      instances: 25,
      present: 0,
      quarantined: 1,
      grants: 1,
      drafts: 1,
      segmentDrafts: 1,
      hangingProtocols: 2,
      readingSettings: 1,
      unreadable: [],
    })
    expect(done).toBe(26)
    await app.drain()
    expect(await rows()).toEqual(before.rows)
    expect(await people()).toEqual(before.people)
    await vi.waitFor(async () => expect(await answers()).toEqual(before.answers), {
      timeout: 20_000,
      interval: 100,
    })
    expect(await verify(app.pacs)).toMatchObject({ checked: 26, missing: [], changed: [] })
  })

  it('changes nothing where nothing is missing', async () => {
    const before = await rows()
    expect(await reindex(app.pacs)).toMatchObject({
      registryRestored: false,
      instances: 0,
      present: 26,
      quarantined: 0,
    })
    await app.drain()
    expect(await rows()).toEqual(before)
  })

  it('puts back what is missing of a database that is there', async () => {
    const before = await rows()
    await app.pacs.database.query('delete from study where study_instance_uid = $1', [studies[2] ?? ''])
    await app.pacs.database.query('delete from quarantine')
    expect(await reindex(app.pacs)).toMatchObject({ instances: 6, present: 19, quarantined: 1 })
    await app.drain()
    expect(await rows()).toEqual(before)
  })

  it('keeps the sweep from an emptied database until it is done', async () => {
    await empty()
    await restoreRegistry(app.pacs)
    expect(await isReindexNeeded(app.pacs.objects)).toBe(true)
    expect(await sweepOrphans(app.pacs, { olderThanMs: 0 })).toMatchObject({
      removed: { instance: 0, quarantine: 0 },
      left: 26,
    })
    expect(await reindex(app.pacs)).toMatchObject({ instances: 25, quarantined: 1 })
    expect(await isReindexNeeded(app.pacs.objects)).toBe(false)
    await app.drain()
  })

  it('goes on after it was interrupted', async () => {
    const before = await rows()
    await empty()
    await expect(
      reindex(app.pacs, (done) => {
        if (done === 10) throw new Error('stopped')
      }),
    ).rejects.toThrow('stopped')
    expect(await isReindexNeeded(app.pacs.objects)).toBe(true)
    await reindex(app.pacs)
    await app.drain()
    expect(await rows()).toEqual(before)
  })
})
