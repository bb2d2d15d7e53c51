import { describe, expect, it } from 'vitest'
import type { FramePlane } from '../../../../core/measurements/frame-planes.ts'
import { encodeRuns } from '../../../../core/measurements/segments/runs.ts'
import {
  deviationOf,
  NO_STATISTICS,
  paintedStatistics,
  together,
} from '../../../../core/measurements/segments/segment-statistics.ts'
import {
  segmentVolume,
  type SegmentVolume,
  type VolumeFrame,
} from '../../../../core/measurements/segments/segment-volume.ts'
import { cross3, type Vector3 } from '../../../../core/measurements/space.ts'
import { seededRandom } from '../../../../core/samples/shape/seeded-random.ts'

const SPACING = [0.8, 0.5] as const

interface Lying {
  readonly row?: Vector3
  readonly column?: Vector3
  readonly frameOfReference?: string
  readonly spacing?: readonly [number, number] | undefined
}

function frame(position: Vector3, lying: Lying = {}): VolumeFrame {
  const { row = [1, 0, 0], column = [0, 1, 0], frameOfReference = '1.2' } = lying
  const plane: FramePlane = {
    frameOfReference,
    position,
    row,
    column,
    normal: cross3(row, column),
    // Slices that overlap: not what a volume is made of.
    thickness: 5,
  }
  return { plane, spacing: 'spacing' in lying ? lying.spacing : SPACING, rows: 400, columns: 400 }
}

const along = (...places: number[]): VolumeFrame[] => places.map((z) => frame([0, 0, z]))
const each = (pixels: number, ...indices: number[]): { index: number; pixels: number }[] =>
  indices.map((index) => ({ index, pixels }))
const because = (volume: SegmentVolume): string | undefined =>
  volume.kind === 'unknown' ? volume.because : undefined

describe('segmentVolume', () => {
  it.each([
    ['upright', [1, 0, 0], [0, 1, 0]],
    ['oblique', [0.8, 0.6, 0], [0, 0, -1]],
  ] as const)('of a ball of 20 mm is that of a ball: %s', (_what, row, column) => {
    const normal = cross3(row, column)
    const [radius, step] = [20, 2.5]
    const places = Array.from({ length: 21 }, (_, index) => (index - 10) * step)
    const stack = places.map((at) =>
      frame(normal.map((part) => part * at) as unknown as Vector3, { row, column }),
    )
    const painted = places.map((at, index) => {
      let pixels = 0
      for (let y = -50; y < 50; y++)
        for (let x = -50; x < 50; x++)
          if (Math.hypot((x + 0.5) * SPACING[0], (y + 0.5) * SPACING[1], at) < radius) pixels++
      return { index, pixels }
    })
    const volume = segmentVolume(stack, painted)
    const exact = ((4 / 3) * Math.PI * radius ** 3) / 1000
    expect(volume.kind === 'known' && Math.abs(volume.millilitres / exact - 1)).toBeLessThan(0.005)
  })

  it('goes by the distance across the images, tilted gantry or not, and never by thickness', () => {
    const tilted = [0, 1, 2, 3].map((index) => frame([0, index * 1.5, index * 3]))
    expect(segmentVolume(tilted, each(1000, 1, 2))).toEqual({
      kind: 'known',
      millilitres: expect.closeTo((2 * 1000 * 0.8 * 0.5 * 3) / 1000, 9) as number,
      unpainted: 0,
    })
  })

  it('has each image stand for half the way to its neighbours where distances differ', () => {
    // 2 + 2 + 3.5 + 5 + 5 mm.
    const volume = segmentVolume(along(0, 2, 4, 9, 14), each(100, 0, 1, 2, 3, 4))
    expect(volume).toMatchObject({ kind: 'known', unpainted: 0 })
    expect(volume.kind === 'known' && volume.millilitres).toBeCloseTo((100 * 0.4 * 17.5) / 1000, 9)
  })

  it('says how many images in between have no paint', () => {
    const volume = segmentVolume(along(0, 2, 4, 6, 8), each(10, 0, 4))
    expect(volume).toMatchObject({ kind: 'known', unpainted: 3 })
  })

  it('does not mind gaps, surveys and repetitions that are elsewhere', () => {
    const stack = [
      ...along(0, 2, 4, 10, 12),
      frame([0, 0, 0], { row: [0, 1, 0], column: [0, 0, -1] }),
      frame([0, 0, 2]),
    ]
    expect(segmentVolume(stack, each(10, 0, 1, 2))).toMatchObject({ kind: 'known' })
  })

  it.each<[string, VolumeFrame[], { index: number; pixels: number }[], string]>([
    ['nothing is painted', along(0, 2), each(0, 0), 'nothing'],
    ['an image is not there', along(0, 2), each(5, 7), 'images-missing'],
    ['there is one place', along(0), each(5, 0), 'single'],
    ['a place was painted twice', along(0, 2, 2, 4), each(5, 1, 2), 'same-place'],
    ['images are missing in between', along(0, 2, 4, 10, 12), each(5, 2, 3), 'gap'],
    [
      'images lie beside the line of the others',
      [...along(0, 2), frame([8, 0, 4]), frame([0, 0, 6])],
      each(5, 1, 2),
      'sideways',
    ],
    [
      'the images say no distance of pixels',
      [0, 2].map((z) => frame([0, 0, z], { spacing: undefined })),
      each(5, 0, 1),
      'no-spacing',
    ],
    [
      'the images do not say where they are',
      along(0, 2).map((one) => ({ ...one, plane: undefined })),
      each(5, 0),
      'no-positions',
    ],
    [
      'the images lie in different directions',
      [...along(0, 2), frame([0, 0, 4], { row: [0, 1, 0], column: [0, 0, -1] })],
      each(5, 0, 2),
      'mixed-orientations',
    ],
    [
      'the images are in different frames of reference',
      [...along(0, 2), frame([0, 0, 4], { frameOfReference: '1.3' })],
      each(5, 0, 2),
      'several-frames',
    ],
  ])('is refused where %s', (_what, stack, painted, reason) => {
    expect(because(segmentVolume(stack, painted))).toBe(reason)
  })
})

describe('paintedStatistics', () => {
  it('are those of all painted pixels with a value, slice by slice put together', () => {
    const random = seededRandom(11)
    const pixels = 5000
    const slices = Array.from({ length: 4 }, (_, slice) => ({
      values: Float32Array.from({ length: pixels }, () =>
        random() < 0.1 ? -2000 : Math.round(1000 * random()) - 100 * slice,
      ),
      mask: Uint8Array.from({ length: pixels }, () => (random() < 0.3 ? 1 : 0)),
    }))
    const found = slices
      .map(({ values, mask }) => paintedStatistics(encodeRuns(mask), values, 0.5, { from: -2000, to: -2000 }))
      .reduce(together, NO_STATISTICS)
    const all = slices.flatMap(({ values, mask }) =>
      [...values].filter((value, at) => mask[at] === 1 && value !== -2000).map((value) => value * 0.5),
    )
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length
    const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length)
    expect(found.count).toBe(all.length)
    expect(found.mean).toBeCloseTo(mean, 6)
    expect(deviationOf(found)).toBeCloseTo(deviation, 6)
    expect([found.minimum, found.maximum]).toEqual([Math.min(...all), Math.max(...all)])
  })

  it('of nothing count nothing', () => {
    expect(together(NO_STATISTICS, paintedStatistics('', new Float32Array(8), 1, undefined)).count).toBe(0)
  })
})
