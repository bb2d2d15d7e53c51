import { findInstances, getInstance, type InstanceRecord } from '../../../core/archive/instance-record.ts'
import { instanceMetadataTexts } from '../../../core/archive/instance-metadata.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { createRemembered } from '../../../core/remembered.ts'
import type { StudyReference } from '../route.ts'

/** A reader asks for many frames of few instances: their rows need not be read each time. */
export interface InstanceCache {
  /** Errors: 'not-found' code 'instance-not-found'. */
  get(study: StudyReference, seriesInstanceUid: string, sopInstanceUid: string): Promise<InstanceRecord>
  /** Those that are there, by UID: what is not remembered is read at once. */
  getAll(
    study: StudyReference,
    seriesInstanceUid: string,
    sopInstanceUids: readonly string[],
  ): Promise<ReadonlyMap<string, InstanceRecord>>
  /** Every attribute of an instance; of a multi-frame object it is asked for with each of its frames. Nobody changes it. */
  metadata(instance: InstanceRecord): Promise<DicomJson>
}

/** Long enough for a reading, short enough that nobody has to tell it of anything. */
const REMEMBER = { forMs: 30_000, most: 5_000 }
/** Of some 500 CT slices, or of one enhanced object of a thousand frames. Characters of JSON; in memory it is some four times that. */
const MOST_METADATA = 2 << 20

/** Rows of instances never change; the study's Id, which the access decision gave, is part of the key. */
export function createInstanceCache(pacs: Pick<Pacs, 'database' | 'objects' | 'clock'>): InstanceCache {
  const known = createRemembered<InstanceRecord>(pacs.clock, REMEMBER)
  const described = createRemembered<{ readonly json: DicomJson; readonly length: number }>(pacs.clock, {
    forMs: REMEMBER.forMs,
    most: MOST_METADATA,
    weightOf: ({ length }) => length,
  })
  const keyOf = (studyId: string, series: string, instance: string): string =>
    `${studyId}|${series}|${instance}`
  return {
    async get({ studyId }, seriesInstanceUid, sopInstanceUid) {
      const key = keyOf(studyId, seriesInstanceUid, sopInstanceUid)
      const found = known.get(key)
      if (found !== undefined) return found
      const instance = await getInstance(pacs.database, studyId, seriesInstanceUid, sopInstanceUid)
      known.set(key, instance)
      return instance
    },
    async getAll({ studyId }, seriesInstanceUid, sopInstanceUids) {
      const all = new Map<string, InstanceRecord>()
      const unknown: string[] = []
      for (const uid of new Set(sopInstanceUids)) {
        const found = known.get(keyOf(studyId, seriesInstanceUid, uid))
        if (found === undefined) unknown.push(uid)
        else all.set(uid, found)
      }
      if (unknown.length === 0) return all
      for (const instance of await findInstances(pacs.database, studyId, seriesInstanceUid, unknown)) {
        known.set(keyOf(studyId, seriesInstanceUid, instance.sopInstanceUid), instance)
        all.set(instance.sopInstanceUid, instance)
      }
      return all
    },
    async metadata(instance) {
      const found = described.get(instance.instanceId)
      if (found !== undefined) return found.json
      const [text = '{}'] = await instanceMetadataTexts(pacs, [instance])
      const json = JSON.parse(text) as DicomJson
      described.set(instance.instanceId, { json, length: text.length })
      return json
    },
  }
}
