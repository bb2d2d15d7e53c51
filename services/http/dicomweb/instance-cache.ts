import { getInstance, type InstanceRecord } from '../../../core/archive/instance-record.ts'
import type { Pacs } from '../../../core/pacs.ts'
import type { StudyReference } from '../route.ts'

/** A reader asks for many frames of few instances: their rows need not be read each time. */
export interface InstanceCache {
  get(study: StudyReference, seriesInstanceUid: string, sopInstanceUid: string): Promise<InstanceRecord>
}

/** Long enough for a reading, short enough that nobody has to tell it of anything. */
const REMEMBER_MS = 30_000
const REMEMBER_MOST = 5_000

/** Rows of instances never change; the study's Id, which the access decision gave, is part of the key. */
export function createInstanceCache(pacs: Pick<Pacs, 'database' | 'clock'>): InstanceCache {
  const known = new Map<string, { until: number; instance: InstanceRecord }>()
  return {
    async get(study, seriesInstanceUid, sopInstanceUid) {
      const key = `${study.studyId}|${seriesInstanceUid}|${sopInstanceUid}`
      const now = pacs.clock.now()
      const found = known.get(key)
      if (found !== undefined && found.until > now) return found.instance
      const instance = await getInstance(pacs.database, study.studyId, seriesInstanceUid, sopInstanceUid)
      if (known.size >= REMEMBER_MOST) known.clear()
      known.set(key, { until: now + REMEMBER_MS, instance })
      return instance
    },
  }
}
