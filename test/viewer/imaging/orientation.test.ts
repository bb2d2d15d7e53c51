import { describe, expect, it } from 'vitest'
import { edgeLetters, letters } from '../../../viewer/imaging/orientation.ts'

const AXIAL = [1, 0, 0, 0, 1, 0]

/** A screen on which the patient's x runs along (ax, ay) and y along (bx, by). */
const screen = (ax: number, ay: number, bx: number, by: number) =>
  ({
    getImageData: () => ({ origin: [0, 0, 0] }),
    worldToCanvas: ([x, y]: readonly [number, number, number]) => [x * ax + y * bx, x * ay + y * by],
  }) as unknown as Parameters<typeof edgeLetters>[0]

describe('orientation letters', () => {
  it('stand where an axial slice has them', () => {
    expect(edgeLetters(screen(1, 0, 0, 1), AXIAL)).toEqual({ right: 'L', left: 'R', bottom: 'P', top: 'A' })
  })

  it('follow a mirrored and a turned image', () => {
    expect(edgeLetters(screen(-1, 0, 0, 1), AXIAL)).toEqual({ right: 'R', left: 'L', bottom: 'P', top: 'A' })
    expect(edgeLetters(screen(0, 1, -1, 0), AXIAL)).toEqual({ right: 'A', left: 'P', bottom: 'L', top: 'R' })
  })

  it('are two where a slice is oblique, the stronger first', () => {
    expect(letters([0.8, -0.6, 0])).toBe('LA')
    expect(letters([0.1, -0.3, 0.95])).toBe('HA')
    expect(letters([0.99, 0.1, 0])).toBe('L')
  })

  it('are absent where the file says nothing', () => {
    expect(edgeLetters(screen(1, 0, 0, 1), [])).toBeUndefined()
  })
})
