import { describe, expect, it } from 'vitest'
import { drawBrush, type Brush } from '../../../../core/measurements/segments/brush.ts'

const [COLUMNS, ROWS] = [40, 30] as const
const round: Brush = { radius: 5, aspect: 1, erases: false, accepts: () => true }
const clear = (): Uint8Array => new Uint8Array(COLUMNS * ROWS)
const mask = (pixels: Uint8Array) => ({ columns: COLUMNS, rows: ROWS, pixels })
const countOf = (pixels: Uint8Array): number => pixels.reduce((sum, value) => sum + value, 0)

describe('drawBrush', () => {
  it('paints the pixels whose centres it covers, all along the way', () => {
    const pixels = clear()
    drawBrush(mask(pixels), round, [10, 15], [28, 15])
    const expected = clear().map((_, at) => {
      const [x, y] = [(at % COLUMNS) + 0.5, Math.floor(at / COLUMNS) + 0.5]
      return Math.hypot(x - Math.max(10, Math.min(28, x)), y - 15) <= 5 ? 1 : 0
    })
    expect(pixels).toEqual(expected)
  })

  it('is a circle in the patient where pixels are not square', () => {
    const pixels = clear()
    // Rows twice as far apart as columns: half as many of them.
    drawBrush(mask(pixels), { ...round, radius: 8, aspect: 2 }, [20, 15], [20, 15])
    const rows = new Set([...pixels].flatMap((value, at) => (value === 1 ? [Math.floor(at / COLUMNS)] : [])))
    const columns = new Set([...pixels].flatMap((value, at) => (value === 1 ? [at % COLUMNS] : [])))
    expect([columns.size, rows.size]).toEqual([16, 8])
  })

  it('paints one pixel however small it is, and nothing beyond the image', () => {
    const pixels = clear()
    drawBrush(mask(pixels), { ...round, radius: 0.1 }, [3.05, 4.05], [3.05, 4.05])
    expect(countOf(pixels)).toBe(1)
    expect(pixels[4 * COLUMNS + 3]).toBe(1)
    expect(() => drawBrush(mask(pixels), round, [-20, -20], [60, 50])).not.toThrow()
  })

  it('paints what it may, takes away everything, and tells where', () => {
    const pixels = clear()
    const touched = drawBrush(
      mask(pixels),
      { ...round, accepts: (at) => at % COLUMNS >= 20 },
      [20, 15],
      [20, 15],
    )
    const painted = [...pixels].flatMap((value, at) => (value === 1 ? [at] : []))
    expect(Math.min(...painted.map((at) => at % COLUMNS))).toBe(20)
    for (const at of painted) {
      expect(at % COLUMNS).toBeLessThan(touched.right)
      expect(Math.floor(at / COLUMNS)).toBeLessThan(touched.bottom)
    }
    drawBrush(mask(pixels), { ...round, erases: true, accepts: () => false }, [20, 15], [20, 15])
    expect(countOf(pixels)).toBe(0)
  })
})
