import type { InstanceRecord } from '../../../core/archive/instance-record.ts'
import { findRendition, type Rendition } from '../../../core/archive/rendition-table.ts'
import { wishRenditions } from '../../../core/archive/request-renditions.ts'
import type { Pacs } from '../../../core/pacs.ts'

/** Which renditions there are, remembered while a series is read. */
export interface RenditionCache {
  /** Where there is none, it is asked for: somebody wants it. */
  get(instance: Pick<InstanceRecord, 'instanceId' | 'seriesId'>): Promise<Rendition | undefined>
  /** Its object is gone: another was made, or none. */
  forget(instanceId: string): void
}

const REMEMBER_MS = 30_000
/** One that is not there yet may be there soon. */
const REMEMBER_ABSENT_MS = 5_000
const REMEMBER_MOST = 5_000
/** All that read a series ask for it once in so long. */
const WISH_MS = 60_000

export function createRenditionCache(
  pacs: Pick<Pacs, 'database' | 'clock' | 'queue' | 'config' | 'log'>,
): RenditionCache {
  const wished = new Map<string, number>()
  const known = new Map<string, { until: number; rendition: Rendition | undefined }>()
  return {
    async get({ instanceId, seriesId }) {
      const now = pacs.clock.now()
      const found = known.get(instanceId)
      if (found !== undefined && found.until > now) return found.rendition
      const rendition = await findRendition(pacs.database, instanceId)
      if (known.size >= REMEMBER_MOST) known.clear()
      known.set(instanceId, {
        until: now + (rendition === undefined ? REMEMBER_ABSENT_MS : REMEMBER_MS),
        rendition,
      })
      if (rendition === undefined && now - (wished.get(seriesId) ?? -Infinity) >= WISH_MS) {
        if (wished.size >= REMEMBER_MOST) wished.clear()
        wished.set(seriesId, now)
        // Nobody waits for it: what is stored has the same pixels.
        wishRenditions(pacs, seriesId).catch((error: unknown) =>
          pacs.log.warn({ err: error, seriesId }, 'renditions could not be asked for'),
        )
      }
      return rendition
    },
    forget: (instanceId) => void known.delete(instanceId),
  }
}
