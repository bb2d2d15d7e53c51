import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRenditions } from '../../../../core/archive/make-renditions.ts'
import { findInstancesById } from '../../../../core/archive/instance-record.ts'
import type { ObjectKey } from '../../../../core/ports/object-store.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { answerParts } from '../../../support/multipart-answer.ts'
import { multipart } from '../../../support/multipart.ts'
import { openJpeg } from '../../../support/openjpeg.ts'
import { scannedFile } from '../../../support/scanned-file.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const RPCL = '1.2.840.10008.1.2.4.202'
const RENDITION = `image/jphc; transfer-syntax=${RPCL}`
const SYNTAXES = ['1.2.840.10008.1.2.4.201', RPCL, '1.2.840.10008.1.2.4.203']
const whole = (syntax: string) => `application/dicom; transfer-syntax=${syntax}`
const JPEG = Buffer.from('ffd8ffe0', 'hex')
const AS_STORED = 'application/octet-stream; transfer-syntax=*'
const EITHER = `${RENDITION}, ${AS_STORED}; q=0.5`
const ids = { study: newUid(), series: newUid(), made: newUid(), late: newUid() }
// Files that differ in nothing but their UID are of one size, if those are of one length: now and then one has some digits less.
while (ids.late.length !== ids.made.length) ids.late = newUid()
const path = (instance: string, frames: string) =>
  `/dicom-web/studies/${ids.study}/series/${ids.series}/instances/${instance}/frames/${frames}`
const instancePath = (instance: string) =>
  `/dicom-web/studies/${ids.study}/series/${ids.series}/instances/${instance}`

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false, renditions: 'on' })
  await store(ids.made)
  await makeAll()
  await store(ids.late)
})
afterAll(() => app.close())

async function store(instance: string): Promise<void> {
  const file = dicom()
    .uids({ study: ids.study, series: ids.series, instance })
    .ct({ rows: 256, columns: 256, frames: 2 })
  const answer = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file.build()]) })
  expect(answer.status, await answer.text()).toBe(200)
}

async function makeAll(): Promise<void> {
  await app.pacs.database.query(`delete from work_item`)
  await app.pacs.database.query(`update study set last_received_at = now() - interval '1 hour'`)
  const [series] = await app.pacs.database.query<{ series_id: string }>('select series_id from series')
  await makeRenditions(app.pacs, series?.series_id ?? '', new AbortController().signal)
}

const get = (where: string, accept: string, headers: Record<string, string> = {}) =>
  app.fetch(where, { headers: { Accept: accept, ...headers } })
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())
const stored = async (instance: string, frame: string) => bytesOf(await get(path(instance, frame), AS_STORED))

/** The stored values that a codestream decodes to. */
async function decoded(bytes: Uint8Array): Promise<Buffer> {
  const [row] = await app.pacs.database.query<{ instance_id: string }>('select instance_id from rendition')
  const [instance] = await findInstancesById(app.pacs.database, [row?.instance_id ?? ''])
  if (instance?.layout.pixels === undefined) throw new Error('no pixels')
  const pixels = { ...instance.layout.pixels, presentation: {} }
  return Buffer.from((await app.pacs.codec.decode({ bytes, transferSyntaxUid: RPCL, pixels })).bytes)
}

describe('instances in HTJ2K', () => {
  it.each(SYNTAXES)('are files that say they are %s, and hold the values that are stored', async (syntax) => {
    const decode = await openJpeg()
    for (const instance of [ids.made, ids.late]) {
      const answer = await get(instancePath(instance), whole(syntax))
      expect(answer.headers.get('Content-Type')).toBe(`application/dicom;transfer-syntax=${syntax}`)
      const file = await bytesOf(answer)
      expect(answer.headers.get('Content-Length')).toBe(String(file.length))
      const { scanned, frame } = scannedFile(file)
      expect([scanned.transferSyntaxUid, scanned.identity.sopInstanceUid]).toEqual([syntax, instance])
      for (const number of [1, 2])
        expect(decode(frame(number)).equals(await stored(instance, String(number)))).toBe(true)
    }
  })

  it('are the same bytes out of a rendition and made now, by range too', async () => {
    const file = await bytesOf(await get(instancePath(ids.made), whole(RPCL)))
    const tag = (await get(instancePath(ids.made), whole(RPCL))).headers.get('ETag') ?? ''
    expect((await get(instancePath(ids.made), whole(RPCL), { 'If-None-Match': tag })).status).toBe(304)
    const range = await get(instancePath(ids.made), whole(RPCL), { Range: 'bytes=100-299' })
    expect([range.status, (await bytesOf(range)).equals(file.subarray(100, 300))]).toEqual([206, true])
    const kept = scannedFile(file).frame(1)
    const codestream = await bytesOf(await get(path(ids.made, '1'), RENDITION))
    expect(kept.subarray(0, codestream.length).equals(codestream)).toBe(true)
    const made = scannedFile(await bytesOf(await get(instancePath(ids.late), whole(RPCL))))
    expect(made.frame(1).equals(kept)).toBe(true)
  })

  it.each(['study', 'series'] as const)('come as all of a %s', async (level) => {
    const where = `/dicom-web/studies/${ids.study}${level === 'series' ? `/series/${ids.series}` : ''}`
    const wish = `multipart/related; type="application/dicom"; transfer-syntax=${RPCL}`
    const parts = await answerParts(await get(where, wish))
    expect(parts.map((part) => part.contentType)).toEqual(
      Array(2).fill(`application/dicom;transfer-syntax=${RPCL}`),
    )
    const uids = parts.map((part) => scannedFile(part.body).scanned.identity.sopInstanceUid)
    expect(uids.sort()).toEqual([ids.made, ids.late].sort())
    // What is at hand comes before what would have to be made.
    const mixed = await answerParts(await get(where, `${wish}, ${wish.replace(RPCL, '*')}; q=0.5`))
    expect(mixed.map((part) => part.contentType.split('=')[1]).sort()).toEqual(['1.2.840.10008.1.2.1', RPCL])
  })

  it('have colours that say how they are told, and a palette that stays', async () => {
    const decode = await openJpeg()
    const values = new Uint8Array(300 * 200 * 3).map((_, index) => (index * 37) & 0xff)
    const other = { study: newUid(), series: newUid(), instance: newUid() }
    const file = dicom().uids(other).ct({ rows: 200, columns: 300, frames: 1 })
    const rgb = file
      .set('SamplesPerPixel', 'US', [3])
      .set('PhotometricInterpretation', 'CS', ['RGB'])
      .set('PlanarConfiguration', 'US', [0])
      .set('BitsAllocated', 'US', [8])
      .set('BitsStored', 'US', [8])
      .set('HighBit', 'US', [7])
      .set('PixelRepresentation', 'US', [0])
      .pixels(values)
    const sent = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([rgb.build()]) })
    expect(sent.status, await sent.text()).toBe(200)
    const where = `/dicom-web/studies/${other.study}/series/${other.series}/instances/${other.instance}`
    const { scanned, frame } = scannedFile(await bytesOf(await get(where, whole(RPCL))))
    expect(scanned.pixels?.photometricInterpretation).toBe('YBR_RCT')
    expect(decode(frame(1)).equals(Buffer.from(values))).toBe(true)
  })

  it('are refused where some of a study cannot be, before anything is sent', async () => {
    const lossy = { study: newUid(), series: newUid(), instance: newUid() }
    const file = dicom().ct({ rows: 64, columns: 64 }).uids(lossy).fragments('1.2.840.10008.1.2.4.50', [JPEG])
    const sent = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file.build()]) })
    expect([200, 202]).toContain(sent.status)
    const where = `/dicom-web/studies/${lossy.study}`
    for (const syntax of SYNTAXES) {
      const wish = `multipart/related; type="application/dicom"; transfer-syntax=${syntax}`
      expect((await get(where, wish)).status).toBe(406)
      expect((await get(`${where}/series/${lossy.series}`, wish)).status).toBe(406)
      const one = `${where}/series/${lossy.series}/instances/${lossy.instance}`
      expect((await get(one, whole(syntax))).status).toBe(406)
      expect((await get(`${one}/frames/1`, `image/jphc; transfer-syntax=${syntax}`)).status).toBe(406)
      const [part] = await answerParts(await get(where, `${wish}, ${wish.replace(syntax, '*')}; q=0.5`))
      expect(part?.contentType).toBe('application/dicom;transfer-syntax=1.2.840.10008.1.2.4.50')
    }
  })

  it('are called what they also are, where they arrived as HTJ2K', async () => {
    const codestream = await bytesOf(await get(path(ids.made, '1'), RENDITION))
    const native = { study: newUid(), series: newUid(), instance: newUid() }
    const file = dicom().ct({ rows: 256, columns: 256 }).uids(native).fragments(RPCL, [codestream])
    const sent = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file.build()]) })
    expect(sent.status, await sent.text()).toBe(200)
    const where = `/dicom-web/studies/${native.study}/series/${native.series}/instances/${native.instance}`
    for (const syntax of SYNTAXES) {
      const { scanned, frame } = scannedFile(await bytesOf(await get(where, whole(syntax))))
      expect(scanned.transferSyntaxUid).toBe(syntax)
      expect(frame(1).subarray(0, codestream.length).equals(codestream)).toBe(true)
      const one = await get(`${where}/frames/1`, `image/jphc; transfer-syntax=${syntax}`)
      expect(one.headers.get('Content-Type')).toBe(`image/jphc;transfer-syntax=${syntax}`)
    }
  })
})

describe('frames in HTJ2K', () => {
  it('have the very values that are stored, in fewer bytes', async () => {
    for (const frame of ['1', '2']) {
      const answer = await get(path(ids.made, frame), EITHER)
      expect(answer.headers.get('Content-Type')).toBe(`image/jphc;transfer-syntax=${RPCL}`)
      const bytes = await bytesOf(answer)
      const truth = await stored(ids.made, frame)
      expect(bytes.length).toBeLessThan(truth.length)
      expect((await decoded(bytes)).equals(truth)).toBe(true)
    }
  })

  it('come several at once, and by range', async () => {
    const parts = await answerParts(
      await get(path(ids.made, '2,1'), `multipart/related; type="image/jphc"; transfer-syntax=${RPCL}`),
    )
    const one = await bytesOf(await get(path(ids.made, '1'), RENDITION))
    expect(parts).toHaveLength(2)
    expect(parts[1]?.body.equals(one)).toBe(true)
    const range = await get(path(ids.made, '1'), RENDITION, { Range: 'bytes=0-999' })
    expect(range.status).toBe(206)
    expect((await bytesOf(range)).equals(one.subarray(0, 1000))).toBe(true)
  })

  it('have a validator of their own', async () => {
    const tag = (await get(path(ids.made, '1'), RENDITION)).headers.get('ETag') ?? ''
    expect(tag).not.toBe((await get(path(ids.made, '1'), AS_STORED)).headers.get('ETag'))
    expect((await get(path(ids.made, '1'), RENDITION, { 'If-None-Match': tag })).status).toBe(304)
  })

  it.each([
    ['1.2.840.10008.1.2.4.201', 'the default of the media type'],
    ['1.2.840.10008.1.2.4.203', 'one that may lose something'],
  ])('are called %s too, %s', async (syntax) => {
    const truth = await bytesOf(await get(path(ids.made, '1'), RENDITION))
    const answer = await get(path(ids.made, '1'), `image/jphc; transfer-syntax=${syntax}`)
    expect(answer.headers.get('Content-Type')).toBe(`image/jphc;transfer-syntax=${syntax}`)
    expect(answer.headers.get('ETag')).not.toBe(
      (await get(path(ids.made, '1'), RENDITION)).headers.get('ETag'),
    )
    expect((await bytesOf(answer)).equals(truth)).toBe(true)
  })

  it('are as stored while there is no rendition, and made now where nothing else will do', async () => {
    expect((await bytesOf(await get(path(ids.late, '1'), EITHER))).equals(await stored(ids.late, '1'))).toBe(
      true,
    )
    const answer = await get(path(ids.late, '1'), RENDITION)
    expect(answer.headers.get('Content-Type')).toBe(`image/jphc;transfer-syntax=${RPCL}`)
    expect((await decoded(await bytesOf(answer))).equals(await stored(ids.late, '1'))).toBe(true)
  })

  it('are wished for by who reads a series that lacks them', async () => {
    const asked = () =>
      app.pacs.database.query<{ uid: string }>(
        `select series_instance_uid as uid from work_item w join series se on se.series_id = w.key
         where kind = 'make-renditions'`,
      )
    await expect.poll(asked).toContainEqual({ uid: ids.series })
  })

  it('are as stored when the object of a rendition is gone', async () => {
    const [row] = await app.pacs.database.query<{ object_key: ObjectKey }>('select object_key from rendition')
    if (row === undefined) throw new Error('no rendition')
    await app.pacs.objects.delete(row.object_key)
    const truth = await bytesOf(await get(instancePath(ids.late), whole(RPCL)))
    expect((await bytesOf(await get(instancePath(ids.made), whole(RPCL)))).length).toBe(truth.length)
    const answer = await get(path(ids.made, '1'), EITHER)
    expect((await bytesOf(answer)).equals(await stored(ids.made, '1'))).toBe(true)
  })
})
