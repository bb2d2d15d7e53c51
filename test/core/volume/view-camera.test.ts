import { describe, expect, it } from 'vitest'
import { cross3, dot3, length3, type Vector3 } from '../../../core/measurements/space.ts'
import {
  cameraOn,
  dragged,
  projected,
  raysOf,
  STANDARD_VIEWS,
  turnedCamera,
} from '../../../core/volume/view-camera.ts'
import { toVoxel } from '../../../core/volume/volume-grid.ts'
import { letters } from '../../../viewer/imaging/orientation.ts'
import { magnified } from '../../../viewer/imaging/volume/volume-hands.ts'
import { gridOf } from './rendered-volume.ts'

const POSITIONS = {
  HFS: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  HFP: [
    [-1, 0, 0],
    [0, -1, 0],
  ],
} as const

const opposite = (direction: Vector3): Vector3 => [-direction[0], -direction[1], -direction[2]]

describe.each(Object.entries(POSITIONS))('a camera on a patient who lay %s', (_, orientation) => {
  const grid = gridOf([64, 60, 48], orientation, [1, 1.2])

  it.each([
    ['A', 'H L F R'],
    ['P', 'H R F L'],
    ['L', 'H P F A'],
    ['R', 'H A F P'],
    ['S', 'A R P L'],
    ['I', 'A L P R'],
  ] as const)('has from %s, clockwise from the top, %s at the edges', (view, expected) => {
    const { right, down, into } = cameraOn(grid, view)
    expect([opposite(down), right, down, opposite(right)].map(letters).join(' ')).toBe(expected)
    // One stands on the side from which one looks.
    expect(letters(opposite(into))).toBe({ A: 'A', P: 'P', L: 'L', R: 'R', S: 'H', I: 'F' }[view])
    expect(dot3(cross3(right, down), into)).toBeCloseTo(1)
  })

  it('projects a place where the ray of that pixel passes', () => {
    const camera = { ...turnedCamera(cameraOn(grid), [1, 2, 3], 50), pan: [3, -7] as const }
    const place: Vector3 = [12, -9, 10]
    const [x, y] = projected(camera, place, 300, 200)
    const { origin, right, down, into } = raysOf(grid, camera, 300, 200)
    const voxel = toVoxel(grid, place)
    // Of the ray through that point, the part across is nothing.
    const away = origin.map(
      (value, axis) =>
        (voxel[axis] ?? 0) - value - (x - 0.5) * (right[axis] ?? 0) - (y - 0.5) * (down[axis] ?? 0),
    ) as unknown as Vector3
    expect(length3(cross3(away, into))).toBeLessThan(1e-6)
  })
})

describe('turnedCamera', () => {
  const camera = cameraOn(gridOf([64, 60, 48], POSITIONS.HFS, [1, 1.2]))

  it('brings the front to the right when it turns about what points up', () => {
    const front: Vector3 = [0, -20, 0]
    const [x] = projected(turnedCamera(camera, [0, -1, 0], 90), front, 200, 200)
    const [before] = projected(camera, front, 200, 200)
    expect(x).toBeGreaterThan(before + 30)
    // From the front, a quarter to the right, one sees the patient's right.
    expect(turnedCamera(camera, [0, -1, 0], 90).into.map(Math.round)).toEqual([...STANDARD_VIEWS.R.into])
  })

  it('is where it was after 24 turns of 15 degrees, and square after a thousand', () => {
    let turned = camera
    for (let turn = 0; turn < 24; turn++) turned = turnedCamera(turned, [0, 1, 0], 15)
    for (const axis of [0, 1, 2] as const) expect(turned.right[axis]).toBeCloseTo(camera.right[axis], 9)
    for (let turn = 0; turn < 1000; turn++) turned = turnedCamera(turned, [1, 0.3, -0.2], 7)
    expect(Math.abs(dot3(turned.right, turned.down))).toBeLessThan(1e-12)
    expect(length3(turned.into)).toBeCloseTo(1, 12)
  })
})

describe('dragged', () => {
  const camera = cameraOn(gridOf([64, 60, 48], POSITIONS.HFS, [1, 1.2]))

  it('carries the point of the ball under the hand along', () => {
    // On a ball of 50 about the pivot, in front and a little to the right; a picture pixel is a millimetre.
    const own = { ...camera, span: 200 }
    const point: Vector3 = [10, -Math.sqrt(50 * 50 - 100), 0]
    const turned = dragged(own, [10, 0], [28, -14], 50)
    const [x, y] = projected(turned, point, 200, 200)
    expect(x - 100).toBeCloseTo(28, 0)
    expect(y - 100).toBeCloseTo(-14, 0)
  })

  it('stays where it is when the hand does', () => {
    expect(dragged(camera, [5, 5], [5, 5], 50).into).toEqual(camera.into)
  })
})

describe('magnified', () => {
  it('brings what was at one point to another, twice as large', () => {
    const camera = cameraOn(gridOf([64, 60, 48], POSITIONS.HFS, [1, 1.2]))
    const place: Vector3 = [8, 0, 4]
    const at = projected(camera, place, 300, 200)
    const next = magnified(camera, 2, at, [at[0] + 20, at[1] - 5], 300, 200)
    const [x, y] = projected(next, place, 300, 200)
    expect(x).toBeCloseTo(at[0] + 20)
    expect(y).toBeCloseTo(at[1] - 5)
    expect(next.span).toBeCloseTo(camera.span / 2)
  })
})
