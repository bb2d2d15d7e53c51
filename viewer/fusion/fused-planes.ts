import type { PlacedImage } from '../../core/measurements/reference-line.ts'
import { imageSampling } from '../../core/volume/image-sampling.ts'
import type { MeasuredFrame } from '../imaging/frames/measure.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import type { OpenVolume } from '../imaging/volume/open-volume.ts'
import type { Slab } from '../imaging/volume/plane-images.ts'

/** What a volume holds at the pixels of the images of a pane. */
export interface FusedPlanes {
  /** At once where it was computed before; undefined: another image was asked for since, or it cannot be had. */
  at(image: StackImage): Promise<MeasuredFrame | undefined>
  /** For whoever waits for each. */
  awaited(image: StackImage): Promise<MeasuredFrame | undefined>
  known(image: StackImage): MeasuredFrame | undefined
  /** The images of the pane: those next to the one that is looked at are computed ahead. */
  setImages(images: readonly StackImage[]): void
  /** The volume holds more. */
  forget(): void
  close(): void
}

/** Planes kept for going back and forth. Bytes. */
const MOST_KEPT = 64 << 20
/** Images in the direction of motion that are computed before they are looked at. */
const AHEAD = 8

/**
 * @param placeOf where an image lies in the patient; undefined: nobody knows
 * @param slabOf how thick the images are that the pane computes
 */
export function openFusedPlanes(
  volume: OpenVolume,
  placeOf: (image: StackImage) => PlacedImage | undefined,
  slabOf: () => Slab,
): FusedPlanes {
  const controller = new AbortController()
  /** By address; the one that was asked for last at the end. */
  const kept = new Map<string, MeasuredFrame>()
  let keptBytes = 0
  let images: readonly StackImage[] = []
  let wish: { readonly image: StackImage; resolve(found: MeasuredFrame | undefined): void } | undefined
  let ahead: StackImage[] = []
  let isRunning = false
  let lastIndex = 0
  /** Another one with each change of the volume: what was computed of less is not kept. */
  let turn = 0

  async function compute(image: StackImage): Promise<MeasuredFrame | undefined> {
    const placed = placeOf(image)
    if (placed === undefined) return undefined
    const { mode, thickness } = slabOf()
    const finest = Math.min(...volume.grid.steps.map((step) => Math.hypot(...step)))
    const samples = thickness > 0 ? Math.round(thickness / finest) + 1 : 1
    const own = turn
    const plane = await volume.plane(
      imageSampling(volume.grid, placed, samples > 1 ? thickness / (samples - 1) : 0),
      { mode, samples },
      controller.signal,
    )
    if (own === turn) keep(image, plane)
    return plane
  }

  function keep(image: StackImage, plane: MeasuredFrame): void {
    if (kept.has(image.url)) return
    kept.set(image.url, plane)
    keptBytes += plane.values.byteLength
    for (const [url, { values }] of kept) {
      if (keptBytes <= MOST_KEPT || kept.size <= 1) break
      kept.delete(url)
      keptBytes -= values.byteLength
    }
  }

  function known(image: StackImage): MeasuredFrame | undefined {
    const plane = kept.get(image.url)
    if (plane !== undefined) {
      kept.delete(image.url)
      kept.set(image.url, plane)
    }
    return plane
  }

  /** One plane at a time: the one wished for last, then those ahead. Wishes in between are skipped, never queued. */
  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    while (!controller.signal.aborted) {
      const wished = wish
      wish = undefined
      const image = wished?.image ?? ahead.shift()
      if (image === undefined) break
      if (wished === undefined && kept.has(image.url)) continue
      const found = await compute(image).catch(() => undefined)
      wished?.resolve(found)
    }
    isRunning = false
  }

  function plan(image: StackImage): void {
    const index = images.indexOf(image)
    const { arrived, failed, all } = volume.counts()
    // Of a volume that still fills all would be computed anew.
    if (index < 0 || arrived + failed < all) return
    const direction = index < lastIndex ? -1 : 1
    lastIndex = index
    ahead = Array.from({ length: AHEAD }, (_, step) => images[index + (step + 1) * direction]).filter(
      (each) => each !== undefined,
    )
  }

  return {
    at(image) {
      plan(image)
      wish?.resolve(undefined)
      wish = undefined
      const found = known(image)
      const answer =
        found === undefined
          ? new Promise<MeasuredFrame | undefined>((resolve) => (wish = { image, resolve }))
          : Promise.resolve(found)
      void run()
      return answer
    },
    awaited: (image) => {
      const found = known(image)
      return found === undefined ? compute(image).catch(() => undefined) : Promise.resolve(found)
    },
    known: (image) => kept.get(image.url),
    setImages(next) {
      images = next
    },
    forget() {
      turn++
      kept.clear()
      keptBytes = 0
      ahead = []
    },
    close() {
      controller.abort(new Error('nothing is laid over the images any longer'))
      wish?.resolve(undefined)
      kept.clear()
    },
  }
}
