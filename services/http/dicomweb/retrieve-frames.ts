import { requirePixels, type InstanceRecord } from '../../../core/archive/instance-record.ts'
import { openFrames, requireFrames, type FrameReader } from '../../../core/archive/read-frame.ts'
import { explicitFrame, storedFrame, type FrameBody } from '../../../core/archive/retrieve-frames.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { ofStudy, type RouteDefinition } from '../route.ts'
import { parseAccept } from './accept.ts'
import { answeredFromCache } from './conditional.ts'
import {
  frameRepresentation,
  parseFrameList,
  partContentType,
  type Representation,
} from './dicom-representation.ts'
import type { InstanceCache } from './instance-cache.ts'
import type { OutgoingPart } from './multipart-writer.ts'
import { INSTANCE } from './paths.ts'
import { sendBytes, sendMultipart, sendStream } from './send.ts'

/** Frames of an instance (PS3.18 10.4.1.1.6). */
export function frameRoutes(pacs: Pacs, instances: InstanceCache): RouteDefinition[] {
  return [
    ofStudy('GET', `${INSTANCE}/frames/:frames`, async ({ ctx, params, query, study, signal }) => {
      const frames = parseFrameList(params['frames'] ?? '')
      const instance = await instances.get(study, params['series'] ?? '', params['instance'] ?? '')
      if (instance.layout.frames.kind === 'none') requirePixels(instance)
      // Behind the first part it would be too late to say that another is missing.
      requireFrames(instance.layout.frames, frames)
      const ranges = parseAccept(ctx.get('Accept'), query)
      const representation = frameRepresentation(ranges, instance.transferSyntaxUid, frames.length)
      const { encoding, multipart } = representation
      const etag = `${instance.sha256.slice(0, 32)}.${frames.join('.')}.${encoding}${multipart ? '.m' : ''}`
      if (answeredFromCache(ctx, etag, 'immutable')) return
      const read = openFrames(pacs, instance)
      const first = await frameOf(pacs, instance, read, frames[0] ?? 1, encoding, signal)
      const type = partContentType(
        'frame',
        encoding === 'as-stored' ? servedSyntax(instance) : EXPLICIT_VR_LITTLE_ENDIAN,
      )
      if (!multipart) {
        if (first.body instanceof Uint8Array) sendBytes(ctx, type, first.body)
        else sendStream(ctx, type, first.size, first.body)
        return
      }
      const location = `/dicom-web/studies/${study.studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}/frames`
      const firstPart = { contentType: type, location: `${location}/${frames[0]}`, body: first.body }
      sendMultipart(ctx, type.split(';')[0] ?? type, frames.length === 1 ? [firstPart] : parts())

      async function* parts(): AsyncGenerator<OutgoingPart> {
        yield firstPart
        for (const frame of frames.slice(1)) {
          const { body } = await frameOf(pacs, instance, read, frame, encoding, signal)
          yield { contentType: type, location: `${location}/${frame}`, body }
        }
      }
    }),
  ]
}

function frameOf(
  pacs: Pacs,
  instance: InstanceRecord,
  read: FrameReader,
  frameNumber: number,
  encoding: Representation['encoding'],
  signal: AbortSignal,
): Promise<{ body: FrameBody; size: number }> {
  return encoding === 'as-stored'
    ? storedFrame(pacs, instance, read, frameNumber, signal)
    : explicitFrame(pacs, instance, read, frameNumber, signal)
}

/** A frame out of a deflated data set is inflated, and one of an implicit data set has no VR: both are plain octets. */
function servedSyntax(instance: InstanceRecord): string {
  const syntax = transferSyntax(instance.transferSyntaxUid)
  return syntax !== undefined && (syntax.deflated || syntax.implicit)
    ? EXPLICIT_VR_LITTLE_ENDIAN
    : instance.transferSyntaxUid
}
