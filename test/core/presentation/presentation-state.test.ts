import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describePixels } from '../../../core/dicom/describe-pixels.ts'
import { firstNumber, firstString, items, numbers, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { readPresentationState } from '../../../core/dicom/drawn/presentation-state.ts'
import { grayscaleTransform } from '../../../core/dicom/grayscale.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { pixelDescription } from '../../../core/dicom/pixel-description.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { openPart10Writer } from '../../../core/dicom/write-part10.ts'
import type { Calibration, MeasuredGeometry } from '../../../core/measurements/shapes.ts'
import {
  buildPresentationState,
  type PresentationInput,
  type PresentedImage,
} from '../../../core/presentation/build-presentation-state.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { allOf, describeWith } from '../../support/require.ts'

const run = promisify(execFile)
const [DCMPSCHK, DCMP2PGM, DCIODVFY] = [
  '/usr/bin/dcmpschk',
  '/usr/bin/dcmp2pgm',
  '/usr/bin/dciodvfy',
] as const
const [ROWS, COLUMNS] = [48, 64] as const
const SPACING = [0.5, 0.8] as const
const STUDY = newUid()
const SERIES = newUid()
const CALIBRATION: Calibration = { kind: 'patient', spacing: [SPACING[1], SPACING[0]] }

interface Slice {
  readonly json: DicomJson
  readonly file: Buffer
  readonly stored: Int16Array
}

const slice = (
  window: readonly [number, number] | undefined,
  photometric = 'MONOCHROME2',
  slope = 1,
): Slice => {
  const stored = Int16Array.from(
    { length: ROWS * COLUMNS },
    (_, at) => (at % COLUMNS) * 20 + Math.floor(at / COLUMNS),
  )
  const image = dicom()
    .ct({ rows: ROWS, columns: COLUMNS })
    .pixels(new Uint8Array(stored.buffer))
    .uids({ study: STUDY, series: SERIES, instance: newUid() })
    .set('PhotometricInterpretation', 'CS', [photometric])
    .set('PixelSpacing', 'DS', [...SPACING])
    .set('RescaleSlope', 'DS', [slope])
    .set('RescaleIntercept', 'DS', [-200])
    .set('RescaleType', 'LO', ['HU'])
  if (window === undefined) image.without('WindowCenter').without('WindowWidth')
  else image.set('WindowCenter', 'DS', [window[0]]).set('WindowWidth', 'DS', [window[1]])
  return { json: image.json(), file: image.build(), stored }
}

const presented = ({ json }: Slice): PresentedImage => {
  const layout = describePixels(json, Tag.PixelData)
  if (layout === undefined) throw new Error('no pixels')
  return {
    sopInstanceUid: firstString(json, Tag.SOPInstanceUID) ?? '',
    sopClassUid: firstString(json, Tag.SOPClassUID) ?? '',
    pixels: pixelDescription(layout, json, 1),
  }
}

const SLICES = [slice([100, 400]), slice([100, 400]), slice([300, 900])] as const
const IMAGES = SLICES.map(presented)
const uidOf = (index: number): string => IMAGES[index]?.sopInstanceUid ?? ''

const GEOMETRIES: readonly MeasuredGeometry[] = [
  { kind: 'arrow', tail: [10, 10], tip: [40, 30] },
  {
    kind: 'length',
    line: [
      [5, 5],
      [20, 5],
    ],
  },
  { kind: 'circle', centre: [30, 20], edge: [40, 20] },
  { kind: 'ellipse', centre: [30, 20], first: [40, 20], second: [30, 25] },
  {
    kind: 'rectangle',
    corners: [
      [1, 1],
      [9, 1],
      [9, 7],
      [1, 7],
    ],
  },
  { kind: 'probe', point: [3.5, 4.5] },
]

const input: PresentationInput = {
  instance: SLICES[0].json,
  observer: '王小东',
  language: 'zh-CN',
  sopInstanceUid: newUid(),
  seriesInstanceUid: newUid(),
  seriesNumber: 7,
  at: new Date('2026-01-02T20:00:05Z'),
  seriesOfImages: SERIES,
  name: '右肺结节',
  images: IMAGES,
  look: {
    window: { center: 60, width: 300, function: 'LINEAR' },
    automatic: undefined,
    turnedOver: false,
    rotation: 0,
    isFlipped: false,
    area: { topLeft: [1, 1], bottomRight: [COLUMNS, ROWS] },
  },
  marks: GEOMETRIES.map((geometry, index) => ({
    sopInstanceUid: uidOf(index % 2),
    frameNumber: 1,
    geometry,
    calibration: CALIBRATION,
    lines: geometry.kind === 'arrow' ? ['结节 A'] : [],
  })),
}

const bytesOf = (more: Partial<PresentationInput> = {}): Buffer =>
  Buffer.concat(openPart10Writer('ISO_IR 192')({ dataset: buildPresentationState({ ...input, ...more }) }))
const read = (more: Partial<PresentationInput> = {}): DicomJson =>
  datasetToJson(bytesOf(more), { bulkDataUri: (path) => path })
const look = (more: Partial<PresentationInput['look']>): Partial<PresentationInput> => ({
  look: { ...input.look, ...more },
})

describe('a presentation state', () => {
  it('read again shows the images as they were looked at, with what was drawn', () => {
    const state = readPresentationState(read(look({ rotation: 90, isFlipped: true, turnedOver: true })))
    expect(state.description).toBe('右肺结节')
    expect(state.creator).toEqual({ Ideographic: '王小东' })
    expect(state.series).toEqual([SERIES])
    expect(state.images.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual([0, 1, 2].map(uidOf))
    expect([state.rotation, state.isFlipped, state.isInverse]).toEqual([90, true, true])
    expect(state.windowOf({ sopInstanceUid: uidOf(2), frameNumber: 1 })).toEqual(input.look.window)
    expect(state.annotations.map(({ graphics }) => graphics.map(({ type }) => type))).toEqual([
      ['POLYLINE', 'POLYLINE'],
      ['POLYLINE'],
      ['ELLIPSE'],
      ['ELLIPSE'],
      ['POLYLINE'],
      ['POINT'],
    ])
    const [arrow] = state.annotations
    expect(arrow?.graphics[0]?.points).toEqual([
      [10, 10],
      [40, 30],
    ])
    expect(arrow?.texts).toEqual([{ text: '结节 A', units: 'pixel', at: [10, 10] }])
    expect(state.unread).toEqual([])
  })

  it('keeps each image’s own window, with one item for those that are alike', () => {
    const instance = read(look({ window: undefined }))
    const windows = items(instance, Tag.SoftcopyVOILUTSequence)
    expect(windows.map((each) => numbers(each, Tag.WindowCenter))).toEqual([[100], [300]])
    const state = readPresentationState(instance)
    const centres = [0, 1, 2].map(
      (index) => state.windowOf({ sopInstanceUid: uidOf(index), frameNumber: 1 })?.center,
    )
    expect(centres).toEqual([100, 100, 300])
  })

  it('shows what names no window as it was shown', () => {
    const bare = slice(undefined)
    const instance = read({
      images: [presented(bare)],
      look: { ...input.look, window: undefined, automatic: { center: 430, width: 1300, function: 'LINEAR' } },
    })
    const [voi = {}] = items(instance, Tag.SoftcopyVOILUTSequence)
    expect(firstNumber(voi, Tag.WindowWidth)).toBe(1300)
    expect(items(voi, Tag.ReferencedImageSequence)).toEqual([])
  })

  it('names the area that was on screen, and how wide a pixel is against its height', () => {
    const [area = {}] = items(
      read(look({ area: { topLeft: [11, 7], bottomRight: [30, 40] } })),
      Tag.DisplayedAreaSelectionSequence,
    )
    expect(numbers(area, Tag.DisplayedAreaTopLeftHandCorner)).toEqual([11, 7])
    expect(numbers(area, Tag.DisplayedAreaBottomRightHandCorner)).toEqual([30, 40])
    expect(numbers(area, Tag.PresentationPixelSpacing)).toEqual([...SPACING])
  })
})

const inLatin = ({ marks = input.marks }: Partial<PresentationInput>): Partial<PresentationInput> => ({
  instance: { ...input.instance, [Tag.PatientName]: { vr: 'PN', Value: [{ Alphabetic: 'Zhang^San' }] } },
  observer: 'Wang Xiaodong',
  name: 'nodule',
  marks: marks.map((mark) => ({ ...mark, lines: mark.lines.map(() => 'nodule A') })),
})

const toolkits = allOf(
  {
    name: 'dcmtk’s presentation state programs',
    remedy: 'apt-get install dcmtk',
    found: existsSync(DCMPSCHK) && existsSync(DCMP2PGM),
  },
  { name: 'an IOD validator', remedy: 'apt-get install dicom3tools', found: existsSync(DCIODVFY) },
)

describeWith(toolkits, 'a presentation state, read by others', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yunying-presentation-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each<[string, Partial<PresentationInput>]>([
    ['window, area and drawings', {}],
    [
      'turned, flipped, inverse',
      look({
        rotation: 270,
        isFlipped: true,
        turnedOver: true,
        // As the validator works it out, too.
        area: { topLeft: [COLUMNS, ROWS], bottomRight: [1, 1] },
      }),
    ],
    ['a window for each image', look({ window: undefined })],
    ['nothing drawn', { marks: [] }],
  ])('is without fault (%s)', async (name, more) => {
    const file = join(folder, `${name}.dcm`)
    await writeFile(file, bytesOf(more))
    const { stderr } = await run(DCIODVFY, [file])
    expect(stderr).not.toMatch(/Error/)
    // Which takes every letter beyond ASCII for a fault.
    const plain = join(folder, `${name}, plain.dcm`)
    await writeFile(plain, bytesOf({ ...more, ...inLatin(more) }))
    const checked = await run(DCMPSCHK, [plain])
    expect(`${checked.stdout}${checked.stderr}`).toContain('Test passed')
  })

  it.each<[string, Slice, Partial<PresentationInput['look']>]>([
    ['a window', SLICES[0], {}],
    ['black and white turned over', SLICES[0], { turnedOver: true }],
    ['its own window', SLICES[2], { window: undefined }],
    ['MONOCHROME1', slice([100, 400], 'MONOCHROME1'), {}],
    ['a slope', slice([100, 400], 'MONOCHROME2', 0.5), {}],
  ])('shows the grey levels that are shown here (%s)', async (name, image, chosen) => {
    const [picture, state, out] = ['image.dcm', 'state.dcm', 'out.pgm'].map((each) =>
      join(folder, `${name} ${each}`),
    )
    if (picture === undefined || state === undefined || out === undefined) throw new Error('no files')
    const shown = presented(image)
    await writeFile(picture, image.file)
    await writeFile(state, bytesOf({ images: [shown], marks: [], ...look(chosen) }))
    await run(DCMP2PGM, ['-q', '-p', state, picture, out])
    const pgm = await readFile(out)
    const levels = pgm.subarray(pgm.length - ROWS * COLUMNS)
    const window = 'window' in chosen ? undefined : input.look.window
    const ours = grayscaleTransform(shown.pixels, image.stored, window)
    const turn = chosen.turnedOver === true ? (level: number) => 255 - level : (level: number) => level
    const off = image.stored.map((value, at) => Math.abs(turn(ours(value)) - (levels[at] ?? 0)))
    expect(Math.max(...off)).toBeLessThanOrEqual(1)
    expect(new Set(levels).size).toBeGreaterThan(100)
  })
})
