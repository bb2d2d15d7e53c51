import type { TransferLedger } from '../../../core/audit/transfer-ledger.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { createThumbnails } from '../../../core/archive/retrieve-thumbnail.ts'
import type { RouteDefinition } from '../route.ts'
import { createInstanceCache } from './instance-cache.ts'
import { createRenditionCache } from './rendition-cache.ts'
import { bulkDataRoutes } from './retrieve-bulkdata.ts'
import { frameRoutes } from './retrieve-frames.ts'
import { instanceRoutes } from './retrieve-instances.ts'
import { metadataRoutes } from './retrieve-metadata.ts'
import { renderedRoutes } from './retrieve-rendered.ts'
import { frameStreamRoutes } from './stream-frames.ts'

/** WADO-RS: Retrieve Transaction (PS3.18 10.4). */
export function wadoRoutes(pacs: Pacs, transfers: TransferLedger): RouteDefinition[] {
  const instances = createInstanceCache(pacs)
  const renditions = createRenditionCache(pacs)
  const thumbnails = createThumbnails(pacs)
  return [
    ...frameRoutes(instances, renditions),
    ...frameStreamRoutes(pacs, instances, renditions),
    ...metadataRoutes(pacs, instances),
    ...renderedRoutes(pacs, instances, thumbnails),
    ...bulkDataRoutes(pacs, instances),
    ...instanceRoutes(pacs, instances, renditions, transfers),
  ]
}
