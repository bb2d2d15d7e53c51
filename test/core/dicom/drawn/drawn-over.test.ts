import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rgbOfLab } from '../../../../core/dicom/drawn/colour.ts'
import { readSegmentation } from '../../../../core/dicom/drawn/segmentation.ts'
import { readStructureSet } from '../../../../core/dicom/drawn/structure-set.ts'
import { firstNumber, firstString, numbers, type DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../../core/dicom/parse-dataset.ts'
import { Tag } from '../../../../core/dicom/tag.ts'
import {
  contoursOn,
  fromFrameTo,
  segmentFramesOn,
  type DrawnOn,
} from '../../../../core/measurements/drawn-over.ts'
import { framePlanesOf } from '../../../../core/measurements/frame-planes.ts'
import { describeWith } from '../../../support/require.ts'
import { SHARED_DICOM, sharedDicom } from '../../../support/shared-dicom.ts'

const folder = sharedDicom() ?? ''
const read = (path: string): DicomJson =>
  datasetToJson(readFileSync(join(folder, path)), { bulkDataUri: (at) => at })

function drawnOn(instance: DicomJson): DrawnOn {
  const [row = 1, column = 1] = numbers(instance, Tag.PixelSpacing)
  return {
    sopInstanceUid: firstString(instance, Tag.SOPInstanceUID) ?? '',
    frameNumber: 1,
    plane: framePlanesOf(instance)[0],
    spacing: [column, row],
    rows: firstNumber(instance, Tag.Rows) ?? 0,
    columns: firstNumber(instance, Tag.Columns) ?? 0,
  }
}

describe('colours of a file', () => {
  it('are what a screen shows of them', () => {
    // White, black and the red of sRGB, by the definition of the space.
    expect(rgbOfLab([65535, 32896, 32896])).toEqual([255, 255, 255])
    expect(rgbOfLab([0, 32896, 32896])).toEqual([0, 0, 0])
    const red = rgbOfLab(
      [54.29, 80.81, 69.89].map((value, at) =>
        at === 0 ? (value / 100) * 65535 : ((value + 128) / 255) * 65535,
      ),
    )
    expect(red?.[0]).toBeGreaterThan(252)
    expect(Math.max(red?.[1] ?? 99, red?.[2] ?? 99)).toBeLessThan(6)
    expect(rgbOfLab([1])).toBeUndefined()
  })
})

describeWith(SHARED_DICOM, 'what is drawn over images', () => {
  it('reads every segmentation there is', () => {
    for (const name of readdirSync(join(folder, 'objects/seg'))) {
      const segmentation = readSegmentation(read(`objects/seg/${name}`))
      expect(segmentation.segments.length, name).toBeGreaterThan(0)
      const known = new Set(segmentation.segments.map(({ number }) => number))
      for (const { segment } of segmentation.frames)
        if (segment !== undefined) expect(known.has(segment), name).toBe(true)
    }
    expect(readSegmentation(read('objects/seg/labelmap-38x24.dcm')).kind).toBe('labels')
    expect(readSegmentation(read('objects/seg/seg_image_ct_true_fractional.dcm'))).toMatchObject({
      kind: 'fractional',
    })
    expect(readSegmentation(read('objects/seg/partial_overlaps.dcm')).segments[0]).toMatchObject({
      label: 'GREEN',
    })
  })

  it('finds the one image that each frame of a segmentation is on, pixel on pixel', () => {
    const instance = read('series/pt-headneck-299/seg/tumor_User1_Manual_Trial1.dcm')
    const segmentation = readSegmentation(instance)
    const planes = framePlanesOf(instance)
    const pet = join(folder, 'series/pt-headneck-299/pt')
    const images = readdirSync(pet).map((name) => drawnOn(read(join('series/pt-headneck-299/pt', name))))
    const on = images.map((image) => segmentFramesOn(segmentation, planes, image))
    expect(on.flat()).toHaveLength(segmentation.frames.length)
    // Two tumours may lie on one slice, but no tumour twice.
    for (const frames of on) expect(new Set(frames.map(({ segment }) => segment)).size).toBe(frames.length)
    // Without the names, by their places: the same.
    const nameless = {
      ...segmentation,
      frames: segmentation.frames.map((frame) => ({ ...frame, sources: [] })),
    }
    expect(
      images.map((image) => segmentFramesOn(nameless, planes, image).map(({ frameNumber }) => frameNumber)),
    ).toEqual(on.map((frames) => frames.map(({ frameNumber }) => frameNumber)))
    const image = images.find((_, index) => on[index]?.length === 1) as DrawnOn
    const [frame] = segmentFramesOn(segmentation, planes, image)
    const drawn: DrawnOn = {
      ...image,
      plane: planes[(frame?.frameNumber ?? 1) - 1],
      spacing: [3.537818, 3.537818],
    }
    const matrix = fromFrameTo(drawn, image)
    ;[1, 0, 0, 1, 0, 0].forEach((expected, at) => expect(matrix[at]).toBeCloseTo(expected, 2))
  })

  it('draws the contours of organs where they lie on a slice', () => {
    const set = readStructureSet(read('objects/rt/lctsc-rtstruct.dcm'))
    expect(set.structures.map(({ name }) => name)).toEqual([
      'SpinalCord',
      'Lung_R',
      'Lung_L',
      'Heart',
      'Esophagus',
    ])
    const slice = drawnOn(read('objects/rt/lctsc-ct-slice.dcm'))
    const on = (image: DrawnOn) => set.structures.map((structure) => contoursOn(structure, image))
    expect(on(slice).map(({ length }) => length)).toEqual([1, 0, 0, 0, 0])
    // A slice of the same scan at the height of the heart, of which the file names another.
    const { plane } = slice
    if (plane === undefined) throw new Error('the slice has no place')
    const [x, y] = plane.position
    const higher: DrawnOn = { ...slice, sopInstanceUid: '1.2', plane: { ...plane, position: [x, y, -499.2] } }
    const drawn = on(higher)
    expect(drawn.every(({ length }) => length > 0)).toBe(true)
    const middle = (index: number): number => {
      const columns = (drawn[index] ?? []).flatMap(({ points }) => points.map(([column]) => column))
      return columns.reduce((sum, column) => sum + column, 0) / columns.length
    }
    // The right lung lies at the left of the image, the heart between.
    expect(middle(1)).toBeLessThan(middle(3))
    expect(middle(3)).toBeLessThan(middle(2))
    for (const [column, row] of drawn.flat().flatMap(({ points }) => points)) {
      expect(Math.min(column, row)).toBeGreaterThan(0)
      expect(Math.max(column, row)).toBeLessThan(512)
    }
    // Half way to the next slice and beyond there is nothing of this one.
    expect(on({ ...higher, plane: { ...plane, frameOfReference: '1.3' } }).flat()).toEqual([])
    expect(readStructureSet(read('objects/rt/rtstruct-no-preamble.dcm')).structures.length).toBeGreaterThan(0)
  })
})
