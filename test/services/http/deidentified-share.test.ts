import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SessionUser } from '../../../core/contract/api.ts'
import type { CreatedShare, ShareView } from '../../../core/contract/sharing.ts'
import { items, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { scan } from '../../support/deidentify-file.ts'
import { identityOf, marksBesideDrawn, type IdentityMark } from '../../support/identity-of.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

/** Looked at one by one in each series; the ZIP has every instance. */
const EACH = 2
/** In pixels a few letters turn up by chance. Bytes. */
const LONG_ENOUGH = 7

describeWith(SHARED_DICOM, 'a de-identified share and export of every reference scan', () => {
  let app: TestApp
  let token: string
  const marks = new Map<string, IdentityMark[]>()

  beforeAll(async () => {
    app = await startTestApp()
    token = (await app.user(['administrator'])).token
    for (const row of manifest()) {
      const file = readFileSync(join(sharedDicom() ?? '', row.path))
      const stored = await app.fetch('/dicom-web/studies', {
        method: 'POST',
        headers: { 'Content-Type': 'application/dicom' },
        body: new Uint8Array(file),
      })
      await stored.arrayBuffer()
      if (stored.status === 200 && row.StudyInstanceUID !== '') {
        const known = marks.get(row.StudyInstanceUID) ?? []
        marks.set(row.StudyInstanceUID, [...known, ...identityOf(file)])
      }
    }
    await app.drain()
  }, 300_000)
  afterAll(() => app.close())

  it('serves nothing by any route that says whose it is', async () => {
    const studies = await app.pacs.database.query<{ uid: string }>(
      `select study_instance_uid as uid from study s join organisation o using (organisation_id) where o.kind <> 'vault'`,
    )
    const made: { uid: string; share: CreatedShare }[] = []
    for (const { uid } of studies) made.push({ uid, share: await shareOf(uid) })
    await app.drain()
    const faults: string[] = []
    let opened = 0
    for (const { uid, share } of made) {
      const [view] = (await sharesOf(uid)).filter(({ shareId }) => shareId === share.share.shareId)
      expect(['open', 'failed']).toContain(view?.state)
      if (view?.state !== 'open') continue
      opened++
      for await (const { path, bytes } of everythingServed(share)) {
        const told = unique(marks.get(uid) ?? []).filter(
          (mark) =>
            mark.bytes.length >= (/frames|rendered|archive|instances\/[\d.]+$/.test(path) ? LONG_ENOUGH : 4),
        )
        for (const mark of marksBesideDrawn(bytes, told)) faults.push(`${uid} ${path}: ${mark}`)
        if (uid.length > 8 && bytes.includes(uid)) faults.push(`${uid} ${path}: the study's UID`)
      }
    }
    expect(faults).toEqual([])
    expect(opened).toBeGreaterThan(100)
  }, 600_000)

  it('exports nothing, by file, directory or name, that says whose it is', async () => {
    const studies = await app.pacs.database.query<{ uid: string }>(
      `select study_instance_uid as uid from study s join organisation o using (organisation_id) where o.kind <> 'vault'`,
    )
    const faults: string[] = []
    let exported = 0
    for (const { uid } of studies) {
      const answer = await app.fetch(`/api/studies/${uid}/archive`, {
        method: 'POST',
        token,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          deidentify: { pixels: 'confirmed', shiftDates: true, keepDescriptors: true },
        }),
      })
      const head = Buffer.from([...answer.headers].map((line) => line.join(': ')).join('\n'))
      if (answer.status !== 200) {
        expect([uid, ((await answer.json()) as { code: string }).code]).toEqual([
          uid,
          'nothing-without-names',
        ])
        continue
      }
      exported++
      const zip = Buffer.from(await answer.arrayBuffer())
      const files = unzipSync(zip)
      expect(Object.keys(files)).toContain('DICOMDIR')
      const known = unique(marks.get(uid) ?? [])
      const look = (what: string, bytes: Uint8Array, least: number): void => {
        const told = known.filter(({ bytes: mark }) => mark.length >= least)
        for (const mark of marksBesideDrawn(bytes, told)) faults.push(`${uid} ${what}: ${mark}`)
        if (uid.length > 8 && Buffer.from(bytes).includes(uid)) faults.push(`${uid} ${what}: the study's UID`)
      }
      look('the whole', zip, LONG_ENOUGH)
      look('the answer', head, 4)
      look('the names of files', Buffer.from(Object.keys(files).join('\n')), 4)
      for (const [name, bytes] of Object.entries(files))
        look(name, name.startsWith('DICOM/') ? bytes.subarray(0, scan(bytes).headerEnd) : bytes, 4)
    }
    expect(faults).toEqual([])
    expect(exported).toBeGreaterThan(100)
  }, 600_000)

  async function shareOf(study: string): Promise<CreatedShare> {
    const answer = await app.fetch(`/api/studies/${study}/shares`, {
      method: 'POST',
      token,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        recipientName: 'Reader',
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
        rights: ['download'],
        watermark: false,
        deidentify: { pixels: 'confirmed', shiftDates: true, keepDescriptors: true },
      }),
    })
    expect(answer.status).toBe(201)
    return (await answer.json()) as CreatedShare
  }

  const sharesOf = async (study: string): Promise<ShareView[]> =>
    ((await (await app.fetch(`/api/studies/${study}/shares`, { token })).json()) as { shares: ShareView[] })
      .shares

  async function* everythingServed(share: CreatedShare): AsyncGenerator<{ path: string; bytes: Buffer }> {
    const answer = await app.fetch('/api/shared/open', {
      method: 'POST',
      token: null,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: share.url.split('/s/')[1] }),
    })
    const cookie = (answer.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''
    const user = (await answer.json()) as SessionUser
    const study = user.share?.studyInstanceUid ?? ''
    const headers = { Cookie: cookie, 'Yunying-Share': user.share?.handle ?? '' }
    const get = async (path: string, accept = '*/*'): Promise<{ path: string; bytes: Buffer }> => {
      const got = await app.fetch(path, { token: null, headers: { ...headers, Accept: accept } })
      const head = [...got.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
      return { path, bytes: Buffer.concat([Buffer.from(head), Buffer.from(await got.arrayBuffer())]) }
    }
    yield { path: '/api/shared/open', bytes: Buffer.from(JSON.stringify(user)) }
    const root = `/dicom-web/studies/${study}`
    for (const path of [
      `/api/studies/${study}/opening`,
      '/dicom-web/studies',
      `${root}/series`,
      `${root}/instances`,
    ])
      yield await get(path)
    yield await get(`${root}/thumbnail`)
    yield await get(`/api/studies/${study}/archive`)
    const listed = await app.fetch(`${root}/metadata`, { token: null, headers })
    const metadata = (await listed.json()) as DicomJson[]
    expect(metadata.length).toBeGreaterThan(0)
    yield { path: `${root}/metadata`, bytes: Buffer.from(JSON.stringify(metadata)) }
    const perSeries = new Map<string, number>()
    for (const json of metadata) {
      const series = String(json['0020000E']?.Value?.[0])
      const count = perSeries.get(series) ?? 0
      perSeries.set(series, count + 1)
      if (count >= EACH) continue
      const instance = `${root}/series/${series}/instances/${String(json['00080018']?.Value?.[0])}`
      yield await get(instance, 'application/dicom')
      yield await get(`${instance}/frames/1`)
      yield await get(`${instance}/rendered`)
      yield await get(`${instance}/thumbnail`)
      for (const uri of bulkUris(json)) yield await get(uri.replace(/^https?:\/\/[^/]+/, ''))
    }
  }
})

const bulkUris = (json: DicomJson): string[] =>
  Object.entries(json).flatMap(([tag, element]) => [
    ...(element.BulkDataURI !== undefined && !tag.startsWith('7FE0') ? [element.BulkDataURI] : []),
    ...items(json, tag).flatMap(bulkUris),
  ])

const unique = (marks: readonly IdentityMark[]): IdentityMark[] => [
  ...new Map(marks.map((mark) => [mark.bytes.toString('latin1'), mark])).values(),
]
