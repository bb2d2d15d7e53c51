import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reindex } from '../../../core/archive/reindex.ts'
import type { SessionUser } from '../../../core/contract/api.ts'
import type { CreatedShare } from '../../../core/contract/sharing.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { removeClosedVaults } from '../../../core/sharing/remove-vaults.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const STUDY = newUid()
const JSON_TYPE = { 'Content-Type': 'application/json' }
let app: TestApp
let foreign: string

beforeAll(async () => {
  app = await startTestApp()
  for (const number of [1, 2]) {
    const stored = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(
        dicom()
          .ct({ rows: 8, columns: 8 })
          .uids({ study: STUDY, series: `${STUDY}.1`.slice(0, 64) })
          .set('InstanceNumber', 'IS', [number])
          .build(),
      ),
    })
    expect(stored.status).toBe(200)
  }
  foreign = (await app.user(['administrator'], await app.organisation('Elsewhere'))).token
  await app.drain()
})
afterAll(() => app.close())

async function share(): Promise<CreatedShare> {
  const answer = await app.fetch(`/api/studies/${STUDY}/shares`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({
      recipientName: 'Reader',
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      deidentify: {},
    }),
  })
  expect(answer.status).toBe(201)
  await app.drain()
  return (await answer.json()) as CreatedShare
}

async function empty(): Promise<void> {
  const { database } = app.pacs
  // The trail refuses to be emptied; a database that was lost does not ask it.
  await database.query('alter table audit_event disable trigger user')
  await database.query(
    `truncate organisation, app_user, session, api_token, study, series, instance, instance_layout, instance_metadata,
       series_derived, rendition, quarantine, work_item, study_grant, share_link, audit_event, audit_head cascade`,
  )
  await database.query('alter table audit_event enable trigger user')
}

const studiesOf = async (init: {
  token?: string | null
  headers?: Record<string, string>
}): Promise<string[]> => {
  const answer = await app.fetch('/dicom-web/studies', init)
  if (answer.status === 204) return []
  expect(answer.status).toBe(200)
  const found = (await answer.json()) as Record<string, { Value?: string[] }>[]
  return found.map((study) => study['0020000D']?.Value?.[0] ?? '')
}

const post = (path: string, body: object): Promise<Response> =>
  app.fetch(path, { method: 'POST', token: null, headers: JSON_TYPE, body: JSON.stringify(body) })

describe('a reindex of a store with a copy without names', () => {
  it('brings the copy back for its link alone, and one whose link was taken back for nobody', async () => {
    const [open, closed] = [await share(), await share()]
    const copied = await app.pacs.database.query<{ uid: string; vault: string }>(
      `select study_instance_uid as uid, organisation_id as vault from study join organisation using (organisation_id)
       where kind = 'vault' order by 1`,
    )
    expect(copied).toHaveLength(2)
    expect((await app.fetch(`/api/shares/${closed.share.shareId}`, { method: 'DELETE' })).status).toBe(204)
    await app.drain()

    await empty()
    expect(await reindex(app.pacs)).toMatchObject({ instances: 6, unreadable: [], unknownOrganisation: 0 })
    await app.drain()

    await expect.poll(() => studiesOf({})).toEqual([STUDY])
    expect(await studiesOf({ token: foreign })).toEqual([])
    for (const { uid } of copied)
      for (const token of [app.token, foreign])
        expect((await app.fetch(`/dicom-web/studies/${uid}/metadata`, { token })).status).toBe(404)
    const organisations = await (await app.fetch('/api/admin/organisations')).text()
    for (const { vault } of copied) expect(organisations).not.toContain(vault)

    const opened = await post('/api/shared/open', { token: open.url.split('/s/')[1] })
    expect(opened.status).toBe(200)
    const user = (await opened.json()) as SessionUser
    const headers = {
      Cookie: (opened.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '',
      'Yunying-Share': user.share?.handle ?? '',
    }
    const guestReads = await studiesOf({ token: null, headers })
    expect(guestReads).toEqual([user.share?.studyInstanceUid])
    expect(copied.map(({ uid }) => uid)).toContain(guestReads[0])
    const original = await app.fetch(`/dicom-web/studies/${STUDY}/metadata`, { token: null, headers })
    expect(original.status).toBe(404)

    const refused = await post('/api/shared/open', { token: closed.url.split('/s/')[1] })
    expect(((await refused.json()) as { code: string }).code).toBe('share-unknown')
    expect(await removeClosedVaults(app.pacs)).toBe(1)
    const left = await app.pacs.database.query<{ uid: string }>(
      `select study_instance_uid as uid from study join organisation using (organisation_id) where kind = 'vault'`,
    )
    expect(left.map(({ uid }) => uid)).toEqual(guestReads)
  })
})
