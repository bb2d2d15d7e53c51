import { requirePixels, type InstanceRecord } from '../../../core/archive/instance-record.ts'
import { isLying, lyingBytes } from '../../../core/archive/lying-bytes.ts'
import { openFrames, requireFrames } from '../../../core/archive/read-frame.ts'
import { openRendition, renditionRange, type Rendition } from '../../../core/archive/rendition-table.ts'
import {
  encodeStoredFrame,
  explicitFrame,
  storedFrame,
  type FrameBody,
} from '../../../core/archive/retrieve-frames.ts'
import { encoderOf } from '../../../core/archive/htj2k-instance.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import { isYunyingError } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { ofStudy, type RouteContext, type RouteDefinition } from '../route.ts'
import { parseAccept, type MediaRange } from './accept.ts'
import { answeredFromCache } from './conditional.ts'
import {
  asksForHtj2k,
  frameRepresentation,
  parseFrameList,
  partContentType,
  type Representation,
} from './dicom-representation.ts'
import type { InstanceCache } from './instance-cache.ts'
import type { OutgoingPart } from './multipart-writer.ts'
import { INSTANCE } from './paths.ts'
import type { RenditionCache } from './rendition-cache.ts'
import { sendBytes, sendLying, sendMultipart, sendStream } from './send.ts'

/** Frames of an instance (PS3.18 10.4.1.1.6). */
export function frameRoutes(instances: InstanceCache, renditions: RenditionCache): RouteDefinition[] {
  return [
    ofStudy('GET', `${INSTANCE}/frames/:frames`, async (context) => {
      const { ctx, params, query, study } = context
      const frames = parseFrameList(params['frames'] ?? '')
      const instance = await instances.get(study, params['series'] ?? '', params['instance'] ?? '')
      if (instance.layout.frames.kind === 'none') requirePixels(instance)
      // Behind the first part it would be too late to say that another is missing.
      requireFrames(instance.layout.frames, frames)
      const ranges = parseAccept(ctx.get('Accept'), query)
      const request = { ...context, instance, frames, ranges }
      const rendition = asksForHtj2k(ranges) ? await renditions.get(instance) : undefined
      try {
        await answer(request, rendition)
      } catch (error) {
        if (rendition === undefined || !isYunyingError(error) || error.code !== 'object-not-found')
          throw error
        // It was made again meanwhile. Nothing is sent yet: what is stored has the same pixels.
        renditions.forget(instance.instanceId)
        ctx.remove('Content-Range')
        await answer(request, undefined)
      }
    }),
  ]
}

interface FrameRequest extends RouteContext {
  readonly instance: InstanceRecord
  readonly frames: readonly number[]
  readonly ranges: readonly MediaRange[]
}

async function answer(request: FrameRequest, rendition: Rendition | undefined): Promise<void> {
  const { pacs, ctx, instance, frames, ranges, signal } = request
  const offer = {
    stored: instance.transferSyntaxUid,
    pixels: instance.layout.pixels,
    hasRendition: rendition !== undefined,
    canMake: true,
  }
  const { encoding, multipart, transferSyntaxUid } = frameRepresentation(ranges, offer, frames.length)
  const made = encoding === 'htj2k' ? `${encoding}-${encoderOf(rendition)}` : encoding
  const called = transferSyntaxUid === undefined ? '' : `.${transferSyntaxUid.split('.').at(-1)}`
  const etag = `${instance.sha256.slice(0, 32)}.${frames.join('.')}.${made}${called}${multipart ? '.m' : ''}`
  if (answeredFromCache(ctx, etag, 'immutable')) return
  const syntax =
    transferSyntaxUid ??
    (encoding === 'explicit-little-endian' ? EXPLICIT_VR_LITTLE_ENDIAN : servedSyntax(instance))
  const type = partContentType('frame', syntax)
  const chosen = encoding === 'htj2k' ? rendition : undefined
  const lying = multipart || chosen === undefined ? undefined : renditionRange(chosen, frames[0] ?? 1)
  if (chosen !== undefined && lying !== undefined) {
    // A preview is a few percent of a frame: no more is read than is sent.
    await sendLying(request, type, lyingBytes(pacs, chosen.objectKey, lying))
    return
  }
  const frameOf = frameSource(pacs, instance, chosen, encoding, signal)
  const first = await frameOf(frames[0] ?? 1)
  if (!multipart) {
    if (first.body instanceof Uint8Array) sendBytes(ctx, type, first.body)
    else if (isLying(first.body)) await sendLying(request, type, first.body)
    else sendStream(ctx, type, first.size, first.body)
    return
  }
  const location = `/dicom-web/studies/${instance.studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}/frames`
  const firstPart = { contentType: type, location: `${location}/${frames[0]}`, body: first.body }
  await sendMultipart(request, type.split(';')[0] ?? type, frames.length === 1 ? [firstPart] : parts())

  async function* parts(): AsyncGenerator<OutgoingPart> {
    yield firstPart
    for (const frame of frames.slice(1)) {
      const { body } = await frameOf(frame)
      yield { contentType: type, location: `${location}/${frame}`, body }
    }
  }
}

function frameSource(
  pacs: Pacs,
  instance: InstanceRecord,
  rendition: Rendition | undefined,
  encoding: Representation['encoding'],
  signal: AbortSignal,
): (frameNumber: number) => Promise<{ body: FrameBody; size: number }> {
  if (rendition !== undefined) {
    const read = openRendition(pacs, rendition)
    return async (frameNumber) => {
      const body = await read(frameNumber)
      return { body, size: body.length }
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
  return (frameNumber) => frame(pacs, instance, read, frameNumber, signal)
}

/** A frame out of a deflated data set is inflated, and one of an implicit data set has no VR: both are plain octets. */
function servedSyntax(instance: InstanceRecord): string {
  const syntax = transferSyntax(instance.transferSyntaxUid)
  return syntax !== undefined && (syntax.deflated || syntax.implicit)
    ? EXPLICIT_VR_LITTLE_ENDIAN
    : instance.transferSyntaxUid
}
