import type { Principal } from '../access/principal.ts'
import { storeInstance } from '../archive/store-instance.ts'
import { chunksOf } from '../chunks-of.ts'
import type { Pacs } from '../pacs.ts'
import { sampleStudies } from './sample-studies.ts'
import type { SampleStudy } from './sample-study.ts'

export type SampleState = 'none' | 'loading' | 'loaded'

/** While instances keep coming within this time, somebody (perhaps another process) is loading. */
const STILL_COMING_MS = 15_000

/** How much of the sample studies this organisation has. An interrupted load is 'none' again: it can be asked for once more. */
export async function sampleState(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  organisationId: string,
  studies: readonly SampleStudy[] = sampleStudies(),
): Promise<SampleState> {
  const present = await presentStudies(pacs, organisationId, studies)
  if (studies.every((study) => isComplete(present, study))) return 'loaded'
  const newest = Math.max(0, ...[...present.values()].map((study) => study.newest))
  return pacs.clock.now() - newest < STILL_COMING_MS ? 'loading' : 'none'
}

/**
 * Makes the sample studies and stores them, one instance after the other, as if they came from outside; what is there
 * already is left alone. Takes less than a minute, and lets the event loop turn meanwhile. Ends after the instance at hand
 * once `stopping` is aborted.
 *
 * Errors: kind 'unavailable' when a part does not answer; asking again goes on where it stopped.
 */
export async function loadSamples(
  pacs: Pick<Pacs, 'database' | 'objects' | 'ingest' | 'log'>,
  principal: Principal,
  stopping: AbortSignal,
  studies: readonly SampleStudy[] = sampleStudies(),
): Promise<{ readonly stored: number }> {
  const present = await presentStudies(pacs, principal.organisationId, studies)
  let stored = 0
  for (const study of studies) {
    if (isComplete(present, study)) continue
    for await (const instance of study.instances()) {
      if (stopping.aborted) return { stored }
      const outcome = await storeInstance(pacs, principal, {
        bytes: chunksOf(...instance.chunks),
        source: 'sample',
        size: instance.chunks.reduce((sum, chunk) => sum + chunk.length, 0),
      })
      if (outcome.kind === 'stored') stored += 1
      else if (outcome.kind !== 'duplicate') {
        pacs.log.warn(
          { study: study.name, outcome: outcome.kind, reason: outcome.reason },
          'sample not stored',
        )
      }
    }
  }
  return { stored }
}

interface PresentStudy {
  readonly count: number
  /** When the last instance came, ms since the epoch. */
  readonly newest: number
}

const isComplete = (present: ReadonlyMap<string, PresentStudy>, study: SampleStudy): boolean =>
  present.get(study.studyInstanceUid)?.count === study.instanceCount

async function presentStudies(
  pacs: Pick<Pacs, 'database'>,
  organisationId: string,
  studies: readonly SampleStudy[],
): Promise<Map<string, PresentStudy>> {
  const rows = await pacs.database.query<{ uid: string; count: number; newest: Date }>(
    `select s.study_instance_uid as uid, count(*) as count, max(i.received_at) as newest
     from study s join instance i on i.study_id = s.study_id
     where s.organisation_id = $1 and s.study_instance_uid = any($2)
     group by s.study_instance_uid`,
    [organisationId, studies.map((study) => study.studyInstanceUid)],
  )
  return new Map(rows.map((row) => [row.uid, { count: row.count, newest: row.newest.getTime() }]))
}
