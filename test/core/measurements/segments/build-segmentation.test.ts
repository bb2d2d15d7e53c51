import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rgbOfLab } from '../../../../core/dicom/drawn/colour.ts'
import { readSegmentation } from '../../../../core/dicom/drawn/segmentation.ts'
import { firstString, items, numbers, type DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../../core/dicom/parse-dataset.ts'
import { Tag } from '../../../../core/dicom/tag.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { openPart10Writer } from '../../../../core/dicom/write-part10.ts'
import { framePlanesOf } from '../../../../core/measurements/frame-planes.ts'
import {
  buildSegmentation,
  compressionOfSources,
  type SegmentationInput,
  type SourceFrame,
} from '../../../../core/measurements/segments/build-segmentation.ts'
import { encodeRuns } from '../../../../core/measurements/segments/runs.ts'
import type { Segment } from '../../../../core/measurements/segments/segment.ts'
import { seededRandom } from '../../../../core/samples/shape/seeded-random.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { describeWith } from '../../../support/require.ts'

const run = promisify(execFile)
const DCIODVFY = '/usr/bin/dciodvfy'
/** No multiple of eight: frames do not begin at whole bytes. */
const [ROWS, COLUMNS] = [13, 9] as const
const STUDY = newUid()
const SERIES = newUid()

const IMAGES = [0, 1, 2, 3].map((index) =>
  dicom()
    .ct({ rows: ROWS, columns: COLUMNS })
    .uids({ study: STUDY, series: SERIES, instance: newUid() })
    .set('FrameOfReferenceUID', 'UI', ['1.2.3.4'])
    // Stacked downwards: places go by positions, not by the order of files.
    .set('ImagePositionPatient', 'DS', [-10, -20.5, 30 - index * 2.5])
    .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 0.9659258263, 0.2588190451])
    .set('PixelSpacing', 'DS', [0.7, 0.6])
    .set('SliceThickness', 'DS', [3])
    .json(),
)
const uidAt = (index: number): string => firstString(IMAGES[index] ?? {}, Tag.SOPInstanceUID) ?? ''

const sources = new Map(
  IMAGES.map((json) => [
    firstString(json, Tag.SOPInstanceUID) ?? '',
    {
      sopInstanceUid: firstString(json, Tag.SOPInstanceUID) ?? '',
      sopClassUid: firstString(json, Tag.SOPClassUID) ?? '',
      frameNumber: 1,
      numberOfFrames: 1,
      plane: framePlanesOf(json)[0],
      spacing: [0.7, 0.6],
    } satisfies SourceFrame,
  ]),
)

const random = seededRandom(5)
const MASKS = Array.from({ length: 5 }, () =>
  Uint8Array.from({ length: ROWS * COLUMNS }, () => (random() < 0.4 ? 1 : 0)),
)
const segment = (
  given: Partial<Segment>,
  painted: readonly (readonly [image: number, mask: number])[],
): Segment => ({
  trackingUid: newUid(),
  label: '',
  kind: 'lesion',
  colour: [230, 159, 0],
  hidden: false,
  assisted: false,
  studyInstanceUid: STUDY,
  seriesInstanceUid: SERIES,
  rows: ROWS,
  columns: COLUMNS,
  slices: painted.map(([image, mask]) => ({
    sopInstanceUid: uidAt(image),
    frameNumber: 1,
    runs: encodeRuns(MASKS[mask] ?? new Uint8Array()),
  })),
  ...given,
})

const SEGMENTS = [
  segment({ label: '左肺结节' }, [
    [0, 0],
    [2, 1],
    [1, 2],
  ]),
  segment({ kind: 'organ', colour: [86, 180, 233], assisted: true }, [
    [1, 3],
    [3, 4],
  ]),
]

const inputWith = (given: Partial<SegmentationInput> = {}): SegmentationInput => ({
  instance: IMAGES[0] ?? {},
  observer: '李医生',
  language: 'en',
  sopInstanceUid: newUid(),
  seriesInstanceUid: newUid(),
  seriesNumber: 7,
  at: new Date('2026-03-01T10:00:00Z'),
  seriesOfImages: SERIES,
  frameOfReference: { uid: '1.2.3.4', indicator: '' },
  compression: compressionOfSources(IMAGES),
  segments: SEGMENTS,
  sourceOf: ({ sopInstanceUid }) => sources.get(sopInstanceUid) as SourceFrame,
  ...given,
})

const fileOf = (input: SegmentationInput): Buffer =>
  Buffer.concat(openPart10Writer('ISO_IR 192')(buildSegmentation(input)))

/** Bits as a reader takes them: of all frames one after the other, the lowest of a byte first. */
function maskAt(pixels: Uint8Array, frame: number): Uint8Array {
  return Uint8Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const bit = frame * ROWS * COLUMNS + at
    return ((pixels[bit >> 3] ?? 0) >> (bit & 7)) & 1
  })
}

describe('buildSegmentation', () => {
  const { dataset, pixels } = buildSegmentation(inputWith())
  const file = fileOf(inputWith())
  const readBack: DicomJson = datasetToJson(file, { bulkDataUri: (path) => path })
  const read = readSegmentation(readBack)

  it('has a frame for each image of each segment, in the order of places, bit by bit as painted', () => {
    // Upwards: 3, 2, 1, 0.
    const expected = [
      [1, 2, 1],
      [1, 1, 2],
      [1, 0, 0],
      [2, 3, 4],
      [2, 1, 3],
    ] as const
    expect(read.frames.map(({ segment: number, sources: from }) => [number, from])).toEqual(
      expected.map(([number, image]) => [number, [{ sopInstanceUid: uidAt(image), frameNumbers: [] }]]),
    )
    expected.forEach(([, , mask], frame) => expect(maskAt(pixels, frame)).toEqual(MASKS[mask]))
    expect(pixels.length).toBe(Math.ceil((5 * ROWS * COLUMNS) / 8))
    expect(file.subarray(-pixels.length - (pixels.length % 2)).subarray(0, pixels.length)).toEqual(
      Buffer.from(pixels),
    )
  })

  it('lies where its images lie', () => {
    const planes = framePlanesOf(readBack)
    read.frames.forEach(({ sources: [source] }, index) => {
      const own = planes[index]
      const image = sources.get(source?.sopInstanceUid ?? '')?.plane
      expect(own?.frameOfReference).toBe(image?.frameOfReference)
      for (const part of ['position', 'row', 'column'] as const)
        own?.[part].forEach((each, axis) => expect(each).toBeCloseTo(image?.[part][axis] ?? NaN, 9))
    })
    const [shared = {}] = items(readBack, Tag.SharedFunctionalGroupsSequence)
    const [measures = {}] = items(shared, Tag.PixelMeasuresSequence)
    expect(numbers(measures, Tag.PixelSpacing)).toEqual([0.7, 0.6])
    expect(numbers(measures, Tag.SliceThickness)).toEqual([3])
  })

  it('says what each segment is, its colour, its name, and how it came about', () => {
    expect(read.series).toEqual([SERIES])
    expect(read.segments.map(({ label }) => label)).toEqual(['左肺结节', 'Organ 2'])
    read.segments.forEach(({ colour }, index) =>
      colour.forEach((each, channel) =>
        expect(Math.abs(each - (SEGMENTS[index]?.colour[channel] ?? NaN))).toBeLessThanOrEqual(1),
      ),
    )
    const said = items(readBack, Tag.SegmentSequence).map((each) => [
      firstString(items(each, Tag.SegmentedPropertyCategoryCodeSequence)[0] ?? {}, Tag.CodeValue),
      firstString(items(each, Tag.SegmentedPropertyTypeCodeSequence)[0] ?? {}, Tag.CodeValue),
      firstString(each, Tag.SegmentAlgorithmType),
      firstString(each, Tag.TrackingUID),
    ])
    expect(said).toEqual([
      ['49755003', '52988006', 'MANUAL', SEGMENTS[0]?.trackingUid],
      ['91723000', '91772007', 'SEMIAUTOMATIC', SEGMENTS[1]?.trackingUid],
    ])
    expect(firstString(dataset, Tag.SegmentsOverlap)).toBe('YES')
    expect(rgbOfLab([0, 32896, 32896])).toEqual([0, 0, 0])
  })

  it('is refused where nothing is painted', () => {
    expect(() => buildSegmentation(inputWith({ segments: [segment({}, [])] }))).toThrow(
      expect.objectContaining({ code: 'nothing-painted' }),
    )
  })
})

const validator = {
  name: 'an IOD validator',
  remedy: 'apt-get install dicom3tools',
  found: existsSync(DCIODVFY),
}

describeWith(validator, 'a segmentation, read by others', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yunying-segmentation-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each<[string, Partial<SegmentationInput>]>([
    ['several segments of a stack', {}],
    ['one segment on one image', { segments: [segment({}, [[1, 0]])] }],
    [
      'images that do not say where they lie',
      {
        frameOfReference: undefined,
        sourceOf: ({ sopInstanceUid }) => ({
          ...(sources.get(sopInstanceUid) as SourceFrame),
          plane: undefined,
        }),
      },
    ],
    [
      'frames of one image',
      {
        sourceOf: ({ sopInstanceUid }) => ({
          ...(sources.get(sopInstanceUid) as SourceFrame),
          sopClassUid: '1.2.840.10008.5.1.4.1.1.2.1',
          numberOfFrames: 4,
        }),
      },
    ],
  ])('is without fault: %s', async (what, given) => {
    const file = join(folder, `${what.replaceAll(' ', '-')}.dcm`)
    await writeFile(file, fileOf(inputWith(given)))
    const { stderr } = await run(DCIODVFY, [file])
    expect(stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([])
  })
})
