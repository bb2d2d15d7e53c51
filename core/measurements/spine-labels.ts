import type { FramePlane } from './frame-planes.ts'
import { plus3, times3 } from './space.ts'
import type { Geometry, ImagePoint } from './shapes.ts'
import { VERTEBRAL_LEVELS, levelBeyond, type VertebralLevel } from './vertebrae.ts'

export type VertebraGeometry = Extract<Geometry, { kind: 'vertebra' }>

/** A label of the spine, and the series of its image. */
export interface SpineLabel {
  readonly trackingUid: string
  readonly seriesInstanceUid: string
  readonly geometry: VertebraGeometry
}

/**
 * Where a point of a frame lies in the patient; undefined where nothing is known of that.
 *
 * @param spacing [x, y] of the frame's pixels, millimetres
 */
export function placeOnPlane(
  plane: FramePlane | undefined,
  spacing: readonly [number, number] | undefined,
  [column, row]: ImagePoint,
): VertebraGeometry['place'] {
  if (plane === undefined || spacing === undefined || plane.frameOfReference === '') return undefined
  // Positions are of the centres of pixels, points count from their corners.
  const along = times3(plane.row, (column - 0.5) * spacing[0])
  const across = times3(plane.column, (row - 0.5) * spacing[1])
  const [x, y, z] = plus3(plane.position, plus3(along, across))
  return { frameOfReference: plane.frameOfReference, position: [x, y, z] }
}

/**
 * The level of a vertebra that is labelled next, by where it lies among those that have their labels: below the lowest the
 * next one down, above the highest the next one up, between two the one that is missing there. Undefined where that says
 * nothing: without other labels, between neighbours, or beyond the ends of the spine.
 */
export function nextLevel(
  labels: readonly SpineLabel[],
  next: Pick<SpineLabel, 'seriesInstanceUid' | 'geometry'>,
): VertebralLevel | undefined {
  const placed = labels
    .flatMap(({ geometry, seriesInstanceUid }) => {
      const below = depthBelow(next, { geometry, seriesInstanceUid })
      return below === undefined ? [] : [{ level: geometry.level, below }]
    })
    .sort((a, b) => a.below - b.below)
  // The nearest above it, and the nearest below.
  const above = placed.filter(({ below }) => below < 0).at(-1)
  const under = placed.find(({ below }) => below >= 0)
  if (above === undefined) return under && levelBeyond(under.level, -1)
  const following = levelBeyond(above.level, 1)
  return following !== undefined && under?.level === following ? undefined : following
}

/** How far `other` lies below `label`, towards the feet: millimetres where both places are known, else rows; undefined where they cannot be compared. */
function depthBelow(
  label: Pick<SpineLabel, 'seriesInstanceUid' | 'geometry'>,
  other: Pick<SpineLabel, 'seriesInstanceUid' | 'geometry'>,
): number | undefined {
  const [place, otherPlace] = [label.geometry.place, other.geometry.place]
  if (place !== undefined && place.frameOfReference === otherPlace?.frameOfReference) {
    // Towards the head z grows (PS3.3 C.7.6.2.1.1).
    return place.position[2] - otherPlace.position[2]
  }
  return label.seriesInstanceUid === other.seriesInstanceUid
    ? other.geometry.point[1] - label.geometry.point[1]
    : undefined
}

/**
 * The levels after one was corrected, by tracking UID, of those that change: whoever began to count at the wrong vertebra
 * was wrong with all that follow. Corrected, the label that was set first takes all with it; any other those beyond it, seen
 * from the first. Where a level would lie beyond the ends of the spine, the one alone is changed.
 *
 * @param labels in the order in which they were set
 */
export function corrected(
  labels: readonly SpineLabel[],
  trackingUid: string,
  level: VertebralLevel,
): ReadonlyMap<string, VertebralLevel> {
  const [first] = labels
  const own = labels.find((label) => label.trackingUid === trackingUid)
  if (first === undefined || own === undefined) return new Map()
  const order = ({ geometry }: SpineLabel): number => VERTEBRAL_LEVELS.indexOf(geometry.level)
  const side = Math.sign(order(own) - order(first))
  const by = VERTEBRAL_LEVELS.indexOf(level) - order(own)
  const moved = new Map<string, VertebralLevel>([[trackingUid, level]])
  for (const label of labels) {
    if (label === own || (own !== first && Math.sign(order(label) - order(own)) !== side)) continue
    const next = levelBeyond(label.geometry.level, by)
    if (next === undefined) return new Map([[trackingUid, level]])
    moved.set(label.trackingUid, next)
  }
  return moved
}
