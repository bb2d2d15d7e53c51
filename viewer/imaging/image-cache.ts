import { cache, Enums, eventTarget } from '@cornerstonejs/core'
import type { FrameImage } from './frames/frame-image.ts'

/** Of the cache: beyond it, what was fetched last would push out what is looked at. */
const FILL_MOST = 0.85

/** Images of a stack by name, with their places, and the place that is looked at; undefined: none of them is. */
interface OpenStack {
  readonly indexOf: ReadonlyMap<string, number>
  current(): number | undefined
  /** Images until one of them is looked at, where it is known in which order they are; undefined: it is not. */
  away?(index: number): number | undefined
}

/** What is open shares its images: what one stack no longer needs, another may be waiting for. */
const open = new Set<OpenStack>()
/** Images in the cache: the library does not name them. */
const kept = new Set<string>()

let isListening = false
function listen(): void {
  if (isListening) return
  isListening = true
  eventTarget.addEventListener(Enums.Events.IMAGE_CACHE_IMAGE_ADDED, (event: Event) => {
    kept.add((event as CustomEvent<{ image: { imageId: string } }>).detail.image.imageId)
  })
  eventTarget.addEventListener(Enums.Events.IMAGE_CACHE_IMAGE_REMOVED, (event: Event) => {
    kept.delete((event as CustomEvent<{ imageId: string }>).detail.imageId)
  })
}

/** Says that a stack is open. To be called when it no longer is. */
export function holdOpen(stack: OpenStack): () => void {
  listen()
  open.add(stack)
  return () => void open.delete(stack)
}

export const isOpen = (imageId: string): boolean => [...open].some(({ indexOf }) => indexOf.has(imageId))

/** How many open stacks have this image. */
export const stacksWith = (imageId: string): number =>
  [...open].filter(({ indexOf }) => indexOf.has(imageId)).length

/** Images between this one and the nearest that is looked at; infinite where its stack is not looked at. */
export function awayFromSight(imageId: string): number {
  let nearest = Infinity
  for (const { indexOf, current, away } of open) {
    const [index, looked] = [indexOf.get(imageId), current()]
    if (index !== undefined && looked !== undefined)
      nearest = Math.min(nearest, away?.(index) ?? Math.abs(index - looked))
  }
  return nearest
}

/**
 * Whether an image may be fetched ahead. In a full cache the one that is farthest from what is looked at, in whatever stack,
 * goes for one that is nearer.
 */
export function hasRoomFor(imageId: string): boolean {
  if (cache.getCacheSize() <= cache.getMaxCacheSize() * FILL_MOST) return true
  let [farthest, distance]: [string | undefined, number] = [undefined, awayFromSight(imageId)]
  for (const each of kept) {
    const away = awayFromSight(each)
    if (away > distance) [farthest, distance] = [each, away]
    // None can be farther.
    if (distance === Infinity) break
  }
  if (farthest === undefined) return false
  removeCached(farthest)
  return true
}

/** The image in the cache; undefined: it is not there, or not yet. */
export const cachedImage = (imageId: string): FrameImage | undefined =>
  cache.isLoaded(imageId) ? (cache.getImage(imageId) as FrameImage | undefined) : undefined

/** Of the images in the cache, as they are drawn and measured. */
export const cachedBytes = (): number => cache.getCacheSize()

export function removeCached(imageId: string): void {
  if (cache.isLoaded(imageId)) cache.removeImageLoadObject(imageId)
  else kept.delete(imageId)
}

/** A study was left: what no open stack has goes. */
export function freeUnopened(): void {
  for (const imageId of [...kept]) if (!isOpen(imageId)) removeCached(imageId)
}
