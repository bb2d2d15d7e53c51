import {
  getSeriesId,
  listInstances,
  requirePixels,
  type InstanceRecord,
} from '../../../core/archive/instance-record.ts'
import { renderStoredFrame } from '../../../core/archive/retrieve-frames.ts'
import type { Thumbnails } from '../../../core/archive/retrieve-thumbnail.ts'
import { YunyingError } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import type { RenderedMediaType, RenderOptions } from '../../../core/ports/frame-codec.ts'
import { ofStudy, type RouteDefinition, type StudyContext } from '../route.ts'
import { choose, parseAccept } from './accept.ts'
import { answeredFromCache } from './conditional.ts'
import { parseOneFrame } from './dicom-representation.ts'
import type { InstanceCache } from './instance-cache.ts'
import { INSTANCE, SERIES, STUDY } from './paths.ts'
import { renderParameters } from './render-parameters.ts'
import { sendBytes } from './send.ts'
import { markOf } from '../../../core/sharing/watermark.ts'

const MEDIA_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const satisfies readonly RenderedMediaType[]
/** A browser's image element takes all of them; thumbnails are kept as WebP. */
const THUMBNAIL_TYPES = [
  'image/webp',
  'image/jpeg',
  'image/png',
] as const satisfies readonly RenderedMediaType[]

/** Rendered and thumbnail resources (PS3.18 10.4.1.1.7, 10.4.1.1.8). */
export function renderedRoutes(
  pacs: Pacs,
  instances: InstanceCache,
  thumbnails: Thumbnails,
): RouteDefinition[] {
  const instanceOf = (context: Parameters<Parameters<typeof ofStudy>[2]>[0]): Promise<InstanceRecord> =>
    instances.get(context.study, context.params['series'] ?? '', context.params['instance'] ?? '')

  async function sendRendered(
    { ctx, query, principal, buffers }: StudyContext,
    instance: InstanceRecord,
    frame: number,
  ): Promise<void> {
    const mediaType = choose(parseAccept(ctx.get('Accept'), query), MEDIA_TYPES)
    const options: RenderOptions = { mediaType, ...renderParameters(query), ...markOf(principal) }
    const etag = `${instance.sha256.slice(0, 32)}.${frame}.${Buffer.from(JSON.stringify(options)).toString('base64url')}`
    if (answeredFromCache(ctx, etag, 'immutable')) return
    const image = await renderStoredFrame(pacs, instance, frame, options, {
      metadata: instances.metadata,
      lend: buffers.lendFilled,
    })
    sendBytes(ctx, mediaType, image)
  }

  async function sendThumbnail({ ctx, query, principal }: StudyContext, bytes: Uint8Array): Promise<void> {
    const mediaType = choose(parseAccept(ctx.get('Accept'), query), THUMBNAIL_TYPES)
    // The address carries a version (`?v=`) where the picture may change.
    const lasts = query.has('v') ? 'private, max-age=31536000, immutable' : 'private, max-age=60'
    ctx.set('Cache-Control', lasts)
    ctx.vary('Accept')
    ctx.status = 200
    const { watermark } = markOf(principal)
    const asKept = mediaType === 'image/webp' && watermark === undefined
    sendBytes(ctx, mediaType, asKept ? bytes : await pacs.codec.convert(bytes, mediaType, watermark))
  }

  /** One representative of many: the middle instance. */
  async function middleOf(
    of: { readonly seriesId: string } | { readonly studyId: string },
  ): Promise<InstanceRecord> {
    const pictured: InstanceRecord[] = []
    for await (const instance of listInstances(pacs.database, of)) {
      if (instance.layout.frames.kind !== 'none') pictured.push(instance)
    }
    const middle = pictured[Math.floor(pictured.length / 2)]
    if (middle === undefined) throw new YunyingError('not-found', 'no-pixels', 'There is no image here.')
    return middle
  }

  const middleFrame = (instance: InstanceRecord): number =>
    Math.ceil(requirePixels(instance).numberOfFrames / 2)

  return [
    ofStudy('GET', `${STUDY}/rendered`, async (context) => {
      const instance = await middleOf({ studyId: context.study.studyId })
      await sendRendered(context, instance, middleFrame(instance))
    }),
    ofStudy('GET', `${SERIES}/rendered`, async (context) => {
      const { study, params } = context
      const instance = await middleOf({
        seriesId: await getSeriesId(pacs.database, study.studyId, params['series'] ?? ''),
      })
      await sendRendered(context, instance, middleFrame(instance))
    }),
    ofStudy('GET', `${INSTANCE}/rendered`, async (context) => {
      const instance = await instanceOf(context)
      await sendRendered(context, instance, parseOneFrame(context.query.get('frame') ?? '1'))
    }),
    ofStudy('GET', `${INSTANCE}/frames/:frames/rendered`, async (context) => {
      const frame = parseOneFrame(context.params['frames'] ?? '')
      await sendRendered(context, await instanceOf(context), frame)
    }),
    ofStudy('GET', `${STUDY}/thumbnail`, async (context) => {
      await sendThumbnail(context, await thumbnails.ofStudy(context.study.studyId))
    }),
    ofStudy('GET', `${SERIES}/thumbnail`, async (context) => {
      const seriesId = await getSeriesId(pacs.database, context.study.studyId, context.params['series'] ?? '')
      await sendThumbnail(context, await thumbnails.ofSeries(seriesId))
    }),
    ofStudy('GET', `${INSTANCE}/thumbnail`, async (context) => {
      await sendThumbnail(context, await thumbnails.ofInstance(await instanceOf(context)))
    }),
    ofStudy('GET', `${INSTANCE}/frames/:frames/thumbnail`, async (context) => {
      const frame = parseOneFrame(context.params['frames'] ?? '')
      await sendThumbnail(context, await thumbnails.ofInstance(await instanceOf(context), frame))
    }),
  ]
}
