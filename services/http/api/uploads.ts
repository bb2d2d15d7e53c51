import { findKnownInstances } from '../../../core/archive/known-instances.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { KnownQuery, type UploadResult } from '../../../core/contract/api.ts'
import { invalid } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { useInstanceParts } from '../dicomweb/instance-parts.ts'
import { chargeStore, type Limits } from '../limits.ts'
import { readJson } from '../read-json.ts'
import { drainRequest } from '../request-bytes.ts'
import { allowed, type RouteDefinition, type SignedInContext } from '../route.ts'
import { storeParts, type StoredPart } from '../store-parts.ts'
import { createResumableUploads, RESUMABLE_PATH } from './resumable-uploads.ts'
import { uploadResult } from './upload-result.ts'

/** /api/uploads: the doors of the upload page. Many small files in one request, a large one in resumable pieces. */
export function uploadRoutes(pacs: Pacs, limits: Limits): RouteDefinition[] {
  const resumable = createResumableUploads(pacs, limits)
  const tus = (context: SignedInContext): Promise<void> => resumable.handle(context)
  return [
    allowed('instance.store', 'POST', '/api/uploads', (context) => storeBatch(pacs, limits, context)),
    allowed('instance.store', 'POST', '/api/uploads/known', async ({ ctx, principal, spender }) => {
      await limits.uploads.spend(principal, spender)
      const { sha256 } = await readJson(ctx, KnownQuery)
      ctx.body = { known: await findKnownInstances(pacs, principal, sha256) }
    }),
    allowed('instance.store', 'OPTIONS', RESUMABLE_PATH, tus),
    allowed('instance.store', 'POST', RESUMABLE_PATH, tus),
    allowed('instance.store', 'HEAD', `${RESUMABLE_PATH}/:upload`, tus),
    allowed('instance.store', 'PATCH', `${RESUMABLE_PATH}/:upload`, tus),
    allowed('instance.store', 'DELETE', `${RESUMABLE_PATH}/:upload`, tus),
  ]
}

async function storeBatch(
  pacs: Pacs,
  limits: Limits,
  { ctx, principal, spender }: SignedInContext,
): Promise<void> {
  try {
    await limits.uploads.spend(principal, spender)
    const keep = (bytes: AsyncIterable<Uint8Array>) =>
      storeInstance(pacs, principal, { bytes, source: 'upload', ownsChunks: true })
    const stored = await useInstanceParts(ctx, pacs.objects, (parts) =>
      storeParts(parts, (bytes) => chargeStore(limits, spender, keep(bytes)), pacs.log),
    )
    ctx.body = { results: stored.map(resultOf) }
  } catch (error) {
    drainRequest(ctx)
    throw error
  }
}

/** Errors: 'invalid' code 'multipart-truncated': sent again, what was stored of the batch comes out as there already. */
function resultOf({ headers, answer }: StoredPart, index: number): UploadResult {
  const file = headers.get('content-location') ?? String(index)
  if (answer.kind === 'incomplete') {
    throw invalid('multipart-truncated', 'The body ends before its last boundary. Send it again, whole.')
  }
  return uploadResult(file, answer)
}
