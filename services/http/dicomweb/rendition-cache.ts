import type { InstanceRecord } from '../../../core/archive/instance-record.ts'
import { findRendition, findRenditions, type Rendition } from '../../../core/archive/rendition-table.ts'
import { wishRenditions } from '../../../core/archive/request-renditions.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { createRemembered } from '../../../core/remembered.ts'

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

const REMEMBER = { forMs: 30_000, most: 5_000 }
/** One that is not there yet may be there soon. */
const REMEMBER_ABSENT_MS = 5_000
/** All that read a series ask for it once in so long. */
const WISH = { forMs: 60_000, most: 5_000 }

export function createRenditionCache(
  pacs: Pick<Pacs, 'database' | 'clock' | 'queue' | 'config' | 'log'>,
): RenditionCache {
  const wished = createRemembered<true>(pacs.clock, WISH)
  const known = createRemembered<{ readonly rendition: Rendition | undefined }>(pacs.clock, REMEMBER)

  function remember({ instanceId, seriesId }: Rendered, rendition: Rendition | undefined): void {
    known.set(instanceId, { rendition }, rendition === undefined ? REMEMBER_ABSENT_MS : undefined)
    if (rendition !== undefined || wished.get(seriesId) === true) return
    wished.set(seriesId, true)
    // Nobody waits for it: what is stored has the same pixels.
    wishRenditions(pacs, seriesId).catch((error: unknown) =>
      pacs.log.warn({ err: error, seriesId }, 'renditions could not be asked for'),
    )
  }

  return {
    async get(instance) {
      const { instanceId } = instance
      const found = known.get(instanceId)
      if (found !== undefined) return found.rendition
      const rendition = await findRendition(pacs.database, instanceId)
      remember(instance, rendition)
      return rendition
    },
    async getAll(instances) {
      const unknown: Rendered[] = []
      const all = new Map<string, Rendition>()
      for (const instance of instances) {
        const remembered = known.get(instance.instanceId)
        if (remembered === undefined) unknown.push(instance)
        else if (remembered.rendition !== undefined) all.set(instance.instanceId, remembered.rendition)
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
    forget: known.delete,
  }
}
