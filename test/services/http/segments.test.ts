import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SavedSegments, SegmentDraft } from '../../../core/contract/segments.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { readSegmentation } from '../../../core/dicom/drawn/segmentation.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { encodeRuns } from '../../../core/measurements/segments/runs.ts'
import type { Segment } from '../../../core/measurements/segments/segment.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { draftSegment } from '../../support/draft-segment.ts'
import { multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const study = newUid()
const [series, elsewhere] = [newUid(), newUid()]
const images = [newUid(), newUid(), newUid()]
const [ROWS, COLUMNS] = [9, 7] as const
const path = `/api/studies/${study}/segments`
let app: TestApp
let one: { token: string }
let other: { token: string }

const masks = images.map((_, image) =>
  Uint8Array.from({ length: ROWS * COLUMNS }, (__, at) => ((at + image) % 3 === 0 ? 1 : 0)),
)
const segment = (given: Partial<Segment> = {}): Segment =>
  draftSegment({
    trackingUid: newUid(),
    label: '结节',
    studyInstanceUid: study,
    seriesInstanceUid: series,
    rows: ROWS,
    columns: COLUMNS,
    slices: images.map((sopInstanceUid, image) => ({
      sopInstanceUid,
      frameNumber: 1,
      runs: encodeRuns(masks[image] ?? new Uint8Array()),
    })),
    ...given,
  })

beforeAll(async () => {
  app = await startTestApp()
  one = await app.user(['radiologist'])
  other = await app.user(['radiologist'])
  const files = [...images, newUid()].map((instance, index) =>
    dicom()
      .ct({ rows: ROWS, columns: COLUMNS })
      .uids({ study, series: index < 3 ? series : elsewhere, instance })
      .set('FrameOfReferenceUID', 'UI', ['1.2.3'])
      .set('ImagePositionPatient', 'DS', [0, 0, index * 2])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [0.5, 0.5])
      .build(),
  )
  const { headers, body } = multipart(files)
  expect((await app.fetch('/dicom-web/studies', { method: 'POST', headers, body })).status).toBe(200)
})
afterAll(() => app.close())

const json = { 'Content-Type': 'application/json' }
const read = async (token: string): Promise<SegmentDraft> =>
  SegmentDraft.parse(await (await app.fetch(path, { token })).json())
const keep = (token: string, draft: unknown): Promise<Response> =>
  app.fetch(path, { method: 'PUT', token, headers: json, body: JSON.stringify(draft) })
const save = (token: string, wanted: object): Promise<Response> =>
  app.fetch(`/api/studies/${study}/segmentations`, {
    method: 'POST',
    token,
    headers: json,
    body: JSON.stringify({ language: 'en', ...wanted }),
  })
const codeOf = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  ((await answer.json()) as { code: string }).code,
]
/** In place of whatever was there. */
async function draftOf(segments: Segment[]): Promise<{ version: number; segments: string[] }> {
  const { version } = await read(one.token)
  expect((await keep(one.token, { version, segments })).status).toBe(200)
  return { version: version + 1, segments: segments.map(({ trackingUid }) => trackingUid) }
}

describe('/api/studies/{study}/segments', () => {
  it('is the reader’s own, as it was painted, and never written over unseen', async () => {
    expect(await read(one.token)).toEqual({ version: 0, segments: [] })
    const segments = [segment(), segment({ hidden: true, slices: [] })]
    expect(await (await keep(one.token, { version: 0, segments })).json()).toEqual({ version: 1 })
    expect(await read(one.token)).toEqual({ version: 1, segments })
    expect(await read(other.token)).toEqual({ version: 0, segments: [] })
    expect(await codeOf(await keep(one.token, { version: 0, segments: [] }))).toEqual([409, 'draft-changed'])
  })

  it('refuses paint that is not of its image, and shapes that there are not', async () => {
    const { version } = await read(one.token)
    const long = encodeRuns(new Uint8Array(ROWS * COLUMNS + 1).fill(1))
    for (const runs of [long, btoa('\x80')]) {
      const slices = [{ sopInstanceUid: images[0] ?? '', frameNumber: 1, runs }]
      expect(await codeOf(await keep(one.token, { version, segments: [segment({ slices })] }))).toEqual([
        400,
        'runs-invalid',
      ])
    }
    for (const wrong of [{ rows: 0 }, { colour: [1, 2, 256] }, { kind: 'star' }, { label: 'a\\b' }])
      expect((await keep(one.token, { version, segments: [{ ...segment(), ...wrong }] })).status).toBe(400)
  })
})

describe('/api/studies/{study}/segmentations', () => {
  it('stores what is painted, bit by bit, and takes it out of the draft', async () => {
    const kept = segment({ label: 'stays' })
    const { version, segments } = await draftOf([segment(), kept])
    const answer = await save(one.token, { version, segments: segments.slice(0, 1) })
    expect(answer.status).toBe(201)
    const saved = SavedSegments.parse(await answer.json())
    expect(await read(one.token)).toEqual({ version: saved.version, segments: [kept] })
    const [made] = saved.segmentations
    expect(made?.drawnOn).toBe(series)
    const at = `/dicom-web/studies/${study}/series/${made?.seriesInstanceUid ?? ''}`
    const [instance = {}] = (await (await app.fetch(`${at}/metadata`)).json()) as DicomJson[]
    const { frames, segments: read_, series: drawnOn } = readSegmentation(instance)
    expect(drawnOn).toEqual([series])
    expect(read_.map(({ label }) => label)).toEqual(['结节'])
    expect(frames.map(({ sources }) => sources[0]?.sopInstanceUid)).toEqual(images)
    for (const [index, mask] of masks.entries()) {
      const frame = await app.fetch(`${at}/instances/${made?.sopInstanceUid ?? ''}/frames/${index + 1}`, {
        headers: { Accept: 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1' },
      })
      const bytes = new Uint8Array(await frame.arrayBuffer())
      expect(frame.status).toBe(200)
      // A frame alone begins at a whole byte.
      expect([...mask].map((_, pixel) => ((bytes[pixel >> 3] ?? 0) >> (pixel & 7)) & 1)).toEqual([...mask])
    }
  })

  it('refuses what is not painted, not in the draft as seen, or not of the study', async () => {
    const empty = await draftOf([segment({ slices: [] })])
    expect(await codeOf(await save(one.token, empty))).toEqual([400, 'nothing-painted'])
    expect(await codeOf(await save(one.token, { ...empty, version: empty.version - 1 }))).toEqual([
      409,
      'draft-changed',
    ])
    for (const wrong of [{ seriesInstanceUid: elsewhere }, { rows: ROWS + 1 }])
      expect(await codeOf(await save(one.token, await draftOf([segment(wrong)])))).toEqual([
        400,
        'image-unknown',
      ])
    expect((await app.fetch(`/dicom-web/studies/${study}/series?Modality=SEG`)).status).toBe(200)
  })
})
