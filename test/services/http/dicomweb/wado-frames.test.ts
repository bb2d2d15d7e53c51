import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { answerParts } from '../../../support/multipart-answer.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const EXPLICIT = '1.2.840.10008.1.2.1'
const RLE = '1.2.840.10008.1.2.5'
const study = newUid()
const series = newUid()
const IDS = { native: newUid(), bits: newUid(), rle: newUid(), deflated: newUid(), none: newUid() }
const path = (name: keyof typeof IDS, frames: string) =>
  `/dicom-web/studies/${study}/series/${series}/instances/${IDS[name]}/frames/${frames}`
const make = (name: keyof typeof IDS) => dicom().uids({ study, series, instance: IDS[name] })

/** Three frames of 4 by 4, values counting up. */
const SAMPLES = new Uint8Array(Int16Array.from({ length: 48 }, (_, index) => index).buffer)
const frame = (number: number) => Buffer.from(SAMPLES.subarray((number - 1) * 32, number * 32))
/** An 8-bit picture of 4 by 4, all 7: one segment, one run of 16 (PS3.5 G). */
const RLE_FRAME = (() => {
  const bytes = Buffer.alloc(66)
  bytes.writeUInt32LE(1, 0)
  bytes.writeUInt32LE(64, 4)
  bytes.set([0xf1, 7], 64)
  return bytes
})()

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const eight = (name: keyof typeof IDS) =>
    make(name)
      .ct({ rows: 4, columns: 4 })
      .set('BitsAllocated', 'US', [8])
      .set('BitsStored', 'US', [8])
      .set('HighBit', 'US', [7])
      .set('PixelRepresentation', 'US', [0])
  const files = [
    make('native').ct({ rows: 4, columns: 4, frames: 3 }),
    make('deflated').ct({ rows: 4, columns: 4, frames: 3 }).deflated(),
    eight('rle').fragments(RLE, [RLE_FRAME]),
    eight('bits')
      .set('Rows', 'US', [3])
      .set('Columns', 'US', [3])
      .set('BitsAllocated', 'US', [1])
      .set('BitsStored', 'US', [1])
      .set('HighBit', 'US', [0])
      .set('NumberOfFrames', 'IS', [2])
      .pixels(Uint8Array.from([0xff, 0x01, 0x00, 0x00])),
    make('none').set('Modality', 'CS', ['SR']),
  ]
  const answer = await app.fetch('/dicom-web/studies', {
    method: 'POST',
    ...multipart(files.map((file) => file.build())),
  })
  expect(answer.status, await answer.text()).toBe(200)
})
afterAll(() => app.close())

const get = (where: string, accept: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.fetch(where, { method, headers: { Accept: accept, ...headers } })
const OCTETS = 'application/octet-stream'
const MULTI = `multipart/related; type="${OCTETS}"`

describe.each(['native', 'deflated'] as const)('frames of a %s instance', (name) => {
  it('come one by one, or several in the order asked for', async () => {
    const one = await get(path(name, '2'), OCTETS)
    expect(one.headers.get('Content-Type')).toBe(`${OCTETS};transfer-syntax=${EXPLICIT}`)
    expect(Buffer.from(await one.arrayBuffer())).toEqual(frame(2))
    const several = await answerParts(await get(path(name, '3,1'), MULTI))
    expect(several.map((part) => part.body)).toEqual([frame(3), frame(1)])
    expect(several[0]?.contentType).toBe(`${OCTETS};transfer-syntax=${EXPLICIT}`)
    expect(several.map((part) => part.location)).toEqual([path(name, '3'), path(name, '1')])
  })

  it.each(['4', '1,4', '1,2,9'])('frames/%s is 404 as a whole', async (frames) => {
    const answer = await get(path(name, frames), MULTI)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      404,
      'frame-not-found',
    ])
  })
})

it('decodes what is compressed, and hands it out as stored when asked', async () => {
  const decoded = await get(path('rle', '1'), OCTETS)
  expect(Buffer.from(await decoded.arrayBuffer())).toEqual(Buffer.alloc(16, 7))
  const [stored] = await answerParts(await get(path('rle', '1'), `${MULTI}; transfer-syntax=*`))
  expect(stored?.contentType).toContain(`transfer-syntax=${RLE}`)
  expect(stored?.body).toEqual(RLE_FRAME)
})

it('shifts frames of single bits to the beginning of a byte', async () => {
  const [one, two] = await answerParts(await get(path('bits', '1,2'), MULTI))
  expect([one?.body.toString('hex'), two?.body.toString('hex')]).toEqual(['ff01', '0000'])
})

it.each([
  ['0', 400],
  ['1,x', 400],
  ['-1', 400],
  ['1.5', 400],
  ['1,', 400],
])('frames/%s is %i', async (frames, status) => {
  const answer = await get(path('native', frames), MULTI)
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
    status,
    'frame-list-invalid',
  ])
})

it('says that a document has no frames', async () => {
  const answer = await get(path('none', '1'), MULTI)
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'no-pixels'])
})

it.each([
  ['native', '1', 'text/html'],
  ['native', '1,2', OCTETS],
  ['native', '1', 'image/jpeg'],
  ['rle', '1', `${MULTI}; transfer-syntax=1.2.840.10008.1.2.4.90`],
] as const)('%s frames/%s as %s is 406', async (name, frames, accept) => {
  const answer = await get(path(name, frames), accept)
  expect(answer.status).toBe(406)
  await answer.arrayBuffer()
})

describe('caching and ranges', () => {
  it('lets the reader keep a frame, and answers 304 to whom has it', async () => {
    const first = await get(path('native', '1'), OCTETS)
    await first.arrayBuffer()
    expect(first.headers.get('Cache-Control')).toBe('private, max-age=31536000, immutable')
    expect(first.headers.get('Vary')).toContain('Accept')
    const etag = first.headers.get('ETag') ?? ''
    const again = await get(path('native', '1'), OCTETS, { 'If-None-Match': etag })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const other = await get(path('native', '2'), OCTETS, { 'If-None-Match': etag })
    expect(other.status).toBe(200)
    await other.arrayBuffer()
  })

  it.each([
    ['bytes=0-3', 206, 'bytes 0-3/32', 4],
    ['bytes=30-', 206, 'bytes 30-31/32', 2],
    ['bytes=-2', 206, 'bytes 30-31/32', 2],
    ['bytes=30-99', 206, 'bytes 30-31/32', 2],
    ['bytes=-99', 206, 'bytes 0-31/32', 32],
    ['bytes=0-1,3-4', 200, null, 32],
    ['lines=1-2', 200, null, 32],
  ])('Range: %s is %i', async (range, status, contentRange, length) => {
    const answer = await get(path('native', '1'), OCTETS, { Range: range })
    expect([answer.status, answer.headers.get('Content-Range')]).toEqual([status, contentRange])
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(bytes.length).toBe(length)
    if (contentRange !== null)
      expect(bytes).toEqual(
        frame(1)
          .subarray(Number(/\d+/.exec(contentRange)?.[0]))
          .subarray(0, length),
      )
  })

  it.each(['bytes=32-', 'bytes=5-2', 'bytes=-0'])('Range: %s is 416, or heard as none', async (range) => {
    const answer = await get(path('native', '1'), OCTETS, { Range: range })
    const text = await answer.text()
    // A range that runs backwards is no range at all (RFC 9110 14.1.1): the whole is right as well.
    expect([200, 416]).toContain(answer.status)
    if (answer.status === 416) {
      expect(answer.headers.get('Content-Range')).toBe('bytes */32')
      expect(text).toContain('range-not-satisfiable')
    } else expect(range).toBe('bytes=5-2')
  })

  it('takes a range of something that changed for none', async () => {
    const answer = await get(path('native', '1'), OCTETS, { Range: 'bytes=0-3', 'If-Range': '"old"' })
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 32])
  })

  it('answers HEAD with the head of GET', async () => {
    const answer = await get(path('native', '1'), OCTETS, {}, 'HEAD')
    expect([answer.status, answer.headers.get('Content-Length'), await answer.text()]).toEqual([
      200,
      '32',
      '',
    ])
    const many = await get(path('native', '1,2'), MULTI, {}, 'HEAD')
    expect(many.status).toBe(200)
  })
})

it('opens no frame to whom the study is not shared', async () => {
  const { token } = await app.user(['reviewer'])
  const answer = await app.fetch(path('native', '1'), { token, headers: { Accept: OCTETS } })
  expect(answer.status).toBe(404)
  await answer.arrayBuffer()
})
