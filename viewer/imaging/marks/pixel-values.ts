import { ACTIVITY, intensityOf, isActivity } from '../../../core/measurements/intensity-of.ts'
import { regionStatistics, type PixelField } from '../../../core/measurements/region-statistics.ts'
import { scaleOf } from '../../../core/measurements/scale.ts'
import type { Calibration, Geometry, MeasuredValue, Quantity } from '../../../core/measurements/shapes.ts'
import type { FrameImage } from '../frames/frame-image.ts'
import { isColour, type StackImage } from '../stack-image.ts'

/** What the pixels under a mark say: a probe one value, an outline its statistics. Nothing of colours. */
export function pixelValues(
  geometry: Geometry,
  calibration: Calibration,
  image: StackImage,
  shown: FrameImage,
): MeasuredValue[] {
  if (isColour(image)) return []
  const meaning = intensityOf(image.metadata)
  const value = (
    quantity: Quantity,
    measured: number,
    { intensity, unit, scale } = meaning,
  ): MeasuredValue => ({ quantity, value: measured * scale, unit, intensity })
  const field = fieldOf(shown)
  if (geometry.kind === 'probe') {
    const [column, row] = geometry.point.map(Math.floor) as [number, number]
    const isInside = column >= 0 && row >= 0 && column < field.columns && row < field.rows
    const found = isInside ? field.valueAt(column, row) : undefined
    if (found === undefined) return []
    // What was measured stays there to be read, beside what it is worth.
    const isWorth = meaning.intensity === 'suv-bw' && isActivity(image.metadata)
    return [value('value', found), ...(isWorth ? [value('value', found, ACTIVITY)] : [])]
  }
  const statistics = regionStatistics(geometry, scaleOf(calibration)?.shape ?? [1, 1], field)
  if (statistics === undefined) return []
  return [
    value('mean', statistics.mean),
    value('standard-deviation', statistics.standardDeviation),
    value('minimum', statistics.minimum),
    value('maximum', statistics.maximum),
  ]
}

function fieldOf({ columns, rows, measured }: FrameImage): PixelField {
  const { from, to } = measured?.padding ?? { from: Infinity, to: -Infinity }
  return {
    columns,
    rows,
    valueAt(column, row) {
      const value = measured?.values[row * columns + column]
      return value === undefined || (value >= from && value <= to) ? undefined : value
    },
  }
}
