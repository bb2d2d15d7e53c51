import { describe, expect, it } from 'vitest'
import { measure } from '../../../../core/measurements/measure.ts'
import type { ImagePoint } from '../../../../core/measurements/shapes.ts'
import { geometryOf, handlesOf, type MarkKind } from '../../../../viewer/imaging/marks/geometry-of.ts'

const HANDLES: Readonly<Record<MarkKind, readonly ImagePoint[]>> = {
  probe: [[3, 4]],
  length: [
    [0, 0],
    [3, 4],
  ],
  arrow: [
    [0, 0],
    [3, 4],
  ],
  circle: [
    [10, 10],
    [13, 14],
  ],
  angle: [
    [10, 0],
    [0, 0],
    [0, 10],
  ],
  cobb: [
    [0, 0],
    [10, 0],
    [0, 5],
    [10, 15],
  ],
  bidirectional: [
    [0, 0],
    [20, 0],
    [10, -4],
    [10, 4],
  ],
  // Bottom, top, left, right.
  ellipse: [
    [20, 25],
    [20, 15],
    [12, 20],
    [28, 20],
  ],
  // Row by row.
  rectangle: [
    [0, 0],
    [20, 0],
    [0, 10],
    [20, 10],
  ],
  freehand: [
    [0, 0],
    [20, 0],
    [20, 10],
  ],
  cardiothoracic: [
    [10, 5],
    [20, 5],
    [4, 9],
    [26, 9],
  ],
  vertebra: [[3, 4]],
  'known-length': [
    [0, 0],
    [3, 4],
  ],
}

describe('the handles of a tool and the geometry they mean', () => {
  it.each(Object.keys(HANDLES) as MarkKind[])('%s: there and back', (kind) => {
    const geometry = geometryOf(kind, HANDLES[kind])
    expect(geometry?.kind).toBe(kind)
    expect(geometry && handlesOf(geometry)).toEqual(HANDLES[kind])
    expect(geometryOf(kind, HANDLES[kind].slice(1))).toBeUndefined()
  })

  it('measure what is drawn', () => {
    const of = (kind: MarkKind): number | undefined => {
      const geometry = geometryOf(kind, HANDLES[kind])
      return geometry && measure(geometry, { kind: 'patient', spacing: [1, 1] })[0]?.value
    }
    expect(of('length')).toBe(5)
    expect(of('circle')).toBeCloseTo(Math.PI * 25)
    expect(of('angle')).toBe(90)
    expect(of('cobb')).toBe(45)
    expect(of('bidirectional')).toBe(20)
    expect(of('ellipse')).toBeCloseTo(Math.PI * 8 * 5)
    expect(of('rectangle')).toBe(200)
    expect(of('freehand')).toBe(100)
  })

  it('keep an outline of many points within bounds', () => {
    const many = Array.from({ length: 5000 }, (_, at): ImagePoint => [Math.cos(at / 800), Math.sin(at / 800)])
    const outline = geometryOf('freehand', many)
    expect(outline?.kind === 'freehand' && outline.outline.length).toBeLessThanOrEqual(1024)
  })
})
