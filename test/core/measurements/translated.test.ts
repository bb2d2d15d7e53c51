import { describe, expect, it } from 'vitest'
import { measure } from '../../../core/measurements/measure.ts'
import { translated } from '../../../core/measurements/translated.ts'
import { regionGraphic, sourceGraphics } from '../../../core/measurements/report/graphics.ts'
import { reportMarks } from '../../support/report-marks.ts'

describe('a geometry at another place', () => {
  it.each(reportMarks().map(({ geometry, calibration }) => [geometry.kind, geometry, calibration] as const))(
    '%s measures the same, each of its points as far away',
    (_, geometry, calibration) => {
      const moved = translated(geometry, [3, -7])
      if (moved.kind === 'known-length') throw new Error('another kind')
      const figures = measure(moved, calibration).map(({ value }) => value.toFixed(6))
      expect(figures).toEqual(measure(geometry, calibration).map(({ value }) => value.toFixed(6)))
      const points = (of: typeof geometry) =>
        regionGraphic(of, calibration)?.points ?? sourceGraphics(of, undefined).flatMap((each) => each.points)
      expect(points(moved)).toHaveLength(points(geometry).length)
      points(moved).forEach(([x, y], index) => {
        const [u = 0, v = 0] = points(geometry)[index] ?? []
        expect([x - u, y - v]).toEqual([expect.closeTo(3, 6), expect.closeTo(-7, 6)])
      })
    },
  )
})
