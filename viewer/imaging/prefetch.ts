import { cache, Enums, eventTarget, imageLoader, imageLoadPoolManager } from '@cornerstonejs/core'

/** Further ahead in the direction of motion than behind. */
const AHEAD_FIRST = 10
/** Of the cache: beyond it, what was fetched last would push out what is looked at. */
const FILL_MOST = 0.85

/** Fetches a stack outward from what is shown, and tells what has arrived. */
export interface Prefetch {
  /** The image now shown; what is fetched next follows it. */
  moveTo(index: number): void
  isLoaded(index: number): boolean
  loadedCount(): number
  stop(): void
}

export function startPrefetch(imageIds: readonly string[], start: number, onChange: () => void): Prefetch {
  const indexOf = new Map(imageIds.map((id, index) => [id, index]))
  const loaded = new Set<number>()
  imageIds.forEach((id, index) => {
    if (cache.getImageLoadObject(id) !== undefined && cache.isLoaded(id)) loaded.add(index)
  })
  let current = start
  let direction: 1 | -1 = 1
  let stopped = false

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
    if (index !== undefined && loaded.delete(index)) onChange()
  }
  eventTarget.addEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
  eventTarget.addEventListener(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED, onRemoved)

  function plan(): void {
    imageLoadPoolManager.clearRequestStack(Enums.RequestType.Prefetch)
    if (stopped || cache.getCacheSize() > cache.getMaxCacheSize() * FILL_MOST) return
    for (const [rank, index] of outward(current, imageIds.length, direction).entries()) {
      const imageId = imageIds[index]
      if (imageId === undefined || loaded.has(index)) continue
      imageLoadPoolManager.addRequest(() => fetchOne(imageId), Enums.RequestType.Prefetch, { imageId }, rank)
    }
  }

  function fetchOne(imageId: string): Promise<void> {
    if (stopped || cache.getCacheSize() > cache.getMaxCacheSize() * FILL_MOST) return Promise.resolve()
    return imageLoader.loadAndCacheImage(imageId).then(
      () => undefined,
      // A frame that cannot be had or decoded says so when it is shown.
      () => undefined,
    )
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
      stopped = true
      imageLoadPoolManager.clearRequestStack(Enums.RequestType.Prefetch)
      eventTarget.removeEventListener(Enums.Events.IMAGE_LOADED, onLoaded)
      eventTarget.removeEventListener(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED, onRemoved)
    },
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
