import { retrieveBulkData } from '../../../core/archive/retrieve-bulk-data.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { ofStudy, type RouteDefinition } from '../route.ts'
import { matches, notAcceptable, parseAccept } from './accept.ts'
import { answeredFromCache } from './conditional.ts'
import type { InstanceCache } from './instance-cache.ts'
import { INSTANCE } from './paths.ts'
import { sendBytes, sendMultipart, sendStream } from './send.ts'

const OCTETS = 'application/octet-stream'

/** One value of an instance, as a BulkDataURI of its metadata names it (PS3.18 10.4.1.1.5). Always octets: an uploaded document is never shown as a page of ours. */
export function bulkDataRoutes(pacs: Pacs, instances: InstanceCache): RouteDefinition[] {
  return [
    ofStudy('GET', `${INSTANCE}/bulkdata/*path`, async (context) => {
      const { ctx, params, query, study, signal } = context
      const instance = await instances.get(study, params['series'] ?? '', params['instance'] ?? '')
      const path = params['path'] ?? ''
      const range = parseAccept(ctx.get('Accept'), query).find((each) =>
        matches(each.type === 'multipart/related' ? (each.part ?? '*/*') : each.type, OCTETS),
      )
      if (range === undefined) throw notAcceptable([OCTETS, `multipart/related; type="${OCTETS}"`])
      const multipart = range.type === 'multipart/related'
      const etag = `${instance.sha256.slice(0, 32)}.${path.replaceAll('/', '-')}${multipart ? '.m' : ''}`
      if (answeredFromCache(ctx, etag, 'immutable')) return
      const value = await retrieveBulkData(pacs, instance, path, signal)
      if (multipart) await sendMultipart(context, OCTETS, [{ contentType: OCTETS, body: value.body }])
      else if (value.body instanceof Uint8Array) sendBytes(ctx, OCTETS, value.body)
      else sendStream(ctx, OCTETS, value.size, value.body)
    }),
  ]
}
