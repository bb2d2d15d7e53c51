import { fillBetween } from '../../core/measurements/segments/fill-between.ts'
import { fillHoles } from '../../core/measurements/segments/fill-holes.ts'
import { decodeRuns, encodeRuns } from '../../core/measurements/segments/runs.ts'
import { isOfGrid, type PaintedSlice, type Segment } from '../../core/measurements/segments/segment.ts'
import type { Mask } from '../../core/measurements/segments/signed-distance.ts'
import { dot3 } from '../../core/measurements/space.ts'
import { paintedFrame } from '../imaging/segments/painted-frame.ts'
import { spacing } from '../imaging/frames/frame-metadata.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import { planesOf } from '../objects/drawn/drawn-object.ts'
import { isOnSlice, type PaintedFrame, type PaintedRuns, type Painting } from './painting.ts'

const maskOf = ({ rows, columns }: Segment, { runs }: PaintedSlice): Mask => ({
  rows,
  columns,
  pixels: decodeRuns(runs, rows * columns),
})

/** Fills the holes of the segment in hand on a frame. Returns whether there was anything to fill. */
export function fillHolesOn(painting: Painting, frame: PaintedFrame): boolean {
  const { segment, slice } = sliceOn(painting, frame)
  if (slice === undefined) return false
  const runs = encodeRuns(fillHoles(maskOf(segment, slice)))
  if (runs === slice.runs) return false
  painting.paint(segment, [{ ...slice, runs }], false)
  return true
}

/** Takes all paint of the segment in hand from a frame. Returns whether there was any. */
export function clearOn(painting: Painting, frame: PaintedFrame): boolean {
  const { segment, slice } = sliceOn(painting, frame)
  if (slice === undefined) return false
  painting.paint(segment, [{ ...slice, runs: '' }], false)
  return true
}

function sliceOn(
  painting: Painting,
  frame: PaintedFrame,
): { segment: Segment; slice: PaintedSlice | undefined } {
  const segment = painting.targetOn(frame)
  return { segment, slice: segment.slices.find((each) => isOnSlice(each, frame)) }
}

/**
 * Fills the segment in hand on all frames between those that are painted, in the order of the stack. Returns on how many.
 */
export function fillStack(painting: Painting, frame: PaintedFrame, stack: readonly StackImage[]): number {
  const segment = painting.targetOn(frame)
  const frames = stack.flatMap((image) => {
    const own = paintedFrame(image)
    return own !== undefined && isOfGrid(segment, own) ? [{ image, own }] : []
  })
  const painted = frames.flatMap(({ own }, index) => {
    const slice = segment.slices.find((each) => isOnSlice(each, own))
    return slice === undefined ? [] : [{ index, slice }]
  })
  const filled: PaintedRuns[] = []
  painted.slice(1).forEach((next, at) => {
    const before = painted[at]
    if (before === undefined || next.index - before.index < 2) return
    const between = frames.slice(before.index, next.index + 1).map(({ image }) => image)
    const shares = sharesOf(between)
    const { row, column } = spacing(between[0] as StackImage)
    fillBetween(maskOf(segment, before.slice), maskOf(segment, next.slice), shares, [column, row]).forEach(
      (pixels, step) => {
        const own = frames[before.index + 1 + step]?.own
        const runs = encodeRuns(pixels)
        if (own !== undefined && runs !== '')
          filled.push({ sopInstanceUid: own.sopInstanceUid, frameNumber: own.frameNumber, runs })
      },
    )
  })
  if (filled.length > 0) painting.paint(segment, filled, true)
  return filled.length
}

/** How far each image between the first and the last is on the way: in space, else by their number. */
function sharesOf(images: readonly StackImage[]): number[] {
  const planes = images.map(({ metadata, frameNumber }) => planesOf(metadata)[frameNumber - 1])
  const normal = planes[0]?.normal
  const along = planes.map((plane) =>
    plane === undefined || normal === undefined ? NaN : dot3(plane.position, normal),
  )
  const [first = NaN, last = NaN] = [along[0], along.at(-1)]
  return along.slice(1, -1).map((each, index) => {
    const share = (each - first) / (last - first)
    return share > 0 && share < 1 ? share : (index + 1) / (images.length - 1)
  })
}
