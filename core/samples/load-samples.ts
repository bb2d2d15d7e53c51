import type { Principal } from '../access/principal.ts'
import { storeInstance } from '../archive/store-instance.ts'
import type { Pacs } from '../pacs.ts'
import { sampleStudies } from './sample-studies.ts'

export type SampleState = 'none' | 'loading' | 'loaded'

/** While instances keep coming within this time, somebody (perhaps another process) is loading. */
const STILL_COMING_MS = 15_000

/** How much of the sample studies this organisation has. An interrupted load is 'none' again: it can be asked for once more. */
export async function sampleState(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  organisationId: string,
): Promise<SampleState> {
  const studies = await presentStudies(pacs, organisationId)
  if (sampleStudies().every((study) => studies.get(study.studyInstanceUid)?.count === study.instanceCount)) {
    return 'loaded'
  }
  const newest = Math.max(0, ...[...studies.values()].map((study) => study.newest))
  return pacs.clock.now() - newest < STILL_COMING_MS ? 'loading' : 'none'
}

/**
 * Makes the sample studies and stores them, one instance after the other, as if they came from outside; what is there
 * already is left alone. Takes half a minute, and lets the event loop turn meanwhile.
 *
 * Errors: kind 'unavailable' when a part does not answer; asking again goes on where it stopped.
 */
export async function loadSamples(
  pacs: Pick<Pacs, 'database' | 'objects' | 'ingest' | 'log'>,
  principal: Principal,
): Promise<{ readonly stored: number }> {
  const present = await presentStudies(pacs, principal.organisationId)
  let stored = 0
  for (const study of sampleStudies()) {
    if (present.get(study.studyInstanceUid)?.count === study.instanceCount) continue
    for await (const instance of study.instances()) {
      const outcome = await storeInstance(pacs, principal, {
        bytes: oneByOne(instance.chunks),
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

async function presentStudies(
  pacs: Pick<Pacs, 'database'>,
  organisationId: string,
): Promise<Map<string, PresentStudy>> {
  const rows = await pacs.database.query<{ uid: string; count: number; newest: Date }>(
    `select s.study_instance_uid as uid, count(*) as count, max(i.received_at) as newest
     from study s join instance i on i.study_id = s.study_id
     where s.organisation_id = $1 and s.study_instance_uid = any($2)
     group by s.study_instance_uid`,
    [organisationId, sampleStudies().map((study) => study.studyInstanceUid)],
  )
  return new Map(rows.map((row) => [row.uid, { count: row.count, newest: row.newest.getTime() }]))
}

async function* oneByOne(chunks: readonly Uint8Array[]) {
  yield* chunks
}
