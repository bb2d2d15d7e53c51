import { cache, Enums, eventTarget, imageLoader } from '@cornerstonejs/core'
import { createPrefetchQueue, type PrefetchSource } from './prefetch-queue.ts'

/** Further ahead in the direction of motion than behind. */
const AHEAD_FIRST = 10
/** Of the cache: beyond it, what was fetched last would push out what is looked at. */
const FILL_MOST = 0.85
/** A browser opens six connections to a host: one is the live events', one is left for what somebody waits for. */
const IN_FLIGHT = 4

/** One for the page: the panes share the connections. */
const queue = createPrefetchQueue(
  (imageId) =>
    imageLoader.loadAndCacheImage(imageId).then(
      () => undefined,
      // A frame that cannot be had or decoded says so when it is shown.
      () => undefined,
    ),
  IN_FLIGHT,
)
const isFull = (): boolean => cache.getCacheSize() > cache.getMaxCacheSize() * FILL_MOST

/** What prefetching needs of the frame loader. */
interface Frames {
  release(imageIds: Iterable<string>): void
}

/** What is open shares its images: what one stack no longer needs, another may be waiting for. */
const open = new Set<ReadonlyMap<string, number>>()

/** Fetches a stack outward from what is shown, and tells what has arrived. */
export interface Prefetch {
  /** The image now shown; what is fetched next follows it. */
  moveTo(index: number): void
  isLoaded(index: number): boolean
  loadedCount(): number
  /** What is under way for this stack alone is given up. */
  stop(): void
}

/** `onChange` is called whenever another image has arrived, or had to go. */
export function startPrefetch(
  frames: Frames,
  imageIds: readonly string[],
  start: number,
  onChange: () => void,
): Prefetch {
  const indexOf = new Map(imageIds.map((id, index) => [id, index]))
  open.add(indexOf)
  const loaded = new Set<number>()
  imageIds.forEach((id, index) => {
    if (cache.getImageLoadObject(id) !== undefined && cache.isLoaded(id)) loaded.add(index)
  })
  let current = start
  let direction: 1 | -1 = 1

  const onLoaded = (event: Event): void => {
    const { image } = (event as CustomEvent<{ image?: { imageId?: string } }>).detail
    const index = image?.imageId === undefined ? undefined : indexOf.get(image.imageId)
    if (index === undefined || loaded.has(index)) return
    loaded.add(index)
    onChange()
  }
  const onRemoved = (event: Event): void => {
    const { imageId } = (event as CustomEvent<{ imageId: string }>).detail
    const index = indexOf.get(imageId)
    if (index === undefined) return
    asked.delete(index)
    if (loaded.delete(index)) onChange()
  }
  eventTarget.addEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
  eventTarget.addEventListener(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED, onRemoved)

  let order: number[] = []
  const asked = new Set<number>()
  const source: PrefetchSource = {
    next() {
      if (isFull()) return undefined
      for (let index = order.shift(); index !== undefined; index = order.shift()) {
        if (loaded.has(index) || asked.has(index)) continue
        asked.add(index)
        return imageIds[index]
      }
      return undefined
    },
  }

  function plan(): void {
    order = outward(current, imageIds.length, direction)
    queue.add(source)
  }

  plan()
  return {
    moveTo(index) {
      if (index === current) return
      direction = index > current ? 1 : -1
      current = index
      plan()
    },
    isLoaded: (index) => loaded.has(index),
    loadedCount: () => loaded.size,
    stop() {
      queue.remove(source)
      open.delete(indexOf)
      frames.release(imageIds.filter((id) => ![...open].some((others) => others.has(id))))
      eventTarget.removeEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
      eventTarget.removeEventListener(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED, onRemoved)
    },
  }
}

/** Of a stack that is computed here: each image when it is looked at, since none is waited for. */
export function computeWhenShown(frames: Frames, imageIds: readonly string[]): Prefetch {
  return {
    moveTo: () => undefined,
    isLoaded: () => true,
    loadedCount: () => imageIds.length,
    stop: () => frames.release(imageIds),
  }
}

/** All indexes but the current: a few ahead in the direction of motion, then outward on both sides. */
export function outward(current: number, count: number, direction: 1 | -1): number[] {
  const order: number[] = []
  const add = (index: number): void => {
    if (index >= 0 && index < count && index !== current && !seen.has(index)) {
      seen.add(index)
      order.push(index)
    }
  }
  const seen = new Set<number>()
  for (let step = 1; step <= AHEAD_FIRST; step++) add(current + step * direction)
  for (let step = 1; step < count; step++) {
    add(current + step * direction)
    add(current - step * direction)
  }
  return order
}

/** Fetches what somebody needs all of, wherever it is looked at. */
export interface Feed {
  stop(): void
}

/**
 * Fetches images outward from one of them and hands over each, once, whether it was here already or is fetched; undefined:
 * it cannot be had.
 */
export function startFeed(
  frames: Frames,
  imageIds: readonly string[],
  start: string,
  onImage: (imageId: string, image: unknown) => void,
): Feed {
  const indexOf = new Map(imageIds.map((id, index) => [id, index]))
  open.add(indexOf)
  const due = new Set(imageIds)
  const hand = (imageId: string | undefined, image: unknown): void => {
    if (imageId !== undefined && due.delete(imageId)) onImage(imageId, image)
  }
  const onLoaded = (event: Event): void => {
    const { image } = (event as CustomEvent<{ image?: { imageId?: string } }>).detail
    hand(image?.imageId, image)
  }
  const onFailed = (event: Event): void => {
    hand((event as CustomEvent<{ imageId?: string }>).detail.imageId, undefined)
  }
  eventTarget.addEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
  eventTarget.addEventListener(Enums.Events.IMAGE_LOAD_FAILED, onFailed)
  const first = Math.max(0, indexOf.get(start) ?? 0)
  const order = [first, ...outward(first, imageIds.length, 1)]
  const source: PrefetchSource = {
    next() {
      for (let index = order.shift(); index !== undefined; index = order.shift()) {
        const id = imageIds[index]
        if (id === undefined || !due.has(id)) continue
        const cached = cache.getImageLoadObject(id) !== undefined && cache.isLoaded(id)
        if (!cached) return id
        hand(id, cache.getImage(id))
      }
      return undefined
    },
  }
  queue.add(source)
  return {
    stop() {
      queue.remove(source)
      open.delete(indexOf)
      frames.release(imageIds.filter((id) => ![...open].some((others) => others.has(id))))
      eventTarget.removeEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
      eventTarget.removeEventListener(Enums.Events.IMAGE_LOAD_FAILED, onFailed)
    },
  }
}
