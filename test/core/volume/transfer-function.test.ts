import { describe, expect, it } from 'vitest'
import { renderPresetsOf } from '../../../core/volume/render-presets.ts'
import { atValue, inWindow, TABLE_SIZE, tableOf, visibility } from '../../../core/volume/transfer-function.ts'

const POINTS = [
  { value: 100, colour: [1, 0, 0], opacity: 0 },
  { value: 200, colour: [0, 1, 0], opacity: 0.5 },
  { value: 300, colour: [0, 0, 1], opacity: 0 },
] as const

describe('atValue', () => {
  it('mixes two points by weight of distance, and stays at the ends', () => {
    expect(atValue(POINTS, 150)).toEqual({ colour: [0.5, 0.5, 0], opacity: 0.25 })
    expect(atValue(POINTS, -50)).toMatchObject({ colour: [1, 0, 0], opacity: 0 })
    expect(atValue(POINTS, 999)).toMatchObject({ colour: [0, 0, 1], opacity: 0 })
  })
})

describe('inWindow', () => {
  it('moves all points with the window', () => {
    const moved = inWindow(POINTS, { center: 200, width: 200 }, { center: 1000, width: 100 })
    expect(moved.map(({ value }) => value)).toEqual([950, 1000, 1050])
    expect(moved[1]?.opacity).toBe(0.5)
  })
})

describe('tableOf', () => {
  it('hides in two half steps what a whole one hides', () => {
    const [whole, half] = [tableOf(POINTS, 1), tableOf(POINTS, 0.5)]
    const middle = Math.floor(TABLE_SIZE / 2) * 4 + 3
    const through = 1 - (half.entries[middle] ?? 0)
    expect(1 - through * through).toBeCloseTo(whole.entries[middle] ?? 0, 5)
  })
})

describe('visibility', () => {
  const isVisible = visibility(tableOf(POINTS))
  it.each([
    [-1000, 99, false],
    [301, 2000, false],
    [-1000, 150, true],
    [250, 260, true],
    [-1000, 2000, true],
  ])('of values from %d to %d is %s', (least, most, expected) => {
    expect(isVisible(least, most)).toBe(expected)
  })
})

describe('renderPresetsOf', () => {
  it.each(['CT', 'MR', 'PT', 'NM', 'XA'])(
    'has for %s presets that begin with nothing, in order of values',
    (modality) => {
      for (const { points, mode } of renderPresetsOf(modality)) {
        const values = points.map(({ value }) => value)
        expect(values).toEqual([...values].sort((a, b) => a - b))
        // What is below the first point cannot be seen.
        expect(points[0]?.opacity).toBe(0)
        if (mode === 'maximum') expect(points).toHaveLength(2)
      }
    },
  )

  it('shows of a CT bone but no air, water or fat', () => {
    const [bone] = renderPresetsOf('CT')
    for (const value of [-1000, -100, 0, 60]) expect(atValue(bone.points, value).opacity).toBe(0)
    expect(atValue(bone.points, 800).opacity).toBeGreaterThan(0.5)
  })
})
