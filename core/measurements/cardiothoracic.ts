import { firstString, type DicomJson } from '../dicom/dicom-json.ts'
import { Tag } from '../dicom/tag.ts'
import { between } from './plane.ts'
import type { Geometry, ImagePoint, Segment } from './shapes.ts'

const VIEW_POSITION = '00185101'

/** Across, the axis of the image that a width does not lie along: 0 columns, 1 rows. */
type Across = 0 | 1

/**
 * Two widths, whichever was drawn first: the thorax is the wider one. They lie along the same axis of the image, the one
 * that the first is nearer to.
 */
export function cardiothoracic(one: Segment, other: Segment): Extract<Geometry, { kind: 'cardiothoracic' }> {
  const [right, down] = between(...one)
  const across = Math.abs(right) >= Math.abs(down) ? 1 : 0
  const level = ([from, to]: Segment): Segment => [from, levelled(to, from, across)]
  const width = (line: Segment): number => Math.abs(between(...line)[across === 1 ? 0 : 1])
  const [heart, thorax] = width(one) <= width(other) ? [one, other] : [other, one]
  return { kind: 'cardiothoracic', heart: level(heart), thorax: level(thorax) }
}

/** A point at the height of another. */
export function levelled(point: ImagePoint, as: ImagePoint, across: Across): ImagePoint {
  return across === 1 ? [point[0], as[1]] : [as[0], point[1]]
}

/** Images of what is no thorax, or of no widths at all. */
const ELSEWHERE = new Set([
  'MG',
  'US',
  'IVUS',
  'OCT',
  'IO',
  'PX',
  'DG',
  'OP',
  'OPT',
  'OPM',
  'ES',
  'GM',
  'SM',
  'XC',
  'BMD',
])
/** Seen from the side a heart has a depth (PS3.3 C.8.1.3, CS View Position). */
const FROM_THE_SIDE = new Set(['LL', 'RL', 'LAT', 'LATERAL'])

/** Why a cardiothoracic ratio of an image is none, where it plainly is none; undefined of any other. */
export function cardiothoracicRefusal(instance: DicomJson): 'elsewhere' | 'side' | undefined {
  if (ELSEWHERE.has(firstString(instance, Tag.Modality) ?? '')) return 'elsewhere'
  return FROM_THE_SIDE.has(firstString(instance, VIEW_POSITION)?.toUpperCase() ?? '') ? 'side' : undefined
}
