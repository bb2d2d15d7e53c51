import type { Blackout, Rectangle } from '../../core/contract/sharing.ts'

/** An image that regions are drawn on. */
export interface DrawnImage {
  readonly seriesInstanceUid: string
  readonly sopInstanceUid: string
  /** Pixels of a frame. */
  readonly rows: number
  readonly columns: number
}

/** A rectangle on an image, and where among the regions it is kept. */
export interface PlacedRegion {
  readonly rectangle: Rectangle
  readonly entry: number
  readonly index: number
}

/** For which images something that is drawn on one of them holds. */
export type Reach = 'size' | 'image'

/** Most that one list of rectangles may hold. */
export const MOST_REGIONS = 32

const holdsFor = ({ seriesInstanceUid, size, instances }: Blackout, image: DrawnImage): boolean =>
  seriesInstanceUid === image.seriesInstanceUid &&
  (size === undefined || (size.rows === image.rows && size.columns === image.columns)) &&
  (instances === undefined || instances.includes(image.sopInstanceUid))

/** The regions that an image has, those of its size first or as they were drawn. */
export const regionsOn = (blackout: readonly Blackout[], image: DrawnImage): PlacedRegion[] =>
  blackout.flatMap((region, entry) =>
    holdsFor(region, image) ? region.rectangles.map((rectangle, index) => ({ rectangle, entry, index })) : [],
  )

/** How many images have a region at all. */
export const imagesWithRegions = (blackout: readonly Blackout[], images: readonly DrawnImage[]): number =>
  images.filter((image) => regionsOn(blackout, image).length > 0).length

/** With one rectangle more, for this image or for all of its size in its series. */
export function withRegion(
  blackout: readonly Blackout[],
  image: DrawnImage,
  reach: Reach,
  rectangle: Rectangle,
): Blackout[] {
  const entry = blackout.findIndex(
    (region) => holdsFor(region, image) && (reach === 'size') === (region.instances === undefined),
  )
  if (entry >= 0)
    return blackout.map((region, at) =>
      at === entry && region.rectangles.length < MOST_REGIONS
        ? { ...region, rectangles: [...region.rectangles, rectangle] }
        : region,
    )
  const { seriesInstanceUid, sopInstanceUid, rows, columns } = image
  const which = reach === 'size' ? { size: { rows, columns } } : { instances: [sopInstanceUid] }
  return [...blackout, { seriesInstanceUid, rectangles: [rectangle], ...which }]
}

/** With a region as it is now; without it when that is undefined. */
export function changedRegion(
  blackout: readonly Blackout[],
  { entry, index }: PlacedRegion,
  rectangle: Rectangle | undefined,
): Blackout[] {
  return blackout.flatMap((region, at) => {
    if (at !== entry) return [region]
    const rectangles = region.rectangles.flatMap((each, place) =>
      place !== index ? [each] : rectangle === undefined ? [] : [rectangle],
    )
    return rectangles.length === 0 ? [] : [{ ...region, rectangles }]
  })
}

/** The pixels that two corners in the coordinates of the image enclose, whole ones, inside of the image. */
export function rectangleBetween(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  { rows, columns }: Pick<DrawnImage, 'rows' | 'columns'>,
): Rectangle {
  const [left, right] = span(from.x, to.x, columns)
  const [top, bottom] = span(from.y, to.y, rows)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** From the pixel that the first lies in to the end of that which the last lies in; at least one. */
function span(one: number, other: number, length: number): [number, number] {
  const [low, high] = one < other ? [one, other] : [other, one]
  const first = Math.min(length - 1, Math.max(0, Math.floor(low)))
  return [first, Math.min(length, Math.max(first + 1, Math.ceil(high)))]
}

/** Moved by so many pixels, and no farther than the image. */
export function moved(
  rectangle: Rectangle,
  by: { readonly x: number; readonly y: number },
  { rows, columns }: Pick<DrawnImage, 'rows' | 'columns'>,
): Rectangle {
  return {
    ...rectangle,
    x: Math.min(columns - rectangle.width, Math.max(0, rectangle.x + by.x)),
    y: Math.min(rows - rectangle.height, Math.max(0, rectangle.y + by.y)),
  }
}

/** Wider and higher by so many pixels, at the lower right; at least one pixel is left. */
export function resized(
  rectangle: Rectangle,
  by: { readonly x: number; readonly y: number },
  { rows, columns }: Pick<DrawnImage, 'rows' | 'columns'>,
): Rectangle {
  return {
    ...rectangle,
    width: Math.min(columns - rectangle.x, Math.max(1, rectangle.width + by.x)),
    height: Math.min(rows - rectangle.y, Math.max(1, rectangle.height + by.y)),
  }
}
