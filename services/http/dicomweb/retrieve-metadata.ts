import type Koa from 'koa'
import { getSeriesId } from '../../../core/archive/instance-record.ts'
import { instanceMetadataTexts } from '../../../core/archive/instance-metadata.ts'
import { keptSeriesMetadata, metadataTexts } from '../../../core/archive/retrieve-metadata.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { toNativeXml } from '../../../core/dicom/native-xml.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { ofStudy, type RouteContext, type RouteDefinition } from '../route.ts'
import { sendTexts } from '../send-texts.ts'
import { choose, parseAccept } from './accept.ts'
import { answeredFromCache } from './conditional.ts'
import type { InstanceCache } from './instance-cache.ts'
import type { OutgoingPart } from './multipart-writer.ts'
import { INSTANCE, SERIES, STUDY } from './paths.ts'
import { sendMultipart } from './send.ts'

const JSON_TYPE = 'application/dicom+json'
const XML_TYPE = 'application/dicom+xml'
const OFFERED = [JSON_TYPE, 'application/json', 'multipart/related'] as const

/** Metadata of a study, series or instance (PS3.18 10.4.1.1.4), in JSON or Native XML. */
export function metadataRoutes(pacs: Pacs, instances: InstanceCache): RouteDefinition[] {
  return [
    ofStudy('GET', `${STUDY}/metadata`, async (context) => {
      await send(context, metadataTexts(pacs, { studyId: context.study.studyId }))
    }),

    ofStudy('GET', `${SERIES}/metadata`, async (context) => {
      const { ctx, query, study, params } = context
      const seriesId = await getSeriesId(pacs.database, study.studyId, params['series'] ?? '')
      const type = wanted(ctx, query)
      const kept = type === 'multipart/related' ? undefined : await keptSeriesMetadata(pacs, seriesId)
      if (kept === undefined || ctx.acceptsEncodings('gzip', 'identity') !== 'gzip') {
        await send(context, metadataTexts(pacs, { seriesId }))
        return
      }
      ctx.vary('Accept-Encoding')
      if (answeredFromCache(ctx, kept.etag, 'revalidate')) return
      ctx.set('Content-Type', type)
      ctx.set('Content-Encoding', 'gzip')
      ctx.body = Buffer.from(kept.gzip.buffer, kept.gzip.byteOffset, kept.gzip.byteLength)
    }),

    ofStudy('GET', `${INSTANCE}/metadata`, async (context) => {
      const { ctx, query, study, params } = context
      const instance = await instances.get(study, params['series'] ?? '', params['instance'] ?? '')
      const form = wanted(ctx, query) === 'multipart/related' ? 'xml' : 'json'
      if (answeredFromCache(ctx, `${instance.sha256.slice(0, 32)}.${form}`, 'revalidate')) return
      await send(context, await instanceMetadataTexts(pacs, [instance]))
    }),
  ]
}

function wanted(ctx: Koa.Context, query: URLSearchParams): (typeof OFFERED)[number] {
  const ranges = parseAccept(ctx.get('Accept'), query).filter(
    (range) => range.type !== 'multipart/related' || range.part === undefined || range.part === XML_TYPE,
  )
  return choose(ranges, OFFERED)
}

/** Texts of data sets, or of several with commas between them, as one answer that is made while it is read. */
async function send(context: RouteContext, texts: AsyncIterable<string> | Iterable<string>): Promise<void> {
  const { ctx, query } = context
  const type = wanted(ctx, query)
  ctx.set('Cache-Control', 'private, no-cache')
  if (type === 'multipart/related') {
    await sendMultipart(context, XML_TYPE, xmlParts(texts))
    return
  }
  sendTexts(ctx, type, jsonArray(texts))
}

async function* jsonArray(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let before = '['
  for await (const text of texts) {
    yield before + text
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

async function* xmlParts(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<OutgoingPart> {
  for await (const text of texts) {
    for (const json of JSON.parse(`[${text}]`) as DicomJson[]) {
      yield { contentType: XML_TYPE, body: Buffer.from(toNativeXml(json)) }
    }
  }
}
