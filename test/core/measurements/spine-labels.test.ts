import { describe, expect, it } from 'vitest'
import {
  corrected,
  nextLevel,
  placeOnPlane,
  type SpineLabel,
} from '../../../core/measurements/spine-labels.ts'
import {
  levelOfCode,
  vertebraCode,
  vertebralLevel,
  VERTEBRAL_LEVELS,
  type VertebralLevel,
} from '../../../core/measurements/vertebrae.ts'

const label = (level: VertebralLevel, row: number, z?: number, series = '1.1'): SpineLabel => ({
  trackingUid: `${level} ${row}`,
  seriesInstanceUid: series,
  geometry: {
    kind: 'vertebra',
    level,
    point: [100, row],
    ...(z === undefined ? {} : { place: { frameOfReference: '1.9', position: [0, 0, z] } }),
  },
})
/** Labels set one after the other at these rows, from a first that is named. */
const counted = (first: VertebralLevel, rows: readonly number[]): (VertebralLevel | undefined)[] => {
  const labels: SpineLabel[] = []
  return rows.map((row, index) => {
    const level = index === 0 ? first : nextLevel(labels, label('L5', row))
    if (level !== undefined) labels.push(label(level, row))
    return level
  })
}

describe('the next level', () => {
  it('is the one below, or the one above, by where it lies', () => {
    expect(counted('L5', [400, 360, 320, 280, 240, 200, 440, 480])).toEqual([
      'L5',
      'L4',
      'L3',
      'L2',
      'L1',
      'T12',
      'S1',
      'S2',
    ])
    expect(counted('C2', [100, 80, 120])).toEqual(['C2', 'C1', 'C3'])
    expect(counted('C6', [100, 120, 140])).toEqual(['C6', 'C7', 'T1'])
  })

  it('is the one that is missing between two, and none between neighbours or beyond the ends', () => {
    const two = [label('L1', 100), label('L3', 200)]
    expect(nextLevel(two, label('L5', 150))).toBe('L2')
    expect(nextLevel([label('L1', 100), label('L2', 200)], label('L5', 150))).toBeUndefined()
    expect(nextLevel([label('C1', 100)], label('L5', 50))).toBeUndefined()
    expect(nextLevel([label('S5', 100)], label('L5', 150))).toBeUndefined()
    expect(nextLevel([], label('L5', 150))).toBeUndefined()
  })

  it('counts by the height in the patient, where that is known, on any series of the same frame of reference', () => {
    // Shown upside down: further down the image is nearer to the head.
    expect(nextLevel([label('L3', 100, -50)], label('L5', 200, 10, '1.2'))).toBe('L2')
    expect(nextLevel([label('L3', 100, -50)], label('L5', 50, -90, '1.2'))).toBe('L4')
    // Another series whose place is not known says nothing.
    expect(nextLevel([label('L3', 100)], label('L5', 200, undefined, '1.2'))).toBeUndefined()
  })
})

describe('a level that is corrected', () => {
  const labels = [label('L5', 400), label('L4', 360), label('L3', 320), label('S1', 440)]
  const after = (uid: string, level: VertebralLevel) => Object.fromEntries(corrected(labels, uid, level))

  it('takes all with it where counting began', () => {
    expect(after('L5 400', 'L4')).toEqual({ 'L5 400': 'L4', 'L4 360': 'L3', 'L3 320': 'L2', 'S1 440': 'L5' })
  })

  it('takes those beyond it with it anywhere else', () => {
    expect(after('L4 360', 'L3')).toEqual({ 'L4 360': 'L3', 'L3 320': 'L2' })
    expect(after('S1 440', 'S2')).toEqual({ 'S1 440': 'S2' })
  })

  it('is changed alone where the others would leave the spine', () => {
    const high = [label('C2', 100), label('C1', 50)]
    expect(Object.fromEntries(corrected(high, 'C2 100', 'C1'))).toEqual({ 'C2 100': 'C1' })
  })
})

describe('vertebrae', () => {
  it('have a code each, and are found by it', () => {
    expect(VERTEBRAL_LEVELS).toHaveLength(7 + 12 + 5 + 5)
    const codes = VERTEBRAL_LEVELS.map((level) => vertebraCode(level).value)
    expect(new Set(codes).size).toBe(VERTEBRAL_LEVELS.length)
    for (const level of VERTEBRAL_LEVELS) expect(levelOfCode(vertebraCode(level))).toBe(level)
    // PS3.16 CID 7603.
    expect(vertebraCode('L1')).toEqual({ value: '66794005', scheme: 'SCT', meaning: 'L1 vertebra' })
  })

  it('are understood as they are typed', () => {
    expect(['l5', ' T12 ', 'th9', 'd4', 'S1'].map(vertebralLevel)).toEqual(['L5', 'T12', 'T9', 'T4', 'S1'])
    expect(['L6', 'X1', '', 'toString'].map(vertebralLevel)).toEqual(Array(4).fill(undefined))
  })
})

describe('placeOnPlane', () => {
  it('is the position of the first pixel at its centre, and half a pixel before it at the corner', () => {
    const plane = {
      frameOfReference: '1.9',
      position: [-10, -20, 30],
      row: [0, 1, 0],
      column: [0, 0, -1],
      normal: [-1, 0, 0],
      thickness: undefined,
    } as const
    const at = (point: [number, number]) => placeOnPlane(plane, [0.5, 0.8], point)?.position
    expect(at([0.5, 0.5])).toEqual([-10, -20, 30])
    expect(at([0, 0])).toEqual([-10, -20.25, 30.4])
    expect(at([10.5, 5.5])).toEqual([-10, -15, 26])
    expect(placeOnPlane(plane, undefined, [1, 1])).toBeUndefined()
  })
})
