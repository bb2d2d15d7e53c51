import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const study = newUid()
const series = newUid()
/** Of what cannot be shown. */
const otherStudy = newUid()
const IDS = { cine: newUid(), gray: newUid(), report: newUid(), video: newUid(), broken: newUid() }
type Name = keyof typeof IDS
const studyOf = (name: Name) => (name === 'cine' || name === 'gray' ? study : otherStudy)
const instance = (name: Name) => `/dicom-web/studies/${studyOf(name)}/series/${series}/instances/${IDS[name]}`
const make = (name: Name) => dicom().uids({ study: studyOf(name), series, instance: IDS[name] })

const SIZE = 32
/** Three frames of one grey each: stored 0, 100 and 200. */
const CINE = new Uint8Array(
  Int16Array.from({ length: SIZE * SIZE * 3 }, (_, index) => 100 * Math.floor(index / (SIZE * SIZE))).buffer,
)

let app: TestApp
/** Names of the statements that were prepared, each time one was asked. */
const asked: (string | undefined)[] = []
beforeAll(async () => {
  app = await startTestApp({
    workers: false,
    database: (database) => ({
      ...database,
      query: (text, params, options) => {
        asked.push(options?.name)
        return database.query(text, params, options)
      },
    }),
  })
  const files = [
    make('cine')
      .ct({ rows: SIZE, columns: SIZE, frames: 3 })
      .set('InstanceNumber', 'IS', [2])
      .set('WindowCenter', 'DS', [100.5])
      .set('WindowWidth', 'DS', [201])
      .pixels(CINE),
    make('gray')
      .ct({ rows: SIZE, columns: SIZE })
      .set('InstanceNumber', 'IS', [1])
      .set('PixelSpacing', 'DS', [2, 1]),
    make('report').set('Modality', 'CS', ['SR']),
    make('video')
      .ct({ rows: SIZE, columns: SIZE })
      .fragments('1.2.840.10008.1.2.4.102', [Buffer.from('mpeg')]),
    make('broken')
      .ct({ rows: SIZE, columns: SIZE })
      .fragments('1.2.840.10008.1.2.4.70', [Buffer.from('no JPEG at all')]),
  ]
  const answer = await app.fetch('/dicom-web/studies', {
    method: 'POST',
    ...multipart(files.map((file) => file.build())),
  })
  expect(answer.ok, await answer.text()).toBe(true)
})
afterAll(() => app.close())

const get = (path: string, accept = 'image/png', headers: Record<string, string> = {}) =>
  app.fetch(path, { headers: { Accept: accept, ...headers } })

async function picture(path: string, accept?: string) {
  const answer = await get(path, accept)
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect(answer.status, bytes.toString().slice(0, 200)).toBe(200)
  const type = answer.headers.get('Content-Type')
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  return { answer, bytes, type, width: info.width, height: info.height, mean }
}
const problem = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  ((await answer.json()) as { code: string }).code,
]

describe('media types of rendered resources', () => {
  it.each([
    ['image/png', 'image/png', 'png'],
    ['image/jpeg', 'image/jpeg', 'jpeg'],
    ['image/webp', 'image/webp', 'webp'],
    ['image/*', 'image/jpeg', 'jpeg'],
    ['*/*', 'image/jpeg', 'jpeg'],
    ['image/jpeg;q=0.2, image/webp;q=0.9', 'image/webp', 'webp'],
    ['image/gif, image/png;q=0.1', 'image/png', 'png'],
  ])('Accept: %s is answered as %s', async (accept, type, format) => {
    const { type: is, bytes, answer } = await picture(`${instance('gray')}/rendered`, accept)
    expect(is).toBe(type)
    expect((await sharp(bytes).metadata()).format).toBe(format)
    expect(answer.headers.get('Content-Length')).toBe(String(bytes.length))
  })

  it('takes the wish of the query before that of the header', async () => {
    expect((await picture(`${instance('gray')}/rendered?accept=image/webp`, 'image/png')).type).toBe(
      'image/webp',
    )
  })

  it.each(['image/gif', 'text/html', 'video/mp4', 'application/dicom', 'image/png;q=0'])(
    'Accept: %s is 406',
    async (accept) => {
      expect(await problem(await get(`${instance('gray')}/rendered`, accept))).toEqual([
        406,
        'media-type-not-acceptable',
      ])
    },
  )
})

describe('frames', () => {
  it.each([
    [`${instance('cine')}/rendered`, 0],
    [`${instance('cine')}/rendered?frame=2`, 128],
    [`${instance('cine')}/frames/1/rendered`, 0],
    [`${instance('cine')}/frames/2/rendered`, 128],
    [`${instance('cine')}/frames/3/rendered`, 255],
    // One stands for many: the middle frame of the middle instance.
    [`/dicom-web/studies/${study}/series/${series}/rendered`, 128],
    [`/dicom-web/studies/${study}/rendered`, 128],
  ])('picture %# is of the right frame', async (path, level) => {
    expect(Math.abs((await picture(path)).mean - level)).toBeLessThanOrEqual(1)
  })

  it('have the metadata of their instance read once', async () => {
    asked.length = 0
    for (const frame of [3, 1, 2, 3]) await picture(`${instance('cine')}/frames/${frame}/rendered`)
    expect(asked.filter((name) => name === 'instance-metadata').length).toBeLessThanOrEqual(1)
    expect(Math.abs((await picture(`${instance('cine')}/frames/1/rendered`)).mean)).toBeLessThanOrEqual(1)
  })

  it.each([
    ['frames/4/rendered', 404, 'frame-not-found'],
    ['rendered?frame=4', 404, 'frame-not-found'],
    ['frames/0/rendered', 400, 'frame-list-invalid'],
    ['frames/x/rendered', 400, 'frame-list-invalid'],
    ['frames/1,2/rendered', 400, 'frame-list-invalid'],
    ['rendered?frame=-1', 400, 'frame-list-invalid'],
  ])('%s is %i', async (path, status, code) => {
    expect(await problem(await get(`${instance('cine')}/${path}`))).toEqual([status, code])
  })

  it.each([
    ['report', 404, 'no-pixels'],
    ['video', 406, 'transfer-syntax-unsupported'],
    ['broken', 406, 'pixel-data-invalid'],
  ] as const)('what cannot be shown of %s is %i', async (name, status, code) => {
    expect(await problem(await get(`${instance(name)}/rendered`))).toEqual([status, code])
  })
})

describe('parameters', () => {
  it.each([
    ['', 32, 64],
    ['?viewport=64,64', 32, 64],
    ['?viewport=16,1000', 16, 32],
    ['?viewport=1000,16', 8, 16],
    ['?viewport=1,1', 1, 1],
  ])('rendered%s is %i by %i: the shape of the pixels is kept', async (query, width, height) => {
    expect(await picture(`${instance('gray')}/rendered${query}`)).toMatchObject({ width, height })
  })

  it.each([
    ['window=0,100', 255],
    ['window=200,10', 0],
    ['window=100.5,201,linear', 128],
    ['window=100,200,LINEAR-EXACT', 128],
    ['window=100,200,sigmoid', 128],
    ['window=0,200,sigmoid', 225],
  ])('%s shows 100 as %i', async (window, level) => {
    const { mean } = await picture(`${instance('cine')}/frames/2/rendered?${window}`)
    expect(Math.abs(mean - level)).toBeLessThanOrEqual(1)
  })

  it.each(['image/jpeg', 'image/webp'])('quality makes a %s smaller or better', async (accept) => {
    const [low, high] = await Promise.all(
      [5, 95].map((quality) => picture(`${instance('gray')}/rendered?quality=${quality}`, accept)),
    )
    expect(low?.bytes.length ?? 0).toBeLessThan(0.7 * (high?.bytes.length ?? 0))
  })

  it.each([
    ['quality=0', 'quality-invalid'],
    ['quality=101', 'quality-invalid'],
    ['quality=1.5', 'quality-invalid'],
    ['quality=good', 'quality-invalid'],
    ['viewport=100', 'viewport-invalid'],
    ['viewport=0,10', 'viewport-invalid'],
    ['viewport=-5,10', 'viewport-invalid'],
    ['viewport=10,9999', 'viewport-invalid'],
    ['viewport=wide,high', 'viewport-invalid'],
    ['viewport=10,10,0,0,5,5', 'viewport-invalid'],
    ['window=40', 'window-invalid'],
    ['window=,400', 'window-invalid'],
    ['window=40,0', 'window-invalid'],
    ['window=40,-1', 'window-invalid'],
    ['window=40,0.5', 'window-invalid'],
    ['window=40,400,gamma', 'window-invalid'],
    ['window=40,400,linear,1', 'window-invalid'],
    ['window=Infinity,400', 'window-invalid'],
    ['window=40,Infinity', 'window-invalid'],
  ])('%s is 400', async (query, code) => {
    expect(await problem(await get(`${instance('gray')}/rendered?${query}`))).toEqual([400, code])
  })
})

it('lets the reader keep a picture, each rendering by itself', async () => {
  const path = `${instance('gray')}/rendered`
  const { answer } = await picture(path)
  expect(answer.headers.get('Cache-Control')).toBe('private, max-age=31536000, immutable')
  expect(answer.headers.get('Vary')).toContain('Accept')
  const etag = answer.headers.get('ETag') ?? ''
  const again = await get(path, 'image/png', { 'If-None-Match': etag })
  expect([again.status, await again.text()]).toEqual([304, ''])
  for (const [other, accept] of [
    [`${path}?window=1,2`, 'image/png'],
    [path, 'image/webp'],
    [`${path}?quality=5`, 'image/png'],
  ] as const) {
    const different = await get(other, accept, { 'If-None-Match': etag })
    expect(different.status).toBe(200)
    await different.arrayBuffer()
  }
})

it('shows nothing to whom the study is not shared', async () => {
  const { token } = await app.user(['reviewer'])
  for (const path of [`${instance('gray')}/rendered`, `/dicom-web/studies/${study}/rendered`]) {
    expect(await problem(await app.fetch(path, { token }))).toEqual([404, 'study-not-found'])
  }
})
