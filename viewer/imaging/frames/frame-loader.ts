import { layoutOf } from '../../../core/reading/reading-order.ts'
import { cache, eventTarget, imageLoader, metaData } from '@cornerstonejs/core'
import { pixelDescription } from '../../../core/dicom/pixel-description.ts'
import type { StackImage } from '../stack-image.ts'
import type { Turn } from './fetch-frame.ts'
import { colourImage, grayImage, type FrameImage } from './frame-image.ts'
import { frameMetadata, spacing } from './frame-metadata.ts'
import type { LoadedPixels, PixelLoader } from './load-pixels.ts'
import { openingFrames } from './opening-frames.ts'
import { shareWork } from './shared-work.ts'

const SCHEME = 'frame'
/** Before the library's own providers. */
const PRIORITY = 10_000
/** Told to the library's event target with `{ imageId, image }`: the image was a preview, and is exact now. */
export const FRAME_COMPLETED = 'yunyingFrameCompleted'

/** Frames by the names the imaging library calls them. */
export interface FrameLoader {
  /** Makes frames known, and their names. What is known of a frame is there before its pixels are asked for. */
  add(images: readonly StackImage[]): string[]
  /** Nobody shows these any longer: ends what is under way for them, and forgets what is known of them. */
  release(imageIds: Iterable<string>): void
  /**
   * Resolves once the image is in the cache and exact. The library is not asked for exact images: it takes a preview for
   * an image. Errors: as a frame's loading; the signal's reason.
   */
  complete(imageId: string, signal: AbortSignal, turn?: Turn): Promise<void>
  /** Resolves once the image, or a preview of it, is in the cache. Errors: as a frame's loading. */
  load(imageId: string, turn?: Turn): Promise<void>
  /** What loading the image will bring, as far as that is known before. Bytes; 0: nothing is known. */
  expects(imageId: string): number
  /** As much as is on its way at once when a far link is full. Bytes; 0: not known, or not far. */
  linkHolds(): number
  /** Frames come slowly: previews first. */
  isSlow(): boolean
  /** Frames come quicker than they are decoded. */
  isDecoderBehind(): boolean
  /** Gives up an image that is being fetched. It fails for all who wait for it. */
  giveUp(imageId: string): void
}

/** What the library hands on to the loader. */
interface LoadOptions {
  readonly priority: number
  readonly requestType: string
  readonly turn: Turn | undefined
}

/**
 * Registers the loader and the metadata of frames with the imaging library; once a page.
 *
 * @param onCanvas the renderer draws on a canvas, not on a graphics card
 */
export function openFrameLoader(pixelLoader: PixelLoader, onCanvas: boolean): FrameLoader {
  const known = new Map<string, StackImage>()
  const underWay = new Map<string, AbortController>()

  metaData.addProvider((type: string, imageId: unknown) => {
    const image = typeof imageId === 'string' ? known.get(imageId) : undefined
    return image === undefined ? undefined : frameMetadata(type, image)
  }, PRIORITY)

  imageLoader.registerImageLoader(SCHEME, (imageId, options) => {
    const controller = new AbortController()
    underWay.set(imageId, controller)
    const promise = load(imageId, controller.signal, (options as LoadOptions | undefined)?.turn).finally(
      () => {
        if (underWay.get(imageId) === controller) underWay.delete(imageId)
      },
    )
    const loading = { promise, cancelFn: () => controller.abort() }
    // The library would do it next, and leave the failure of a frame to nobody.
    cache.putImageLoadObject(imageId, loading).catch(() => undefined)
    return loading
  })

  function find(imageId: string) {
    const image = known.get(imageId)
    const layout = image && layoutOf(image.metadata)
    if (image === undefined || layout === undefined) return undefined
    return { image, pixels: pixelDescription(layout, image.metadata, image.frameNumber) }
  }

  function described(imageId: string) {
    const found = find(imageId)
    if (found === undefined) throw new Error('nothing is known of this frame')
    return found
  }

  async function load(imageId: string, signal: AbortSignal, turn: Turn | undefined): Promise<FrameImage> {
    const { image, pixels } = described(imageId)
    if (image.computed !== undefined) {
      const measured = await image.computed.load(signal)
      const storedAs = image.computed.storedAs()
      const shape = { imageId, pixels, spacing: spacing(image), storedAs, beginning: undefined, onCanvas }
      return grayImage(shape, measured, [])
    }
    const ahead = await openingFrames.take(image.url, signal)
    signal.throwIfAborted()
    return imageOf(imageId, ahead ?? (await pixelLoader.loadQuickly(image.url, pixels, signal, turn)))
  }

  function imageOf(imageId: string, decoded: LoadedPixels): FrameImage {
    const { image, pixels } = described(imageId)
    const { storedAs, beginning } = decoded
    const shape = { imageId, pixels, spacing: spacing(image), storedAs, beginning, onCanvas }
    return decoded.kind === 'gray'
      ? grayImage(shape, decoded.measured, decoded.drawings)
      : colourImage(shape, decoded.rgba, decoded.profile)
  }

  const completeOnce = shareWork(async (imageId, signal, turn: Turn | undefined) => {
    const shown = (await imageLoader.loadAndCacheImage(imageId)) as FrameImage
    if (shown.beginning === undefined) return
    const { image, pixels } = described(imageId)
    const decoded = await pixelLoader.complete(shown.beginning, image.url, pixels, signal, turn)
    signal.throwIfAborted()
    // The same object, exact from now on: whoever holds it, panes and cache, has no other to take in its place. Its size
    // was counted with the beginning, which it has no more.
    Object.assign(shown, imageOf(imageId, decoded))
    eventTarget.dispatchEvent(new CustomEvent(FRAME_COMPLETED, { detail: { imageId, image: shown } }))
  })

  /** Nobody asks for a computed image by its name again, and computing it costs less than keeping it. */
  function forget(imageId: string): void {
    if (cache.getImageLoadObject(imageId) !== undefined && cache.isLoaded(imageId))
      cache.removeImageLoadObject(imageId)
  }

  return {
    add: (images) =>
      images.map((image) => {
        const imageId = `${SCHEME}:${image.url}`
        known.set(imageId, image)
        return imageId
      }),
    release(imageIds) {
      for (const imageId of imageIds) {
        underWay.get(imageId)?.abort()
        if (known.get(imageId)?.computed !== undefined) forget(imageId)
        known.delete(imageId)
      }
    },
    complete: completeOnce,
    async load(imageId, turn) {
      const options: LoadOptions = { priority: 0, requestType: 'prefetch', turn }
      await imageLoader.loadAndCacheImage(imageId, options)
    },
    expects(imageId) {
      const found = find(imageId)
      return found === undefined ? 0 : pixelLoader.expects(found.image.url, found.pixels)
    },
    linkHolds: () => pixelLoader.linkHolds(),
    isSlow: () => pixelLoader.isSlow(),
    isDecoderBehind: () => pixelLoader.isBehind(),
    giveUp: (imageId) => underWay.get(imageId)?.abort(),
  }
}
