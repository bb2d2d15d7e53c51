import type { DicomJson } from '../dicom/dicom-json.ts'
import { framePlanesOf, type FramePlane } from './frame-planes.ts'
import { degreesBetween, dot3, length3, minus3, plus3, times3, unit3, type Vector3 } from './space.ts'
import { placesOf, type Place } from './stack-places.ts'

/** Between two images of a stack that follow each other in space, by their places in the stack, from 0. */
export interface StackGap {
  readonly between: readonly [number, number]
  /** So many images would fit in. */
  readonly missing: number
}

/** What stacks whose places are known have in common. Lengths: millimetres. */
interface Spaced {
  /** Between neighbours, across the images: what MPR and volumes are computed with. */
  readonly spacing: number
  /** Of the direction in which the images lie behind each other against their normal; 0 within tolerance. Degrees. */
  readonly tilt: number
}

/** How the images of a stack lie in space. */
export type StackGeometry =
  /** Not all images say where they are, or not in the same frame of reference. */
  | { readonly kind: 'not-spatial'; readonly because: 'no-positions' | 'some-positions' | 'several-frames' }
  | { readonly kind: 'single' }
  | { readonly kind: 'mixed-orientations'; readonly orientations: number }
  /** One place, seen many times. */
  | { readonly kind: 'one-place'; readonly times: number }
  /** Thickness where all images have the same. */
  | ({ readonly kind: 'uniform'; readonly thickness: number | undefined } & Spaced)
  /** Every place is there equally often: in time, by echo, by diffusion weighting … */
  | ({ readonly kind: 'repeated'; readonly times: number } & Spaced)
  | ({ readonly kind: 'gaps'; readonly gaps: readonly StackGap[] } & Spaced)
  /** At some places there is more than one image. */
  | ({ readonly kind: 'duplicates'; readonly places: number } & Spaced)
  /** Of the distances across the images, the smallest and the largest; and how far images lie beside the line of the others. */
  | {
      readonly kind: 'irregular'
      readonly smallest: number
      readonly largest: number
      readonly sideways: number
    }

/*
 * PS3.3 C.7.6.2.1.1 defines positions and directions and allows no error; files round them as decimal strings. Tolerances
 * are what rounding makes, and what is less than an image can show.
 */
/** Directions whose cosines were written with three decimals are apart by as much. Degrees. */
const SAME_DIRECTION = 0.2
/** Of the distance between neighbours: an image may lie so far from where even spacing would put it. */
const UNEVEN = 0.05
/** The same, in millimetres: positions written with one decimal. */
const ROUNDED = 0.05 + 1e-6
/** Half a pixel as they commonly are: images beside each other's line by less cannot be told from straight. Millimetres. */
const SIDEWAYS = 0.5

/**
 * How the images of a stack lie in space; `instances` in the order of the stack. Images count as they lie, in whatever order
 * they are stacked. Sources: PS3.3 C.7.6.2 (image plane), C.7.6.16.2 (functional groups); tolerances above.
 */
export const stackGeometryOf = (instances: readonly DicomJson[]): StackGeometry =>
  geometryOfPlanes(instances.flatMap(framePlanesOf))

/** The same of planes, undefined where a file does not say. */
export function geometryOfPlanes(all: readonly (FramePlane | undefined)[]): StackGeometry {
  const planes = all.filter((plane) => plane !== undefined)
  const [first] = planes
  if (first === undefined) return { kind: 'not-spatial', because: 'no-positions' }
  if (planes.length < all.length) return { kind: 'not-spatial', because: 'some-positions' }
  if (planes.length === 1) return { kind: 'single' }
  const orientations = orientationsOf(planes)
  if (orientations > 1) return { kind: 'mixed-orientations', orientations }
  if (planes.some((plane) => plane.frameOfReference !== first.frameOfReference))
    return { kind: 'not-spatial', because: 'several-frames' }

  const places = placesOf(planes, first.normal)
  if (places.length === 1) return onOnePlace(planes)
  const steps = stepsOf(places)
  const unit = medianOf(steps)
  const counts = steps.map((step) => Math.max(1, Math.round(step / unit)))
  const fit = fitOf(places, counts, first.normal)
  const spread = { smallest: Math.min(...steps), largest: Math.max(...steps) }
  const isEven = fit.uneven <= Math.max(UNEVEN * fit.spacing, ROUNDED) && fit.sideways <= SIDEWAYS
  if (!isEven) return { kind: 'irregular', ...spread, sideways: fit.sideways > SIDEWAYS ? fit.sideways : 0 }

  const { spacing, tilt } = fit
  const spaced: Spaced = { spacing, tilt }
  const thickness = sameThickness(planes)
  const wide = counts.filter((count) => count > 1).length
  // Thin images here and thick ones there, as the head is often taken: planned so, and nothing is missing.
  if (wide > 0 && thickness === undefined && hasThickness(planes))
    return { kind: 'irregular', ...spread, sideways: 0 }
  if (wide > 0) return { kind: 'gaps', gaps: gapsOf(places, counts), ...spaced }
  const times = new Set(places.map(({ indices }) => indices.length))
  if (times.size > 1)
    return {
      kind: 'duplicates',
      places: places.filter(({ indices }) => indices.length > 1).length,
      ...spaced,
    }
  const [each = 1] = times
  return each > 1 ? { kind: 'repeated', times: each, ...spaced } : { kind: 'uniform', thickness, ...spaced }
}

/** Directions of rows and columns that are not the same; a stack is one only when it has one. */
function orientationsOf(planes: readonly FramePlane[]): number {
  const found: FramePlane[] = []
  for (const plane of planes) {
    const isKnown = found.some(
      ({ row, column }) =>
        degreesBetween(row, plane.row) <= SAME_DIRECTION &&
        degreesBetween(column, plane.column) <= SAME_DIRECTION,
    )
    if (!isKnown) found.push(plane)
  }
  return found.length
}

function onOnePlace(planes: readonly FramePlane[]): StackGeometry {
  const [first, ...others] = planes.map(({ position }) => position)
  const sideways = first === undefined ? 0 : Math.max(...others.map((other) => length3(minus3(other, first))))
  return sideways <= SIDEWAYS
    ? { kind: 'one-place', times: planes.length }
    : { kind: 'irregular', smallest: 0, largest: 0, sideways }
}

const stepsOf = (places: readonly Place[]): number[] =>
  places.slice(1).map(({ along }, index) => along - (places[index]?.along ?? 0))

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}

interface Fit extends Spaced {
  /** The farthest from its place in an even row: along the normal, and beside. Millimetres. */
  readonly uneven: number
  readonly sideways: number
}

/** An even row through the places, by least squares; `counts`: steps of the row from each place to the next. */
function fitOf(places: readonly Place[], counts: readonly number[], normal: Vector3): Fit {
  let at = 0
  const grid = [0, ...counts.map((count) => (at += count))]
  const middle = mean(grid)
  const squares = grid.reduce((sum, each) => sum + (each - middle) ** 2, 0)
  const centre = times3(
    places.reduce<Vector3>((sum, { position }) => plus3(sum, position), [0, 0, 0]),
    1 / places.length,
  )
  const step = places.reduce<Vector3>(
    (sum, { position }, index) =>
      plus3(sum, times3(minus3(position, centre), ((grid[index] ?? 0) - middle) / squares)),
    [0, 0, 0],
  )
  let uneven = 0
  let sideways = 0
  for (const [index, { position }] of places.entries()) {
    const due = plus3(centre, times3(step, (grid[index] ?? 0) - middle))
    const off = minus3(position, due)
    const along = dot3(off, normal)
    uneven = Math.max(uneven, Math.abs(along))
    sideways = Math.max(sideways, length3(minus3(off, times3(normal, along))))
  }
  const spacing = dot3(step, normal)
  const shear = length3(minus3(step, times3(normal, spacing))) * at
  const direction = unit3(step)
  const angle = direction === undefined ? 0 : degreesBetween(direction, normal)
  return { spacing, tilt: angle > SAME_DIRECTION && shear > SIDEWAYS ? angle : 0, uneven, sideways }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const hasThickness = (planes: readonly FramePlane[]): boolean =>
  planes.every(({ thickness }) => thickness !== undefined)

/** Undefined where they differ, or one does not say. */
function sameThickness(planes: readonly FramePlane[]): number | undefined {
  const [first] = planes
  return planes.every(({ thickness }) => thickness === first?.thickness) ? first?.thickness : undefined
}

function gapsOf(places: readonly Place[], counts: readonly number[]): StackGap[] {
  const gaps = counts.flatMap((count, index): StackGap[] => {
    const [one, other] = [places[index]?.indices[0], places[index + 1]?.indices[0]]
    if (count < 2 || one === undefined || other === undefined) return []
    return [{ between: [Math.min(one, other), Math.max(one, other)], missing: count - 1 }]
  })
  return gaps.sort((a, b) => a.between[0] - b.between[0])
}
