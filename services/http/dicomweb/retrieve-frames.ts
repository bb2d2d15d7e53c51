import { requirePixels, type InstanceRecord } from '../../../core/archive/instance-record.ts'
import { isLying } from '../../../core/archive/lying-bytes.ts'
import { requireFrames } from '../../../core/archive/read-frame.ts'
import type { Rendition } from '../../../core/archive/rendition-table.ts'
import { isYunyingError } from '../../../core/errors.ts'
import { ofStudy, type RouteContext, type RouteDefinition } from '../route.ts'
import { parseAccept, type MediaRange } from './accept.ts'
import { answeredFromCache } from './conditional.ts'
import { asksForHtj2k, parseFrameList } from './dicom-representation.ts'
import { answerFrames } from './frame-answer.ts'
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
      const request = { context, instance, frames, ranges }
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

interface FrameRequest {
  readonly context: RouteContext
  readonly instance: InstanceRecord
  readonly frames: readonly number[]
  readonly ranges: readonly MediaRange[]
}

async function answer(request: FrameRequest, rendition: Rendition | undefined): Promise<void> {
  const { context, instance, frames, ranges } = request
  const { ctx } = context
  const chosen = answerFrames(context, instance, frames, ranges, rendition)
  if (answeredFromCache(ctx, chosen.etag, 'immutable')) return
  const type = chosen.contentType
  const first = await chosen.frame(frames[0] ?? 1)
  if (!chosen.multipart) {
    if (first.body instanceof Uint8Array) sendBytes(ctx, type, first.body)
    else if (isLying(first.body)) await sendLying(context, type, first.body)
    else sendStream(ctx, type, first.size, first.body)
    return
  }
  const location = `/dicom-web/studies/${instance.studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}/frames`
  const firstPart = { contentType: type, location: `${location}/${frames[0]}`, body: first.body }
  await sendMultipart(context, type.split(';')[0] ?? type, frames.length === 1 ? [firstPart] : parts())

  async function* parts(): AsyncGenerator<OutgoingPart> {
    yield firstPart
    for (const frame of frames.slice(1)) {
      const { body } = await chosen.frame(frame)
      yield { contentType: type, location: `${location}/${frame}`, body }
    }
  }
}
