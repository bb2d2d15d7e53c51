import { describe, expect, it } from 'vitest'
import type { Vector3 } from '../../../core/measurements/space.ts'
import { castRays } from '../../../core/volume/cast-rays.ts'
import { cropped, WHOLE } from '../../../core/volume/crop-box.ts'
import type { RenderScene } from '../../../core/volume/render-scene.ts'
import {
  cameraOn,
  pixelOf,
  projected,
  STANDARD_VIEWS,
  turnedCamera,
  type ViewCamera,
} from '../../../core/volume/view-camera.ts'
import { BALL, BAR, ballAndBar, FLOOR, gridOf, RADIUS, volumeFrom } from './rendered-volume.ts'

const HFS = [
  [1, 0, 0],
  [0, 1, 0],
] as const
/** Head first, face down. */
const HFP = [
  [-1, 0, 0],
  [0, -1, 0],
] as const

const WHITE = [1, 1, 1] as const
/** All that is not air, opaque and white. */
const SOLID: Pick<RenderScene, 'mode' | 'points'> = {
  mode: 'lit',
  points: [
    { value: -1, colour: WHITE, opacity: 0 },
    { value: 1, colour: WHITE, opacity: 1 },
  ],
}
/** A value is its own grey level. */
const GREY: Pick<RenderScene, 'mode' | 'points'> = {
  mode: 'maximum',
  points: [
    { value: 0, colour: [0, 0, 0], opacity: 0 },
    { value: 255, colour: WHITE, opacity: 1 },
  ],
}

const SIZE = { width: 240, height: 200 }

function paint(
  cast: ReturnType<typeof volumeFrom>,
  scene: Partial<RenderScene> & { readonly camera: ViewCamera },
  step = 0.25,
): (x: number, y: number) => number {
  const stroke = castRays(cast, { crop: WHOLE, ...SOLID, ...scene }, SIZE, step)
  stroke.paint(0, SIZE.height)
  return (x, y) => stroke.pixels[(y * SIZE.width + x) * 4] ?? 0
}

/** Columns and rows between which a row and a column through a point are bright. */
function silhouette(
  red: (x: number, y: number) => number,
  [x, y]: readonly [number, number],
): { left: number; right: number; top: number; bottom: number } {
  const [column, row] = [Math.round(x - 0.5), Math.round(y - 0.5)]
  const walk = (dx: number, dy: number): number => {
    let steps = 0
    while (red(column + dx * (steps + 1), row + dy * (steps + 1)) > 40) steps++
    return steps
  }
  return {
    left: column - walk(-1, 0),
    right: column + walk(1, 0) + 1,
    top: row - walk(0, -1),
    bottom: row + walk(0, 1) + 1,
  }
}

describe('castRays', () => {
  for (const [lying, orientation] of Object.entries({ HFS, HFP })) {
    const cast = volumeFrom(gridOf([64, 60, 48], orientation, [1, 1.2]), ballAndBar)
    const views = Object.entries(STANDARD_VIEWS).map(
      ([name, directions]) => [name, { ...cameraOn(cast.grid), ...directions }] as const,
    )
    const oblique = turnedCamera(turnedCamera(cameraOn(cast.grid), [0, 1, 0], 35), [1, 0, 0], -25)
    it.each([...views, ['oblique', { ...oblique, pan: [4, -3] }] as const])(
      `draws the ball where it is, of a patient who lay ${lying}, seen from %s`,
      (_, camera) => {
        const red = paint(cast, { camera })
        const [x, y] = projected(camera, BALL, SIZE.width, SIZE.height)
        const radius = RADIUS / pixelOf(camera, SIZE.width, SIZE.height)
        const { left, right, top, bottom } = silhouette(red, [x, y])
        // A voxel is four pixels: its edge is half a voxel from where it is asked.
        const voxel = 1 / pixelOf(camera, SIZE.width, SIZE.height)
        for (const [is, should] of [
          [left, x - radius],
          [right, x + radius],
          [top, y - radius],
          [bottom, y + radius],
        ] as const)
          expect(Math.abs(is - should)).toBeLessThan(0.6 * voxel + 1)
        // Nothing is drawn beyond.
        expect(red(1, 1)).toBe(0)
      },
    )

    it(`draws the bar from its lower end to its upper, of a patient who lay ${lying}, from the back`, () => {
      const camera = { ...cameraOn(cast.grid), ...STANDARD_VIEWS.P }
      const middle: Vector3 = [BAR.from[0], BAR.from[1], (BAR.from[2] + BAR.to[2]) / 2]
      const seen = silhouette(paint(cast, { camera }), projected(camera, middle, SIZE.width, SIZE.height))
      const at = (x: number, z: number): readonly [number, number] =>
        projected(camera, [x, BAR.from[1], z], SIZE.width, SIZE.height)
      const voxel = 1.2 / pixelOf(camera, SIZE.width, SIZE.height)
      const [right, top] = at(BAR.from[0] - BAR.half, BAR.to[2])
      const [left, bottom] = at(BAR.from[0] + BAR.half, BAR.from[2])
      expect(Math.abs(seen.top - top)).toBeLessThan(0.6 * voxel + 1)
      expect(Math.abs(seen.bottom - bottom)).toBeLessThan(0.6 * voxel + 1)
      expect(Math.abs(seen.left - left)).toBeLessThan(0.6 * voxel + 1)
      expect(Math.abs(seen.right - right)).toBeLessThan(0.6 * voxel + 1)
    })
  }

  it('shows of each ray the largest value, as a projection counted voxel by voxel does', () => {
    let seed = 1
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const grid = gridOf([33, 31, 29], HFS, [1, 1])
    const cast = volumeFrom(grid, () => Math.floor(random() * 256))
    // A pixel a voxel, its centre on the voxel's.
    const size = { width: 33, height: 29 }
    const camera = { ...cameraOn(grid), span: 29 }
    const stroke = castRays(cast, { camera, crop: WHOLE, ...GREY }, size, 0.5)
    stroke.paint(0, size.height)
    for (let y = 0; y < size.height; y++)
      for (let x = 0; x < size.width; x++) {
        let most = 0
        // From the front rows go to the left of the patient, and down to the feet.
        for (let j = 0; j < 31; j++)
          most = Math.max(most, cast.volume.values[((28 - y) * 31 + j) * 33 + x] ?? 0)
        expect(Math.abs((stroke.pixels[(y * 33 + x) * 4] ?? 0) - most)).toBeLessThanOrEqual(1)
      }
  })

  it('passes bricks that show nothing, and shows the same', () => {
    const cast = volumeFrom(gridOf([40, 40, 40], HFS, [1, 1]), ballAndBar)
    const all = {
      ...cast.bricks,
      least: cast.bricks.least.map(() => -2000),
      most: cast.bricks.most.map(() => 2000),
    }
    const camera = turnedCamera(cameraOn(cast.grid), [0.3, 1, 0.2], 40)
    for (const look of [SOLID, GREY]) {
      const [quick, slow] = [cast.bricks, all].map((bricks) => {
        const stroke = castRays({ ...cast, bricks }, { camera, crop: WHOLE, ...look }, SIZE, 0.5)
        stroke.paint(0, SIZE.height)
        return stroke.pixels
      })
      expect(Buffer.compare(Buffer.from(quick ?? []), Buffer.from(slow ?? []))).toBe(0)
    }
  })

  it('shows nothing outside of the crop box', () => {
    const cast = volumeFrom(gridOf([64, 60, 48], HFS, [1, 1.2]), ballAndBar)
    const camera = cameraOn(cast.grid)
    // The half of the patient's right: the ball is to the left.
    const crop = cropped(WHOLE, { axis: 0, end: 'to' }, 0.5)
    const red = paint(cast, { camera, crop })
    const [x, y] = projected(camera, BALL, SIZE.width, SIZE.height).map(Math.round) as [number, number]
    expect(red(x, y)).toBe(0)
    const bar = projected(camera, [BAR.from[0], 0, -10], SIZE.width, SIZE.height).map(Math.round)
    expect(red(bar[0] ?? 0, bar[1] ?? 0)).toBeGreaterThan(80)
  })

  it('takes what is missing for air', () => {
    const cast = volumeFrom(gridOf([24, 24, 24], HFS, [1, 1]), () => -32_768)
    const holes = { ...cast, volume: { ...cast.volume, hasHoles: true } }
    const red = paint({ ...holes, floor: FLOOR }, { camera: cameraOn(cast.grid) })
    expect(red(120, 100)).toBe(0)
  })
})
