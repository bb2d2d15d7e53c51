import { cache, imageLoader, metaData } from '@cornerstonejs/core'
import { pixelDescription } from '../../../core/dicom/pixel-description.ts'
import { layoutOf, type StackImage } from '../stack-image.ts'
import { openDecoderPool } from './decoder-pool.ts'
import { colourImage, grayImage, type FrameImage } from './frame-image.ts'
import { frameMetadata, spacing } from './frame-metadata.ts'
import { openPixelLoader } from './load-pixels.ts'

const SCHEME = 'frame'
/** Before the library's own providers. */
const PRIORITY = 10_000

/** Frames by the names the imaging library calls them. */
export interface FrameLoader {
  /** Makes frames known, and their names. What is known of a frame is there before its pixels are asked for. */
  add(images: readonly StackImage[]): string[]
  /** Nobody shows these any longer: ends what is under way for them, and forgets what is known of them. */
  release(imageIds: Iterable<string>): void
}

/**
 * Registers the loader and the metadata of frames with the imaging library; once a page.
 *
 * @param decoders workers that decode
 * @param onCanvas the renderer draws on a canvas, not on a graphics card
 */
export function openFrameLoader(decoders: number, onCanvas: boolean): FrameLoader {
  const pixelLoader = openPixelLoader(openDecoderPool(decoders))
  const known = new Map<string, StackImage>()
  const underWay = new Map<string, AbortController>()

  metaData.addProvider((type: string, imageId: unknown) => {
    const image = typeof imageId === 'string' ? known.get(imageId) : undefined
    return image === undefined ? undefined : frameMetadata(type, image)
  }, PRIORITY)

  imageLoader.registerImageLoader(SCHEME, (imageId) => {
    const controller = new AbortController()
    underWay.set(imageId, controller)
    const promise = load(imageId, controller.signal).finally(() => {
      if (underWay.get(imageId) === controller) underWay.delete(imageId)
    })
    const loading = { promise, cancelFn: () => controller.abort() }
    // The library would do it next, and leave the failure of a frame to nobody.
    cache.putImageLoadObject(imageId, loading).catch(() => undefined)
    return loading
  })

  async function load(imageId: string, signal: AbortSignal): Promise<FrameImage> {
    const image = known.get(imageId)
    const layout = image && layoutOf(image.metadata)
    if (image === undefined || layout === undefined) throw new Error('nothing is known of this frame')
    const pixels = pixelDescription(layout, image.metadata, image.frameNumber)
    if (image.computed !== undefined) {
      const measured = await image.computed.load(signal)
      const storedAs = image.computed.storedAs()
      return grayImage({ imageId, pixels, spacing: spacing(image), storedAs, onCanvas }, measured, [])
    }
    const decoded = await pixelLoader.load(image.url, pixels, signal)
    const shape = { imageId, pixels, spacing: spacing(image), storedAs: decoded.storedAs, onCanvas }
    return decoded.kind === 'gray'
      ? grayImage(shape, decoded.measured, decoded.drawings)
      : colourImage(shape, decoded.rgba)
  }

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
  }
}
