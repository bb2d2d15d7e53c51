import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../../core/access/principal.ts'
import { noRecentHeads } from '../../../core/archive/recent-heads.ts'
import { createIngestWriter } from '../../../core/archive/ingest-writer.ts'
import { loadSamples, sampleState } from '../../../core/samples/load-samples.ts'
import { sampleStudies } from '../../../core/samples/sample-studies.ts'
import type { SampleStudy } from '../../../core/samples/sample-study.ts'
import { silentLog } from '../../support/silent-log.ts'
import { openTestBacking } from '../../support/test-backing.ts'

const ORGANISATION = '0198c0de-0000-7000-8000-000000000001'
const principal: Principal = { kind: 'system', organisationId: ORGANISATION, reason: 'test' }

/** The first slices of a study only: a whole one takes many seconds to make. */
function shortened(study: SampleStudy, instanceCount: number): SampleStudy {
  return {
    ...study,
    instanceCount,
    instances: async function* () {
      let made = 0
      for await (const instance of study.instances()) {
        yield instance
        if (++made === instanceCount) return
      }
    },
  }
}

const NEVER = new AbortController().signal

describe('loadSamples', () => {
  const studies = sampleStudies()
    .filter(({ name }) => name === 'brain MR 2026' || name === 'chest CT 2025')
    .map((study) => shortened(study, 2))
  let backing: Awaited<ReturnType<typeof openTestBacking>>
  const clock = { now: () => Date.now() }
  beforeAll(async () => {
    backing = await openTestBacking()
    await backing.database.query('insert into organisation (organisation_id, name) values ($1, $2)', [
      ORGANISATION,
      'samples',
    ])
  })
  afterAll(() => backing.close())

  const parts = () => ({
    ...backing,
    clock,
    log: silentLog,
    ingest: createIngestWriter({ ...backing, clock, log: silentLog, heads: noRecentHeads }),
  })

  it('stores nothing more once the archive closes', async () => {
    expect(await loadSamples(parts(), principal, AbortSignal.abort(), studies)).toEqual({ stored: 0 })
  })

  it('stores each study once, with names in the patient’s own script', { timeout: 300_000 }, async () => {
    const pacs = parts()
    expect(await sampleState(pacs, ORGANISATION, studies)).toBe('none')
    expect(await loadSamples(pacs, principal, NEVER, studies)).toEqual({ stored: 4 })
    expect(await sampleState(pacs, ORGANISATION, studies)).toBe('loaded')
    expect(await loadSamples(pacs, principal, NEVER, studies)).toEqual({ stored: 0 })

    const rows = await backing.database.query<{ patient_name: unknown; study_description: string }>(
      'select patient_name, study_description from study order by patient_id',
    )
    expect(rows).toEqual([
      { patient_name: { Alphabetic: 'Zhang^Wei', Ideographic: '张^伟' }, study_description: '胸部CT增强' },
      { patient_name: { Alphabetic: 'Keller^Anna Zoé' }, study_description: 'MRI brain' },
    ])
  })

  it('goes on where an interrupted load stopped', { timeout: 300_000 }, async () => {
    const more = studies.map((study) => shortened({ ...study, instances: whole(study) }, 3))
    expect(await loadSamples(parts(), principal, NEVER, more)).toEqual({ stored: 2 })
  })

  function whole(study: SampleStudy): SampleStudy['instances'] {
    const found = sampleStudies().find((each) => each.studyInstanceUid === study.studyInstanceUid)
    return () => found?.instances() ?? study.instances()
  }
})
