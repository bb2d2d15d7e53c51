import { intensityOf, type PixelMeaning } from '../../core/measurements/intensity-of.ts'
import { pixelSpacing } from '../../core/measurements/segments/pixel-spacing.ts'
import { countPainted } from '../../core/measurements/segments/runs.ts'
import type { PaintedSlice, Segment } from '../../core/measurements/segments/segment.ts'
import {
  NO_STATISTICS,
  paintedStatistics,
  together,
  type PaintedStatistics,
} from '../../core/measurements/segments/segment-statistics.ts'
import { segmentVolume, type SegmentVolume } from '../../core/measurements/segments/segment-volume.ts'
import { frameValues } from '../imaging/segments/frame-values.ts'
import { paintedFrame } from '../imaging/segments/painted-frame.ts'
import { presentationOf, type StackImage } from '../imaging/stack-image.ts'
import { planesOf } from '../objects/drawn/drawn-object.ts'

/** The volume of a segment, by all images of its series. */
export function volumeOf({ rows, columns, slices }: Segment, stack: readonly StackImage[]): SegmentVolume {
  const indexOf = new Map(stack.map((image, index) => [keyOf(paintedFrame(image)), index]))
  return segmentVolume(
    stack.map((image) => {
      const spacing = pixelSpacing(presentationOf(image))
      const { rows: height = 0, columns: width = 0 } = paintedFrame(image) ?? {}
      return {
        plane: planesOf(image.metadata)[image.frameNumber - 1],
        spacing: spacing && ([spacing[1], spacing[0]] as const),
        rows: height,
        columns: width,
      }
    }),
    slices.map((slice) => ({
      index: indexOf.get(keyOf(slice)) ?? -1,
      pixels: countPainted(slice.runs, rows * columns),
    })),
  )
}

const keyOf = (frame: { sopInstanceUid: string; frameNumber: number } | undefined): string =>
  frame === undefined ? '' : `${frame.sopInstanceUid} ${frame.frameNumber}`

export interface SegmentValues {
  readonly statistics: PaintedStatistics
  readonly meaning: PixelMeaning
}

/** What is painted on a slice and was measured before: slices are never changed, only replaced. */
const measured = new WeakMap<PaintedSlice, PaintedStatistics>()

/**
 * The values of all that is painted of a segment; undefined where the images have none, or one of them cannot be had. Only
 * slices that changed are measured anew.
 */
export async function valuesOf(
  { slices }: Segment,
  stack: readonly StackImage[],
  signal: AbortSignal,
): Promise<SegmentValues | undefined> {
  const images = new Map(stack.map((image) => [keyOf(paintedFrame(image)), image]))
  let statistics = NO_STATISTICS
  let meaning: PixelMeaning | undefined
  for (const slice of slices) {
    const image = images.get(keyOf(slice))
    if (image === undefined) return undefined
    meaning ??= intensityOf(image.metadata)
    let own = measured.get(slice)
    if (own === undefined) {
      const frame = await frameValues(image, signal)
      signal.throwIfAborted()
      if (frame === undefined) return undefined
      own = paintedStatistics(slice.runs, frame.values, intensityOf(image.metadata).scale, frame.padding)
      measured.set(slice, own)
    }
    statistics = together(statistics, own)
  }
  return meaning === undefined || statistics.count === 0 ? undefined : { statistics, meaning }
}
