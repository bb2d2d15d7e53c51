import { pixelDescription } from '../dicom/pixel-description.ts'
import { isYunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { instanceMetadata } from './instance-metadata.ts'
import type { InstanceRecord } from './instance-record.ts'
import { placeholderKind } from './placeholder-kind.ts'
import { readFrame } from './read-frame.ts'

/** Longest side, pixels. */
export const THUMBNAIL_SIZE = 256
export const THUMBNAIL_MEDIA_TYPE = 'image/webp'
const QUALITY = 80

export interface Thumbnail {
  readonly bytes: Uint8Array
  readonly kind: 'image' | 'placeholder'
}

/** A frame's thumbnail (the middle frame when none is named), or a placeholder where there is no image that can be decoded. */
export async function renderThumbnail(
  pacs: Pick<Pacs, 'objects' | 'database' | 'codec'>,
  instance: InstanceRecord,
  frameNumber?: number,
): Promise<Thumbnail> {
  const { pixels, frames } = instance.layout
  if (pixels !== undefined && frames.kind !== 'none') {
    const frame = frameNumber ?? Math.ceil(pixels.numberOfFrames / 2)
    try {
      const metadata = await instanceMetadata(pacs, instance)
      const source = {
        bytes: await readFrame(pacs, instance, frame),
        transferSyntaxUid: instance.transferSyntaxUid,
        pixels: pixelDescription(pixels, metadata, frame),
      }
      const viewport = { width: THUMBNAIL_SIZE, height: THUMBNAIL_SIZE }
      const bytes = await pacs.codec.render(source, {
        mediaType: THUMBNAIL_MEDIA_TYPE,
        quality: QUALITY,
        viewport,
      })
      return { bytes, kind: 'image' }
    } catch (error) {
      // Corrupt or foreign pixels will not get better by trying again; a part that is down will.
      const lasting =
        isYunyingError(error) && ['invalid', 'unsupported', 'limit', 'not-found'].includes(error.kind)
      if (!lasting) throw error
    }
  }
  const shape = placeholderKind(instance.sopClassUid)
  const bytes = await pacs.codec.placeholder(shape, { size: THUMBNAIL_SIZE, mediaType: THUMBNAIL_MEDIA_TYPE })
  return { bytes, kind: 'placeholder' }
}
