import { findRendition, type Rendition } from '../../../core/archive/rendition-table.ts'
import type { Pacs } from '../../../core/pacs.ts'

/** Which renditions there are, remembered while a series is read. */
export interface RenditionCache {
  get(instanceId: string): Promise<Rendition | undefined>
  /** Its object is gone: another was made, or none. */
  forget(instanceId: string): void
}

const REMEMBER_MS = 30_000
/** One that is not there yet may be there soon. */
const REMEMBER_ABSENT_MS = 5_000
const REMEMBER_MOST = 5_000

export function createRenditionCache(pacs: Pick<Pacs, 'database' | 'clock'>): RenditionCache {
  const known = new Map<string, { until: number; rendition: Rendition | undefined }>()
  return {
    async get(instanceId) {
      const now = pacs.clock.now()
      const found = known.get(instanceId)
      if (found !== undefined && found.until > now) return found.rendition
      const rendition = await findRendition(pacs.database, instanceId)
      if (known.size >= REMEMBER_MOST) known.clear()
      known.set(instanceId, {
        until: now + (rendition === undefined ? REMEMBER_ABSENT_MS : REMEMBER_MS),
        rendition,
      })
      return rendition
    },
    forget: (instanceId) => void known.delete(instanceId),
  }
}
