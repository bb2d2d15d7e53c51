import type { HangingLook } from '../../core/contract/hanging.ts'
import { suvOf } from '../../core/measurements/suv.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import type { LookChoice } from '../imaging/stack-look.ts'
import type { StartPlace } from './pane-handle.ts'

/** A window in uptake, in the values of an image; undefined where its uptake is not known. */
export function windowOfUptake(
  uptake: HangingLook['uptake'],
  image: StackImage | undefined,
): LookChoice['window'] {
  const suv = image && suvOf(image.metadata)
  if (uptake === undefined || suv?.kind !== 'known') return undefined
  const { lower, upper } = uptake
  return {
    center: (lower + upper) / 2 / suv.scale,
    width: (upper - lower) / suv.scale,
    function: 'LINEAR',
  }
}

/** The other way round: a window of an image as uptake; undefined where that is not known, or goes below nothing. */
export function uptakeOfWindow(
  window: LookChoice['window'],
  image: StackImage | undefined,
): HangingLook['uptake'] {
  const suv = image && suvOf(image.metadata)
  if (window === undefined || suv?.kind !== 'known') return undefined
  const [lower, upper] = [window.center - window.width / 2, window.center + window.width / 2].map((end) =>
    Number((end * suv.scale).toPrecision(4)),
  ) as [number, number]
  return lower < 0 ? undefined : { lower, upper }
}

/** Where a pane begins, with the window that its images have for the uptake it is to show. */
export function withUptake(place: StartPlace, images: readonly StackImage[]): StartPlace {
  const window = windowOfUptake(place.uptake, images[Math.floor(images.length / 2)])
  return window === undefined ? place : { ...place, choice: { ...place.choice, window } }
}
