import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SavedPresentation, type SavePresentation } from '../../../core/contract/presentation.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { readPresentationState } from '../../../core/dicom/drawn/presentation-state.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const study = newUid()
const grey = { series: newUid(), images: [newUid(), newUid(), newUid()] }
const colour = { series: newUid(), image: newUid() }
let app: TestApp
let reader: { token: string }

const wanted: SavePresentation = {
  language: 'zh-CN',
  seriesInstanceUid: grey.series,
  sopInstanceUid: grey.images[0] ?? '',
  name: '会诊',
  look: {
    window: { center: 40, width: 400, function: 'LINEAR' },
    automatic: null,
    turnedOver: false,
    rotation: 90,
    isFlipped: false,
    area: { topLeft: [1, 8], bottomRight: [8, 1] },
  },
  marks: [
    {
      sopInstanceUid: grey.images[1] ?? '',
      frameNumber: 1,
      geometry: { kind: 'arrow', tail: [1, 1], tip: [5, 5] },
      calibration: { kind: 'none', aspect: [1, 1] },
      lines: ['结节'],
    },
  ],
}
const keep = (body: unknown, token = reader.token): Promise<Response> =>
  app.fetch(`/api/studies/${study}/presentations`, {
    method: 'POST',
    token,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
const codeOf = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  ((await answer.json()) as { code: string }).code,
]

beforeAll(async () => {
  app = await startTestApp()
  reader = await app.user(['radiologist'])
  const { headers, body } = multipart([
    ...grey.images.map((instance, index) =>
      dicom()
        // The last is a survey of another size.
        .ct({ rows: index === 2 ? 16 : 8, columns: 8 })
        .uids({ study, series: grey.series, instance })
        .set('InstanceNumber', 'IS', [index + 1])
        .build(),
    ),
    dicom()
      .ct({ rows: 8, columns: 8 })
      .uids({ study, series: colour.series, instance: colour.image })
      .set('PhotometricInterpretation', 'CS', ['RGB'])
      .set('SamplesPerPixel', 'US', [3])
      .set('BitsAllocated', 'US', [8])
      .set('BitsStored', 'US', [8])
      .set('HighBit', 'US', [7])
      .set('PlanarConfiguration', 'US', [0])
      .pixels(new Uint8Array(8 * 8 * 3))
      .build(),
  ])
  const stored = await app.fetch('/dicom-web/studies', { method: 'POST', headers, body })
  expect(stored.status).toBe(200)
})
afterAll(() => app.close())

describe('/api/studies/{study}/presentations', () => {
  it('keeps a view as an instance of the study, for the images that are like the one on screen', async () => {
    const answer = await keep(wanted)
    expect(answer.status).toBe(201)
    const { seriesInstanceUid, sopInstanceUid } = SavedPresentation.parse(await answer.json())
    const metadata = await app.fetch(`/dicom-web/studies/${study}/series/${seriesInstanceUid}/metadata`)
    const [instance = {}] = (await metadata.json()) as DicomJson[]
    expect(instance['00080018']?.Value).toEqual([sopInstanceUid])
    const state = readPresentationState(instance)
    expect(state.description).toBe('会诊')
    expect(state.rotation).toBe(90)
    expect(state.images.map((image) => image.sopInstanceUid)).toEqual(grey.images.slice(0, 2))
    expect(state.annotations.map(({ images, texts }) => [images[0]?.sopInstanceUid, texts[0]?.text])).toEqual(
      [[grey.images[1], '结节']],
    )
    expect(state.areaOf({ sopInstanceUid: grey.images[0] ?? '', frameNumber: 1 })).toEqual(wanted.look.area)
  })

  it('refuses what is not there, what is in colour, and who may not', async () => {
    expect(await codeOf(await keep({ ...wanted, seriesInstanceUid: newUid() }))).toEqual([
      404,
      'series-not-found',
    ])
    expect(await codeOf(await keep({ ...wanted, sopInstanceUid: newUid() }))).toEqual([400, 'image-unknown'])
    expect(
      await codeOf(
        await keep({ ...wanted, seriesInstanceUid: colour.series, sopInstanceUid: colour.image, marks: [] }),
      ),
    ).toEqual([400, 'not-grey'])
    const technician = await app.user(['technician'])
    expect((await keep(wanted, technician.token)).status).toBe(404)
    expect((await keep({ ...wanted, name: 'a\\b' })).status).toBe(400)
    expect(
      (await keep({ ...wanted, marks: [{ ...wanted.marks[0], geometry: { kind: 'key', title: '113000' } }] }))
        .status,
    ).toBe(400)
  })
})
