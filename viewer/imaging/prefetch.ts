import { Enums, eventTarget } from '@cornerstonejs/core'
import { AHEAD_FIRST, outward, type Direction } from '../../core/reading/outward.ts'
import type { Turn } from './frames/fetch-frame.ts'
import type { FrameImage } from './frames/frame-image.ts'
import { FRAME_COMPLETED, type FrameLoader } from './frames/frame-loader.ts'
import { cachedImage, hasRoomFor, holdOpen, isOpen } from './image-cache.ts'
import type { CinePlayer } from './cine/cine-player.ts'
import { openFarFetches } from './far-fetches.ts'
import { createPrefetchQueue, FILL, type Fetch, type Pass, type PrefetchSource } from './prefetch-queue.ts'
import { frameLoader } from './start-imaging.ts'

/** A browser opens six connections to a host: one is the live events', one is left for what somebody waits for. */
const IN_FLIGHT = 4
/** Previews over a slow link are short, and a far one is idle while it waits: nobody waits long for the last connection. */
const PREVIEWS_IN_FLIGHT = 5
/** Rests of frames are long: more at once, and what somebody looks at next gets little of the link. A far one would be idle with these. */
const NEAR_RESTS_IN_FLIGHT = 3
/** Somebody who stays so long with an image looks at it. Milliseconds. */
export const RESTING = 150

/** One for the page: the panes share the connections. */
const queue = createPrefetchQueue((pass) => {
  const frames = frameLoader()
  const holds = frames.linkHolds()
  const usable = frames.isSlow() ? PREVIEWS_IN_FLIGHT : IN_FLIGHT
  const exact = holds > 0 ? IN_FLIGHT : NEAR_RESTS_IN_FLIGHT
  const turns = pass === 'usable' ? usable : exact
  return { turns, bytes: (FILL * holds) / turns }
})

/** No frame is being fetched for any stack. */
export const areFramesQuiet = (): boolean => queue.isQuiet()

/** What prefetching needs of the frame loader. */
type Frames = Pick<FrameLoader, 'release' | 'complete' | 'giveUp' | 'load' | 'expects'>

/** A frame that cannot be had or decoded says so when it is shown. */
const fetchAhead = (frames: Frames, imageId: string): Fetch => ({
  bytes: frames.expects(imageId),
  run: (turn) => frames.load(imageId, turn).catch(() => undefined),
})

/** What is missing of a preview. Bytes. */
function restOf(imageId: string): number {
  const { size = 0, bytes } = cachedImage(imageId)?.beginning ?? {}
  return size - (bytes?.length ?? 0)
}

/** What there is of an image: nothing, a preview, or all of it. */
export type Arrived = 'missing' | 'preview' | 'exact'

/** In which order images are played. */
export type PlayOrder = Pick<CinePlayer, 'ahead' | 'away'>

/** Fetches a stack outward from what is shown, and tells what has arrived. */
export interface Prefetch {
  /** The image now shown; what is fetched next follows it. */
  moveTo(index: number): void
  /** What is fetched next is in the order in which it is played; undefined: it is not played any longer. */
  follow(played: PlayOrder | undefined): void
  arrived(index: number): Arrived
  /** Images that can be looked at. */
  loadedCount(): number
  /** Images that are exact. */
  exactCount(): number
  /** What is under way for this stack alone is given up. */
  stop(): void
}

/** `onChange` is called whenever another image has arrived, has become exact, or had to go. */
export function startPrefetch(
  frames: Frames,
  imageIds: readonly string[],
  start: number,
  onChange: () => void,
): Prefetch {
  const indexOf = new Map(imageIds.map((id, index) => [id, index]))
  let current = start
  let played: PlayOrder | undefined
  const letGo = holdOpen({ indexOf, current: () => current, away: (index) => played?.away(index) })
  const loaded = new Set<number>()
  const exact = new Set<number>()
  const take = (index: number, { beginning }: Pick<FrameImage, 'beginning'>): void => {
    loaded.add(index)
    if (beginning === undefined) exact.add(index)
  }
  imageIds.forEach((id, index) => {
    const image = cachedImage(id)
    if (image !== undefined) take(index, image)
  })
  let direction: Direction = 0

  const onLoaded = (event: Event): void => {
    const { image } = (event as CustomEvent<{ image?: FrameImage }>).detail
    const index = image?.imageId === undefined ? undefined : indexOf.get(image.imageId)
    if (image === undefined || index === undefined || exact.has(index)) return
    if (loaded.has(index) && image.beginning !== undefined) return
    take(index, image)
    onChange()
  }
  const onRemoved = (event: Event): void => {
    const { imageId } = (event as CustomEvent<{ imageId: string }>).detail
    const index = indexOf.get(imageId)
    if (index === undefined) return
    asked.delete(index)
    exact.delete(index)
    if (loaded.delete(index)) onChange()
  }
  eventTarget.addEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
  eventTarget.addEventListener(FRAME_COMPLETED, onLoaded)
  eventTarget.addEventListener(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED, onRemoved)

  let order: number[] = []
  const fetching = openFarFetches(frames, imageIds, AHEAD_FIRST)
  const asked = new Set<number>()
  /** Previews that are being completed, or could not be. */
  const completing = new Map<number, AbortController>()
  let resting: ReturnType<typeof setTimeout> | undefined

  function nextUsable(): Fetch | undefined {
    for (let index = order.shift(); index !== undefined; index = order.shift()) {
      const imageId = imageIds[index]
      if (imageId === undefined || loaded.has(index) || asked.has(index)) continue
      // The others are farther.
      if (!hasRoomFor(imageId)) return undefined
      asked.add(index)
      const { bytes, run } = fetchAhead(frames, imageId)
      const askAgain = (): void => {
        asked.delete(index)
        plan()
      }
      return { bytes, run: fetching.watch(index, run, askAgain) }
    }
    return undefined
  }

  function nextExact(): Fetch | undefined {
    if (resting !== undefined || loaded.size === exact.size) return undefined
    const index = [current, ...outward(current, imageIds.length, direction)].find(
      (each) => loaded.has(each) && !exact.has(each) && !completing.has(each),
    )
    const imageId = index === undefined ? undefined : imageIds[index]
    if (index === undefined || imageId === undefined) return undefined
    const controller = new AbortController()
    completing.set(index, controller)
    const run = (turn: Turn | undefined) =>
      frames.complete(imageId, controller.signal, turn).then(
        () => void completing.delete(index),
        // One that was given up is asked for again; one that cannot be had is, when it is shown.
        () => void (controller.signal.aborted && completing.delete(index)),
      )
    return { bytes: restOf(imageId), run }
  }

  const source: PrefetchSource = {
    next: (pass: Pass) => (pass === 'usable' ? nextUsable() : nextExact()),
  }

  function plan(): void {
    order = [...(played?.ahead() ?? []), ...outward(current, imageIds.length, direction)]
    queue.add(source)
  }

  // The one that somebody waits for before those that nobody does: the library asks for it later than for these.
  const shown = imageIds[start]
  if (shown !== undefined) frames.load(shown).catch(() => undefined)
  plan()
  return {
    moveTo(index) {
      if (index === current) return
      direction = index > current ? 1 : -1
      current = index
      if (played !== undefined) return plan()
      fetching.leave(index)
      // Of what is far away by now, the rest is not needed soon; while somebody scrolls, nobody's is.
      for (const [each, controller] of completing)
        if (Math.abs(each - current) > AHEAD_FIRST) controller.abort()
      clearTimeout(resting)
      resting = setTimeout(() => {
        resting = undefined
        queue.add(source)
      }, RESTING)
      plan()
    },
    follow(next) {
      played = next
      clearTimeout(resting)
      resting = undefined
      plan()
    },
    arrived: (index) => (exact.has(index) ? 'exact' : loaded.has(index) ? 'preview' : 'missing'),
    loadedCount: () => loaded.size,
    exactCount: () => exact.size,
    stop() {
      queue.remove(source)
      clearTimeout(resting)
      for (const controller of completing.values()) controller.abort()
      letGo()
      frames.release(imageIds.filter((id) => !isOpen(id)))
      eventTarget.removeEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
      eventTarget.removeEventListener(FRAME_COMPLETED, onLoaded)
      eventTarget.removeEventListener(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED, onRemoved)
    },
  }
}

/** Of a stack that is computed here: each image when it is looked at, since none is waited for. */
export function computeWhenShown(frames: Pick<Frames, 'release'>, imageIds: readonly string[]): Prefetch {
  return {
    moveTo: () => undefined,
    follow: () => undefined,
    arrived: () => 'exact',
    loadedCount: () => imageIds.length,
    exactCount: () => imageIds.length,
    stop: () => frames.release(imageIds),
  }
}

/** Fetches what somebody needs all of, wherever it is looked at. */
export interface Feed {
  stop(): void
}

/**
 * Fetches images outward from one of them and hands over each, once, exact, whether it was here already or is fetched;
 * undefined: it cannot be had.
 */
export function startFeed(
  frames: Frames,
  imageIds: readonly string[],
  start: string,
  onImage: (imageId: string, image: FrameImage | undefined) => void,
): Feed {
  const indexOf = new Map(imageIds.map((id, index) => [id, index]))
  const letGo = holdOpen({ indexOf, current: () => undefined })
  const due = new Set(imageIds)
  const stopping = new AbortController()
  const hand = (imageId: string | undefined, image: FrameImage | undefined): void => {
    if (imageId !== undefined && due.delete(imageId)) onImage(imageId, image)
  }
  const onLoaded = (event: Event): void => {
    const { image } = (event as CustomEvent<{ image?: FrameImage }>).detail
    if (image?.imageId === undefined || !due.has(image.imageId)) return
    if (image.beginning === undefined) hand(image.imageId, image)
    else previews.push(image.imageId)
  }
  const onFailed = (event: Event): void => {
    hand((event as CustomEvent<{ imageId?: string }>).detail.imageId, undefined)
  }
  eventTarget.addEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
  eventTarget.addEventListener(FRAME_COMPLETED, onLoaded)
  eventTarget.addEventListener(Enums.Events.IMAGE_LOAD_FAILED, onFailed)
  const first = Math.max(0, indexOf.get(start) ?? 0)
  const order = [first, ...outward(first, imageIds.length, 1)]
  /** Names of images of which a preview is here. */
  const previews: string[] = []
  function nextUsable(): Fetch | undefined {
    for (let index = order.shift(); index !== undefined; index = order.shift()) {
      const id = imageIds[index]
      if (id === undefined || !due.has(id)) continue
      const image = cachedImage(id)
      if (image === undefined) return fetchAhead(frames, id)
      if (image.beginning === undefined) hand(id, image)
      else previews.push(id)
    }
    return undefined
  }
  function nextExact(): Fetch | undefined {
    for (let id = previews.shift(); id !== undefined; id = previews.shift()) {
      const imageId = id
      if (!due.has(imageId)) continue
      const run = (turn: Turn | undefined) =>
        frames.complete(imageId, stopping.signal, turn).then(
          // It was completed for another already, and that was told before this was asked.
          () => hand(imageId, cachedImage(imageId)),
          () => void (stopping.signal.aborted || hand(imageId, undefined)),
        )
      return { bytes: restOf(imageId), run }
    }
    return undefined
  }
  const source: PrefetchSource = {
    next: (pass) => (pass === 'usable' ? nextUsable() : nextExact()),
  }
  queue.add(source)
  return {
    stop() {
      queue.remove(source)
      stopping.abort()
      letGo()
      frames.release(imageIds.filter((id) => !isOpen(id)))
      eventTarget.removeEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
      eventTarget.removeEventListener(FRAME_COMPLETED, onLoaded)
      eventTarget.removeEventListener(Enums.Events.IMAGE_LOAD_FAILED, onFailed)
    },
  }
}
