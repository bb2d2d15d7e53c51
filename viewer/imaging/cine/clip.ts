import { liesInSpace } from '../../../core/reading/frames-in-space.ts'
import { frameTimes, playsForthAndBack } from '../../../core/reading/frame-times.ts'
import type { StackImage } from '../stack-image.ts'

/** Images that are played over and over: what one lap is. */
export interface Clip {
  /** Places in the stack in the order of a lap. */
  readonly order: readonly number[]
  /** When each of them is due, from the beginning of the lap. Milliseconds. */
  readonly due: readonly number[]
  /** Milliseconds. */
  readonly length: number
  /**
   * What is kept when not every image can be had in time. `time`: what moves in the patient is seen as fast as it moves, and
   * images are left out. `every`: of slices none is left out, and they come slower.
   */
  readonly keeps: 'time' | 'every'
}

/**
 * What is played when this image of a stack is shown: the frames of its instance; of single images the whole stack, at `rate`
 * (images a second; undefined: they are not played). Undefined: nothing to be played.
 */
export function clipAt(images: readonly StackImage[], index: number, rate?: number): Clip | undefined {
  const image = images[index]
  if (image === undefined) return undefined
  const { metadata, numberOfFrames, frameNumber } = image
  if (numberOfFrames < 2) {
    if (rate === undefined || images.length < 2) return undefined
    const each = 1000 / rate
    return lapOf(
      0,
      images.map(() => each),
      true,
      'every',
    )
  }
  const inSpace = liesInSpace(metadata)
  return lapOf(
    index - (frameNumber - 1),
    frameTimes(metadata, numberOfFrames),
    playsForthAndBack(metadata) ?? inSpace,
    inSpace ? 'every' : 'time',
  )
}

/** Images a second, as the clip wants to be played. */
export const rateOf = ({ order, length }: Clip): number => (1000 * order.length) / length

function lapOf(first: number, times: readonly number[], forthAndBack: boolean, keeps: Clip['keeps']): Clip {
  const places = times.map((_, frame) => frame)
  // The ends are shown once.
  const frames = forthAndBack ? [...places, ...places.slice(1, -1).reverse()] : places
  const due: number[] = []
  let length = 0
  for (const frame of frames) {
    due.push(length)
    length += times[frame] ?? 0
  }
  return { order: frames.map((frame) => first + frame), due, length, keeps }
}
