import type { FramePlane } from '../frame-planes.ts'
import { degreesBetween } from '../space.ts'
import { geometryOfPlanes, type StackGeometry } from '../stack-geometry.ts'
import { placesOf, type Place } from '../stack-places.ts'

/** A frame of the stack that a segment is painted on. */
export interface VolumeFrame {
  readonly plane: FramePlane | undefined
  /** Between columns and between rows, millimetres in the patient; undefined: unknown. */
  readonly spacing: readonly [column: number, row: number] | undefined
  readonly rows: number
  readonly columns: number
}

/** Why there is no volume. */
export type NoVolume =
  | 'nothing'
  /** Painted frames are not in the stack. */
  | 'images-missing'
  | 'no-spacing'
  | 'no-positions'
  | 'several-frames'
  | 'mixed-orientations'
  /** The stack has one place: nothing says how thick it is. */
  | 'single'
  /** Painted twice at one place: at different times, say. */
  | 'same-place'
  /** Images are missing between those that are painted. */
  | 'gap'
  /** Images lie beside the line of the others. */
  | 'sideways'

export type SegmentVolume =
  | {
      readonly kind: 'known'
      readonly millilitres: number
      /** Places between the first and the last painted one that have no paint. */
      readonly unpainted: number
    }
  | { readonly kind: 'unknown'; readonly because: NoVolume }

/** Directions whose cosines were written with three decimals are apart by as much. Degrees. */
const SAME_DIRECTION = 0.2
const MM3_A_MILLILITRE = 1000

const unknown = (because: NoVolume): SegmentVolume => ({ kind: 'unknown', because })

/**
 * The volume of what is painted: the area on each image times how far apart the images are, by their positions across the
 * planes (Slice Thickness is not asked: slices overlap, or leave gaps). Where distances differ, each image stands for
 * half the way to either neighbour.
 *
 * @param stack all frames of the series, in any order
 * @param painted frames of it by index, with how many of their pixels are painted; none twice
 */
export function segmentVolume(
  stack: readonly VolumeFrame[],
  painted: readonly { readonly index: number; readonly pixels: number }[],
): SegmentVolume {
  const drawn = painted.filter(({ pixels }) => pixels > 0)
  if (drawn.length === 0) return unknown('nothing')
  const [first] = drawn.map(({ index }) => stack[index])
  if (first === undefined || drawn.some(({ index }) => stack[index] === undefined))
    return unknown('images-missing')
  if (first.plane === undefined) return unknown('no-positions')
  // A survey in the same series is no part of the stack.
  const alike = stack.flatMap((frame, index) => (isAlike(frame, first) ? [{ frame, index }] : []))
  const planes = alike.flatMap(({ frame: { plane } }) => plane ?? [])
  const at = new Map(alike.map(({ index }, place) => [index, place]))
  const areas = new Map<number, number>()
  for (const { index, pixels } of drawn) {
    const frame = stack[index]
    if (frame?.plane === undefined) return unknown('no-positions')
    if (frame.plane.frameOfReference !== first.plane.frameOfReference) return unknown('several-frames')
    const place = at.get(index)
    if (place === undefined) return unknown('mixed-orientations')
    if (frame.spacing === undefined) return unknown('no-spacing')
    areas.set(place, pixels * frame.spacing[0] * frame.spacing[1])
  }
  const geometry = geometryOfPlanes(planes)
  const refusal = refusalOf(geometry)
  if (refusal !== undefined) return unknown(refusal)
  return summed(geometry, placesOf(planes, first.plane.normal), areas)
}

function isAlike({ plane, rows, columns }: VolumeFrame, first: VolumeFrame): boolean {
  if (plane === undefined || first.plane === undefined) return false
  return (
    rows === first.rows &&
    columns === first.columns &&
    plane.frameOfReference === first.plane.frameOfReference &&
    degreesBetween(plane.row, first.plane.row) <= SAME_DIRECTION &&
    degreesBetween(plane.column, first.plane.column) <= SAME_DIRECTION
  )
}

function refusalOf(geometry: StackGeometry): NoVolume | undefined {
  switch (geometry.kind) {
    case 'not-spatial':
      return geometry.because === 'several-frames' ? 'several-frames' : 'no-positions'
    case 'mixed-orientations':
      return 'mixed-orientations'
    case 'single':
    case 'one-place':
      return 'single'
    case 'irregular':
      return geometry.sideways > 0 ? 'sideways' : undefined
    default:
      return undefined
  }
}

/** @param areas by place in the stack of planes, mm² */
function summed(
  geometry: StackGeometry,
  places: readonly Place[],
  areas: ReadonlyMap<number, number>,
): SegmentVolume {
  let volume = 0
  const hit: number[] = []
  for (const [index, { indices }] of places.entries()) {
    const here = indices.filter((each) => areas.has(each))
    if (here.length > 1) return unknown('same-place')
    const [only] = here
    if (only === undefined) continue
    hit.push(index)
    const thickness = 'spacing' in geometry ? geometry.spacing : reachOf(places, index)
    volume += (areas.get(only) ?? 0) * thickness
  }
  const [from = 0, to = 0] = [hit[0], hit.at(-1)]
  if (geometry.kind === 'gaps') {
    const among = new Set(places.slice(from, to + 1).flatMap(({ indices }) => indices))
    if (geometry.gaps.some(({ between }) => between.every((each) => among.has(each)))) return unknown('gap')
  }
  return { kind: 'known', millilitres: volume / MM3_A_MILLILITRE, unpainted: to - from + 1 - hit.length }
}

/** Half the way to either neighbour; at an end of the stack, as far beyond as on the other side. Millimetres. */
function reachOf(places: readonly Place[], index: number): number {
  const along = (at: number): number | undefined => places[at]?.along
  const here = along(index) ?? 0
  const before = here - (along(index - 1) ?? NaN)
  const after = (along(index + 1) ?? NaN) - here
  return (Number.isNaN(before) ? after : before) / 2 + (Number.isNaN(after) ? before : after) / 2
}
