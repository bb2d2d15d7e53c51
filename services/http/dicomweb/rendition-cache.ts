import type { InstanceRecord } from '../../../core/archive/instance-record.ts'
import { findRendition, findRenditions, type Rendition } from '../../../core/archive/rendition-table.ts'
import { wishRenditions } from '../../../core/archive/request-renditions.ts'
import type { Pacs } from '../../../core/pacs.ts'

type Rendered = Pick<InstanceRecord, 'instanceId' | 'seriesId'>

/** Which renditions there are, remembered while a series is read. */
export interface RenditionCache {
  /** Where there is none, it is asked for: somebody wants it. */
  get(instance: Rendered): Promise<Rendition | undefined>
  /** Those that there are, by the instances' Ids: what is not remembered is read at once. */
  getAll(instances: readonly Rendered[]): Promise<ReadonlyMap<string, Rendition>>
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

  function remember({ instanceId, seriesId }: Rendered, rendition: Rendition | undefined): void {
    const now = pacs.clock.now()
    if (known.size >= REMEMBER_MOST) known.clear()
    known.set(instanceId, {
      until: now + (rendition === undefined ? REMEMBER_ABSENT_MS : REMEMBER_MS),
      rendition,
    })
    if (rendition !== undefined || now - (wished.get(seriesId) ?? -Infinity) < WISH_MS) return
    if (wished.size >= REMEMBER_MOST) wished.clear()
    wished.set(seriesId, now)
    // Nobody waits for it: what is stored has the same pixels.
    wishRenditions(pacs, seriesId).catch((error: unknown) =>
      pacs.log.warn({ err: error, seriesId }, 'renditions could not be asked for'),
    )
  }

  const isKnown = (instanceId: string): boolean => (known.get(instanceId)?.until ?? 0) > pacs.clock.now()
  return {
    async get(instance) {
      const { instanceId } = instance
      if (isKnown(instanceId)) return known.get(instanceId)?.rendition
      const rendition = await findRendition(pacs.database, instanceId)
      remember(instance, rendition)
      return rendition
    },
    async getAll(instances) {
      const unknown = instances.filter(({ instanceId }) => !isKnown(instanceId))
      const all = new Map<string, Rendition>()
      for (const { instanceId } of instances) {
        const rendition = isKnown(instanceId) ? known.get(instanceId)?.rendition : undefined
        if (rendition !== undefined) all.set(instanceId, rendition)
      }
      if (unknown.length === 0) return all
      const found = await findRenditions(
        pacs.database,
        unknown.map(({ instanceId }) => instanceId),
      )
      for (const instance of unknown) {
        const rendition = found.get(instance.instanceId)
        remember(instance, rendition)
        if (rendition !== undefined) all.set(instance.instanceId, rendition)
      }
      return all
    },
    forget: (instanceId) => void known.delete(instanceId),
  }
}
