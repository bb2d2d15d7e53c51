import { imageLoader } from '@cornerstonejs/core'
import type { FrameImage } from '../frames/frame-image.ts'
import type { MeasuredFrame } from '../frames/measure.ts'
import type { StackImage } from '../stack-image.ts'
import { frameLoader, startImaging } from '../start-imaging.ts'

/**
 * What a frame measures, exact, from what the page keeps or from the archive; undefined in colour. Errors: as of loading it;
 * the signal's reason.
 */
export async function frameValues(
  image: StackImage,
  signal: AbortSignal,
): Promise<MeasuredFrame | undefined> {
  await startImaging()
  const [imageId = ''] = frameLoader().add([image])
  await frameLoader().complete(imageId, signal)
  const loaded = (await imageLoader.loadAndCacheImage(imageId)) as FrameImage
  return loaded.measured
}
