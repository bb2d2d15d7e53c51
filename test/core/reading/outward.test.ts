import { describe, expect, it } from 'vitest'
import { outward } from '../../../core/reading/outward.ts'

describe('what is fetched next', () => {
  it('begins with ten ahead in the direction of motion, then goes outward on both sides', () => {
    expect(outward(50, 200, 1).slice(0, 14)).toEqual([51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 49, 48, 47, 46])
    expect(outward(50, 200, -1).slice(0, 11)).toEqual([49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 51])
  })

  it('goes outward on both sides at once while nobody has scrolled', () => {
    expect(outward(30, 60, 0).slice(0, 5)).toEqual([31, 29, 32, 28, 33])
    expect(outward(0, 60, 0).slice(0, 3)).toEqual([1, 2, 3])
  })

  it('names every other image once, and none beyond the stack', () => {
    const order = outward(0, 30, -1)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 29 }, (_, index) => index + 1))
    expect(outward(0, 1, 1)).toEqual([])
  })
})
