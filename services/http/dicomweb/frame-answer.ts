import type { InstanceRecord } from '../../../core/archive/instance-record.ts'
import { lyingBytes } from '../../../core/archive/lying-bytes.ts'
import { encoderOf } from '../../../core/archive/htj2k-instance.ts'
import { openFrames } from '../../../core/archive/read-frame.ts'
import { renditionRange, type Rendition } from '../../../core/archive/rendition-table.ts'
import {
  encodeStoredFrame,
  explicitFrame,
  storedFrame,
  type FrameBody,
} from '../../../core/archive/retrieve-frames.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import { notFound } from '../../../core/errors.ts'
import type { RouteContext } from '../route.ts'
import type { MediaRange } from './accept.ts'
import { frameRepresentation, partContentType, type Representation } from './dicom-representation.ts'

/** How frames of an instance are answered. */
export interface FrameAnswer {
  readonly multipart: boolean
  /** Names these frames in this form, wherever they are asked for; without quotation marks. */
  readonly etag: string
  readonly contentType: string
  /** Gives a frame. `frameNumber` is 1-based. Errors: as core/archive/retrieve-frames.ts. */
  readonly frame: (frameNumber: number) => Promise<{ body: FrameBody; size: number }>
  /** Frames are read out of this, and may be gone when they are: another was made meanwhile. */
  readonly rendition: Rendition | undefined
}

/** Whom frames are for. The signal is made when it is asked for: only what is streamed needs it. */
type Asking = Pick<RouteContext, 'pacs' | 'signal'>

/** Chooses the form in which frames leave. Errors: 'not-acceptable'. */
export function answerFrames(
  asking: Asking,
  instance: InstanceRecord,
  frames: readonly number[],
  ranges: readonly MediaRange[],
  rendition: Rendition | undefined,
): FrameAnswer {
  const offer = {
    stored: instance.transferSyntaxUid,
    pixels: instance.layout.pixels,
    hasRendition: rendition !== undefined,
    canMake: true,
  }
  const { encoding, multipart, transferSyntaxUid } = frameRepresentation(ranges, offer, frames.length)
  const made = encoding === 'htj2k' ? `${encoding}-${encoderOf(rendition)}` : encoding
  const called = transferSyntaxUid === undefined ? '' : `.${transferSyntaxUid.split('.').at(-1)}`
  const syntax =
    transferSyntaxUid ??
    (encoding === 'explicit-little-endian' ? EXPLICIT_VR_LITTLE_ENDIAN : servedSyntax(instance))
  const chosen = encoding === 'htj2k' ? rendition : undefined
  return {
    multipart,
    etag: `${instance.sha256.slice(0, 32)}.${frames.join('.')}.${made}${called}${multipart ? '.m' : ''}`,
    contentType: partContentType('frame', syntax),
    frame: frameSource(asking, instance, chosen, encoding),
    rendition: chosen,
  }
}

function frameSource(
  asking: Asking,
  instance: InstanceRecord,
  rendition: Rendition | undefined,
  encoding: Representation['encoding'],
): FrameAnswer['frame'] {
  const { pacs } = asking
  if (rendition !== undefined) {
    return (frameNumber) => {
      const range = renditionRange(rendition, frameNumber)
      if (range === undefined)
        throw notFound('frame-not-found', 'The rendition of this instance has no frame of this number.')
      // A preview is a few percent of a frame: no more is read than is sent.
      return Promise.resolve({
        body: lyingBytes(pacs, rendition.objectKey, range),
        size: range.length,
      })
    }
  }
  const read = openFrames(pacs, instance)
  if (encoding === 'htj2k') {
    return async (frameNumber) => {
      const { bytes } = await encodeStoredFrame(pacs, instance, read, frameNumber)
      return { body: bytes, size: bytes.length }
    }
  }
  const frame = encoding === 'as-stored' ? storedFrame : explicitFrame
  return (frameNumber) => frame(pacs, instance, read, frameNumber, asking)
}

/** A frame out of a deflated data set is inflated, and one of an implicit data set has no VR: both are plain octets. */
function servedSyntax(instance: InstanceRecord): string {
  const syntax = transferSyntax(instance.transferSyntaxUid)
  return syntax !== undefined && (syntax.deflated || syntax.implicit)
    ? EXPLICIT_VR_LITTLE_ENDIAN
    : instance.transferSyntaxUid
}
