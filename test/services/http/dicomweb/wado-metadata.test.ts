import { gunzipSync } from 'node:zlib'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { answerParts } from '../../../support/multipart-answer.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const study = newUid()
const series = newUid()
const IDS = [newUid(), newUid(), newUid()]
const STUDY = `/dicom-web/studies/${study}`
const SERIES = `${STUDY}/series/${series}`
const make = (number: number) =>
  dicom()
    .ct({ rows: 4, columns: 4 })
    .uids({ study, series, instance: IDS[number] ?? '' })
    .set('InstanceNumber', 'IS', [number + 1])
    .build()

let app: TestApp
const store = async (...files: Buffer[]) => {
  const answer = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
  expect(answer.status, await answer.text()).toBe(200)
}
beforeAll(async () => {
  app = await startTestApp()
  await store(make(0), make(1))
})
afterAll(() => app.close())

const get = (where: string, headers: Record<string, string> = {}) =>
  app.fetch(where, { headers: { Accept: 'application/dicom+json', ...headers } })
const uids = (answer: DicomJson[]) => answer.map((each) => each['00080018']?.Value?.[0])

/** As it is on the wire: fetch would unpack it. */
const raw = (where: string, headers: Record<string, string>) =>
  new Promise<{ headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
    request(
      `${app.url}${where}`,
      { headers: { Authorization: `Bearer ${app.token}`, ...headers } },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          resolve({ headers: answer.headers, body: Buffer.concat(chunks) })
        })
      },
    )
      .on('error', reject)
      .end()
  })

describe.each([
  ['as kept by a worker', true],
  ['made on demand', false],
])('metadata %s', (_, kept) => {
  beforeAll(async () => {
    await app.drain()
    if (!kept) await app.pacs.database.query('delete from series_derived')
  })

  it.each([
    ['a study', STUDY, 2],
    ['a series', SERIES, 2],
    ['an instance', `${SERIES}/instances/${IDS[0]}`, 1],
  ])('of %s is the same packed and not', async (_name, where, count) => {
    const plain = await raw(`${where}/metadata`, { 'Accept-Encoding': 'identity' })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.headers['content-type']).toBe('application/dicom+json')
    const json = JSON.parse(plain.body.toString()) as DicomJson[]
    expect(uids(json)).toEqual(IDS.slice(0, count))
    const packed = await raw(`${where}/metadata`, { 'Accept-Encoding': 'gzip' })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(String(packed.headers['vary'])).toContain('Accept-Encoding')
    expect(JSON.parse(gunzipSync(packed.body).toString())).toEqual(json)
  })

  it('has all attributes, names in their groups and pixels by reference', async () => {
    const [first] = (await (await get(`${SERIES}/metadata`)).json()) as DicomJson[]
    expect(first?.['00100010']).toEqual({
      vr: 'PN',
      Value: [{ Alphabetic: 'Zhang^San', Ideographic: '张^三' }],
    })
    expect(first?.['00280010']).toEqual({ vr: 'US', Value: [4] })
    expect(first?.['7FE00010']).toEqual({
      vr: 'OW',
      BulkDataURI: `${SERIES}/instances/${IDS[0]}/bulkdata/7FE00010`,
    })
  })

  it('comes as XML, a part for each instance', async () => {
    const answer = await get(`${SERIES}/metadata`, {
      Accept: 'multipart/related; type="application/dicom+xml"',
    })
    const parts = await answerParts(answer)
    expect(parts).toHaveLength(2)
    expect(parts[0]?.contentType).toContain('application/dicom+xml')
    expect(parts[0]?.body.toString()).toMatch(/<NativeDicomModel[\s\S]*张/)
  })
})

it('is 304 while nothing new arrived, and new as soon as something did', async () => {
  await app.pacs.database.query('delete from instance_metadata')
  await store(make(2))
  await app.drain()
  const first = await get(`${SERIES}/metadata`)
  expect(uids((await first.json()) as DicomJson[])).toEqual(IDS)
  const etag = first.headers.get('ETag') ?? ''
  expect(first.headers.get('Cache-Control')).toBe('private, no-cache')
  const again = await get(`${SERIES}/metadata`, { 'If-None-Match': etag })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

it('does not say that XML is what the reader has as JSON', async () => {
  const where = `${SERIES}/instances/${IDS[0]}/metadata`
  const json = await get(where)
  await json.arrayBuffer()
  const xml = await get(where, {
    Accept: 'multipart/related; type="application/dicom+xml"',
    'If-None-Match': json.headers.get('ETag') ?? '',
  })
  expect(xml.status).toBe(200)
  await xml.arrayBuffer()
})

it('is whole while a worker replaces what is kept', async () => {
  await app.drain()
  const asking = Array.from({ length: 20 }, async (_, index) => {
    if (index % 4 === 1) {
      const [row] = await app.pacs.database.query<{ metadata_key: string }>(
        'select metadata_key from series_derived',
      )
      // What a worker does last: the old object goes.
      if (row !== undefined) await app.pacs.objects.delete(row.metadata_key as never)
    }
    return uids((await (await get(`${SERIES}/metadata`)).json()) as DicomJson[])
  })
  for (const answer of await Promise.all(asking)) expect(answer).toEqual(IDS)
})

it.each([
  ['text/html', 406],
  ['application/dicom', 406],
  ['application/json', 200],
])('as %s is %i', async (accept, status) => {
  const answer = await get(`${SERIES}/metadata`, { Accept: accept })
  expect(answer.status).toBe(status)
  await answer.arrayBuffer()
})
