import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InstanceScanner } from '../../../../core/dicom/instance-scanner.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { answerParts } from '../../../support/multipart-answer.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const EXPLICIT = '1.2.840.10008.1.2.1'
const RLE = '1.2.840.10008.1.2.5'
const study = newUid()
const series = newUid()
const other = newUid()
const IDS = { plain: newUid(), evil: newUid(), bare: newUid(), rle: newUid() }
const STUDY = `/dicom-web/studies/${study}`
const path = (name: keyof typeof IDS) =>
  `${STUDY}/series/${name === 'rle' ? other : series}/instances/${IDS[name]}`
const RLE_FRAME = (() => {
  const bytes = Buffer.alloc(66)
  bytes.writeUInt32LE(1, 0)
  bytes.writeUInt32LE(64, 4)
  bytes.set([0xf1, 7], 64)
  return bytes
})()
const make = (name: keyof typeof IDS) =>
  dicom()
    .uids({ study, series: name === 'rle' ? other : series, instance: IDS[name] })
    .set('InstanceNumber', 'IS', [Object.keys(IDS).indexOf(name)])
const plain = make('plain').ct({ rows: 4, columns: 4 }).build()
const evil = make('evil').ct({ rows: 4, columns: 4 }).build()
evil.write('MZ<script>alert(1)</script>', 0)
const bareWhole = make('bare').ct({ rows: 4, columns: 4 }).build()
/** Neither preamble nor meta group: the data set alone. */
const bare = bareWhole.subarray(144 + bareWhole.readUInt32LE(140))
const rle = make('rle')
  .ct({ rows: 4, columns: 4 })
  .set('BitsAllocated', 'US', [8])
  .set('BitsStored', 'US', [8])
  .set('HighBit', 'US', [7])
  .set('PixelRepresentation', 'US', [0])
  .fragments(RLE, [RLE_FRAME])
  .build()

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
  for (const [name, file] of Object.entries({ plain, evil, bare, rle })) {
    const answer = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file]) })
    expect(answer.status, `${name}: ${await answer.text()}`).toBe(200)
  }
})
afterAll(() => app.close())

const get = (where: string, accept: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.fetch(where, { method, headers: { Accept: accept, ...headers } })
const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer())
const ONE = 'application/dicom'
const MULTI = 'multipart/related; type="application/dicom"'
const scan = (file: Buffer) => {
  const scanner = new InstanceScanner()
  scanner.write(file)
  return scanner.end()
}

describe('one instance', () => {
  it('comes back byte for byte, alone or as the part of an answer', async () => {
    const alone = await get(path('plain'), ONE)
    expect(alone.headers.get('Content-Type')).toBe(`application/dicom;transfer-syntax=${EXPLICIT}`)
    expect(alone.headers.get('Content-Disposition')).toContain('attachment')
    expect(await bytes(alone)).toEqual(plain)
    for (const accept of [MULTI, '*/*', `${MULTI}; transfer-syntax=*`]) {
      const [part, ...more] = await answerParts(await get(path('plain'), accept))
      expect(more).toEqual([])
      expect(part).toMatchObject({
        contentType: `application/dicom;transfer-syntax=${EXPLICIT}`,
        location: path('plain'),
        body: plain,
      })
    }
  })

  it('never has the preamble it came with', async () => {
    const served = await bytes(await get(path('evil'), ONE))
    expect(served.subarray(0, 128)).toEqual(Buffer.alloc(128))
    expect(served.subarray(128)).toEqual(evil.subarray(128))
    const head = await bytes(await get(path('evil'), ONE, { Range: 'bytes=0-99' }))
    expect(head).toEqual(Buffer.alloc(100))
  })

  it('gets the preamble and meta group that it came without, and keeps its data set', async () => {
    const served = await bytes(await get(path('bare'), ONE))
    expect(served.subarray(128, 132).toString()).toBe('DICM')
    const scanned = scan(served)
    expect(scanned).toMatchObject({ hasPreamble: true, hasMeta: true })
    expect(scanned.identity.sopInstanceUid).toBe(IDS.bare)
    expect(served.subarray(scanned.datasetOffset)).toEqual(bare)
  })

  it.each([
    [0, 10],
    [120, 140],
    [131, 133],
    [200, undefined],
  ])('from %i to %s is that part of the whole, made heads included', async (from, to) => {
    for (const name of ['plain', 'bare'] as const) {
      const whole = await bytes(await get(path(name), ONE))
      const part = await get(path(name), ONE, { Range: `bytes=${from}-${to ?? ''}` })
      expect(part.status).toBe(206)
      expect(await bytes(part)).toEqual(whole.subarray(from, to === undefined ? undefined : to + 1))
    }
  })

  it('is 416 behind its end', async () => {
    const answer = await get(path('plain'), ONE, { Range: 'bytes=9999999-' })
    expect([answer.status, answer.headers.get('Content-Range')]).toEqual([416, `bytes */${plain.length}`])
    await answer.arrayBuffer()
  })

  it('is transcoded to Explicit VR Little Endian when asked', async () => {
    const served = await bytes(await get(path('rle'), `${ONE}; transfer-syntax=${EXPLICIT}`))
    const scanned = scan(served)
    expect(scanned.transferSyntaxUid).toBe(EXPLICIT)
    expect(scanned.frames.kind).toBe('native')
    expect(served.subarray(served.length - 16)).toEqual(Buffer.alloc(16, 7))
    expect(await bytes(await get(path('rle'), ONE))).toEqual(rle)
  })

  it('has validators of its own for each form', async () => {
    const tags = await Promise.all(
      [ONE, MULTI, `${ONE}; transfer-syntax=${EXPLICIT}`].map(async (accept) => {
        const answer = await get(path('rle'), accept)
        await answer.arrayBuffer()
        return answer.headers.get('ETag') ?? ''
      }),
    )
    expect(new Set(tags).size).toBe(3)
    const again = await get(path('rle'), ONE, { 'If-None-Match': `W/"x", ${tags[0]}` })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  it('answers HEAD with its length', async () => {
    const answer = await get(path('plain'), ONE, {}, 'HEAD')
    expect([answer.status, answer.headers.get('Content-Length')]).toEqual([200, String(plain.length)])
  })

  it.each([
    ['image/jpeg', 406],
    [`${ONE}; transfer-syntax=1.2.840.10008.1.2.4.90`, 406],
  ])('as %s is %i', async (accept, status) => {
    const answer = await get(path('plain'), accept)
    expect(answer.status).toBe(status)
    await answer.arrayBuffer()
  })

  it.each([
    `${STUDY}/series/${series}/instances/${newUid()}`,
    `${STUDY}/series/${other}/instances/${IDS.plain}`,
    `${STUDY}/series/${newUid()}`,
    `/dicom-web/studies/${newUid()}`,
    `${STUDY}/series/${series}/instances/a%00b`,
    '/dicom-web/studies/a%00b',
  ])('%s is 404', async (where) => {
    const answer = await get(where, '*/*')
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('not-found')])
  })
})

describe('a study and a series', () => {
  it('come as all their instances, in order', async () => {
    const parts = await answerParts(await get(STUDY, MULTI))
    expect(parts.map((part) => part.location?.split('/').at(-1)).sort()).toEqual(Object.values(IDS).sort())
    const ofSeries = await answerParts(await get(`${STUDY}/series/${series}`, MULTI))
    expect(ofSeries.map((part) => part.location)).toEqual([path('plain'), path('evil'), path('bare')])
    expect(ofSeries[0]?.body).toEqual(plain)
  })

  it('can be had in one transfer syntax, or not at all: that is said before the first part', async () => {
    const parts = await answerParts(await get(STUDY, `${MULTI}; transfer-syntax=${EXPLICIT}`))
    expect(new Set(parts.map((part) => scan(part.body).transferSyntaxUid))).toEqual(new Set([EXPLICIT]))
    const mixed = await get(STUDY, `${MULTI}; transfer-syntax=${RLE}`)
    expect(mixed.status).toBe(406)
    await mixed.arrayBuffer()
    expect((await get(STUDY, ONE)).status).toBe(406)
  })

  it('leave a trace when they are taken away', async () => {
    const rows = await app.pacs.database.query(
      "select 1 from audit_event where event = 'instances-transferred' and study_instance_uid = $1",
      [study],
    )
    expect(rows.length).toBeGreaterThan(0)
  })

  it('stop being read when the client goes away', async () => {
    const gone = new AbortController()
    const answer = await app.fetch(STUDY, { signal: gone.signal, headers: { Accept: MULTI } })
    expect(answer.status).toBe(200)
    gone.abort()
    const still = await get(path('plain'), ONE)
    expect(await bytes(still)).toEqual(plain)
  })
})
