import { getSeriesId, listInstances, type InstanceRecord } from '../../../core/archive/instance-record.ts'
import { isLying, partOfLying } from '../../../core/archive/lying-bytes.ts'
import { frameCount } from '../../../core/archive/read-frame.ts'
import type { Rendition } from '../../../core/archive/rendition-table.ts'
import type { FrameBody } from '../../../core/archive/retrieve-frames.ts'
import { FrameStreamRequest, MOST_FRAMES, type WantedFrame } from '../../../core/contract/frame-stream.ts'
import { isYunyingError, notFound } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { outward } from '../../../core/reading/outward.ts'
import { readJson } from '../read-json.ts'
import { ofStudy, type RouteDefinition, type StudyContext } from '../route.ts'
import { parseAccept, type MediaRange } from './accept.ts'
import { asksForHtj2k } from './dicom-representation.ts'
import { answerFrames } from './frame-answer.ts'
import type { InstanceCache } from './instance-cache.ts'
import type { OutgoingPart } from './multipart-writer.ts'
import type { RenditionCache } from './rendition-cache.ts'
import { sendMultipart } from './send.ts'

/**
 * Frames of a series one behind the other in one answer, so that hundreds of slices are not hundreds of round trips: in the
 * order that is asked for, or all from the middle outwards. Each part is what WADO-RS answers for the frame alone to the same
 * Accept header (a media type of single frames), with its Content-Location, Content-Length, ETag and, of a part of it,
 * Content-Range. What cannot be had is left out: whoever misses it hears why where it is asked for alone.
 */
export function frameStreamRoutes(
  pacs: Pacs,
  instances: InstanceCache,
  renditions: RenditionCache,
): RouteDefinition[] {
  return [
    ofStudy('POST', '/api/studies/:study/series/:series/frames', async (context) => {
      const { ctx, params, query, study } = context
      const series = params['series'] ?? ''
      const request = await readJson(ctx, FrameStreamRequest)
      const frames = request.frames ?? (await allOutwards(pacs, context, series))
      const known = await instances.getAll(
        study,
        series,
        frames.map(({ instance }) => instance),
      )
      const ranges = parseAccept(ctx.get('Accept'), query)
      const made = asksForHtj2k(ranges) ? await renditions.getAll([...known.values()]) : undefined
      const parts = partsOf(context, ranges, frames, request.part, (uid) => {
        const instance = known.get(uid)
        return instance && { instance, rendition: made?.get(instance.instanceId) }
      })
      const first = await parts.next()
      if (first.done === true) throw notFound('frame-not-found', 'None of these frames is in this series.')
      ctx.set('Cache-Control', 'private, no-store')
      try {
        await sendMultipart(context, first.value.contentType.split(';')[0] ?? '', joined(first.value, parts))
      } catch (error) {
        // Another rendition was made meanwhile: the next request finds it.
        if (isYunyingError(error) && error.code === 'object-not-found')
          for (const { instanceId } of known.values()) renditions.forget(instanceId)
        throw error
      }
    }),
  ]
}

async function allOutwards(pacs: Pacs, { study }: StudyContext, series: string): Promise<WantedFrame[]> {
  const seriesId = await getSeriesId(pacs.database, study.studyId, series)
  const all: WantedFrame[] = []
  for await (const { sopInstanceUid, layout } of listInstances(pacs.database, { seriesId })) {
    for (let frame = 1; frame <= frameCount(layout.frames); frame++)
      all.push({ instance: sopInstanceUid, frame })
  }
  const middle = Math.floor(all.length / 2)
  return [middle, ...outward(middle, all.length, 0)]
    .slice(0, MOST_FRAMES)
    .flatMap((index) => all[index] ?? [])
}

interface Found {
  readonly instance: InstanceRecord
  readonly rendition: Rendition | undefined
}

async function* partsOf(
  context: StudyContext,
  ranges: readonly MediaRange[],
  frames: readonly WantedFrame[],
  partOfEach: WantedFrame['part'],
  find: (sopInstanceUid: string) => Found | undefined,
): AsyncGenerator<OutgoingPart> {
  for (const { instance: uid, frame, part = partOfEach } of frames) {
    const found = find(uid)
    if (found === undefined) continue
    const { instance, rendition } = found
    try {
      const answer = answerFrames(context, instance, [frame], ranges, rendition)
      const cut = cutTo(part, await answer.frame(frame))
      if (cut === undefined) continue
      yield {
        contentType: answer.contentType,
        location: `/dicom-web/studies/${instance.studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${uid}/frames/${frame}`,
        headers: [`Content-Length: ${cut.length}`, `ETag: "${answer.etag}"`, ...cut.range],
        body: cut.body,
      }
    } catch (error) {
      // Not here, or not so.
      if (!isYunyingError(error) || (error.kind !== 'not-found' && error.kind !== 'not-acceptable'))
        throw error
    }
  }
}

/** Undefined: the frame has no such part. A frame too large to be read is given whole. */
function cutTo(
  part: WantedFrame['part'],
  { body, size }: { body: FrameBody; size: number },
): { body: FrameBody; length: number; range: string[] } | undefined {
  const whole = { body, length: size, range: [] }
  if (part === undefined || !(body instanceof Uint8Array || isLying(body))) return whole
  const [offset, end] = [part.from, Math.min(part.to ?? size, size)]
  if (offset >= end) return undefined
  const length = end - offset
  if (length === size) return whole
  return {
    body: isLying(body) ? partOfLying(body, { offset, length }) : body.subarray(offset, end),
    length,
    range: [`Content-Range: bytes ${offset}-${end - 1}/${size}`],
  }
}

async function* joined(
  first: OutgoingPart,
  others: AsyncIterable<OutgoingPart>,
): AsyncGenerator<OutgoingPart> {
  yield first
  yield* others
}
