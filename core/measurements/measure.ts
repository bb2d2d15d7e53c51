import {
  alongSegment,
  angleBetween,
  between,
  cross,
  ellipsePerimeter,
  halfAxes,
  lengthOf,
  polygonArea,
  polygonPerimeter,
  scaled,
  type Vector,
} from './plane.ts'
import { scaleOf, type Scale } from './scale.ts'
import type { Calibration, Geometry, ImagePoint, MeasuredValue, Quantity, RegionAxis } from './shapes.ts'

/**
 * What a geometry measures under a calibration, without looking at pixels. Units: `mm`, `mm2` where the calibration knows
 * them, else `{pixels}` (a length in pixel widths, an area as a number of pixels); `deg`. On an ultrasound region that is no
 * plane a line measures along its axes, each in its own unit, and nothing else measures anything.
 */
export function measure(geometry: Geometry, calibration: Calibration): MeasuredValue[] {
  const scale = scaleOf(calibration)
  if (scale !== undefined) return measureOnPlane(geometry, scale)
  if (calibration.kind !== 'ultrasound-region' || geometry.kind !== 'length') return []
  const [x, y] = between(...geometry.line)
  return [...alongAxis(x, calibration.x, 'x'), ...alongAxis(y, calibration.y, 'y')]
}

function measureOnPlane(geometry: Geometry, scale: Scale): MeasuredValue[] {
  const { by, unit, shape } = scale
  const linear = (quantity: Quantity, value: number): MeasuredValue => ({ quantity, value, unit })
  const area = (value: number): MeasuredValue => ({
    quantity: 'area',
    value,
    unit: unit === 'mm' ? 'mm2' : unit,
  })
  switch (geometry.kind) {
    case 'length':
      return [linear('length', lengthOf(alongSegment(geometry.line, by)))]
    case 'bidirectional':
      return [
        linear('long-axis', lengthOf(alongSegment(geometry.long, by))),
        linear('short-axis', lengthOf(alongSegment(geometry.short, by))),
      ]
    case 'angle': {
      const [from, vertex, to] = geometry.points
      const legs = [between(vertex, from), between(vertex, to)] as const
      return degrees('angle', scaled(legs[0], shape), scaled(legs[1], shape))
    }
    case 'cobb': {
      const [upper, lower] = geometry.lines
      const [value] = degrees('cobb-angle', alongSegment(upper, shape), alongSegment(lower, shape))
      // Lines have no direction: of the two angles where they cross, the smaller.
      return value === undefined ? [] : [{ ...value, value: Math.min(value.value, 180 - value.value) }]
    }
    case 'ellipse':
    case 'circle': {
      const [u, v] = halfDiameters(geometry, shape)
      const [first, second] = [scaled(u, by), scaled(v, by)]
      const [a, b] = halfAxes(first, second).map(lengthOf) as [number, number]
      const values = [area(Math.PI * Math.abs(cross(first, second)))]
      if (geometry.kind === 'ellipse') return [...values, linear('perimeter', ellipsePerimeter(a, b))]
      // In pixels a circle of the patient has one diameter only where pixels are square.
      return a - b <= 1e-9 * a ? [...values, linear('diameter', a + b)] : values
    }
    case 'rectangle':
      return outline(geometry.corners)
    case 'freehand':
      return outline(geometry.outline)
    case 'cardiothoracic': {
      const [heart, thorax] = [geometry.heart, geometry.thorax].map((line) =>
        lengthOf(alongSegment(line, by)),
      )
      if (heart === undefined || thorax === undefined) return []
      return [
        linear('heart-width', heart),
        linear('thorax-width', thorax),
        ...(thorax === 0
          ? []
          : [{ quantity: 'cardiothoracic-ratio' as const, value: heart / thorax, unit: '{ratio}' }]),
      ]
    }
    case 'probe':
    case 'arrow':
    case 'key':
    case 'vertebra':
    case 'known-length':
    case 'detector-millimetres':
      return []
  }

  function outline(points: readonly ImagePoint[]): MeasuredValue[] {
    return [area(polygonArea(points, by)), linear('perimeter', polygonPerimeter(points, by))]
  }
}

/** Two conjugate half diameters on the pixel matrix. A circle is round by the shape of a pixel. */
export function halfDiameters(
  geometry: Extract<Geometry, { kind: 'ellipse' | 'circle' }>,
  shape: Vector,
): readonly [Vector, Vector] {
  const { centre } = geometry
  if (geometry.kind === 'ellipse') return [between(centre, geometry.first), between(centre, geometry.second)]
  const radius = lengthOf(scaled(between(centre, geometry.edge), shape))
  return [
    [radius / shape[0], 0],
    [0, radius / shape[1]],
  ]
}

/** Nothing where a leg has no length. */
function degrees(quantity: Quantity, a: Vector, b: Vector): MeasuredValue[] {
  if (lengthOf(a) === 0 || lengthOf(b) === 0) return []
  return [{ quantity, value: angleBetween(a, b), unit: 'deg' }]
}

const QUANTITY_OF_AXIS = { s: 'duration', 'mm/s': 'speed', Hz: 'frequency' } as const

function alongAxis(pixels: number, axis: RegionAxis, which: 'x' | 'y'): MeasuredValue[] {
  if (axis.unit === 'other') return []
  const quantity = axis.unit === 'mm' ? (which === 'y' ? 'depth' : 'length') : QUANTITY_OF_AXIS[axis.unit]
  return [{ quantity, value: Math.abs(pixels) * axis.step, unit: axis.unit }]
}
