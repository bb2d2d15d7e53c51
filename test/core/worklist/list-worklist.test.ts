import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessScope } from '../../../core/access/access-scope.ts'
import type { WorklistQuery } from '../../../core/contract/api.ts'
import { listWorklist } from '../../../core/worklist/list-worklist.ts'
import { openTestDatabase } from '../../support/test-backing.ts'

const ORGANISATION = randomUUID()
const everything = accessScope({ kind: 'system', organisationId: ORGANISATION, reason: 'test' }, Date.now())
let opened: Awaited<ReturnType<typeof openTestDatabase>>

async function study(letter: string, modalities: string[], date: string, search: string): Promise<void> {
  const id = randomUUID()
  await opened.database.query(
    `insert into study (study_id, organisation_id, study_instance_uid, patient_id, study_date, modalities, search_text,
       first_received_at, last_received_at, attributes, first_instance_id)
     values ($1, $2, $3, $4, $5, $6, $7, now(), now(), '{}', $1)`,
    [id, ORGANISATION, `1.${letter.charCodeAt(0)}`, letter, date, modalities, search],
  )
  const series = randomUUID()
  await opened.database.query(
    `insert into series (series_id, organisation_id, study_id, series_instance_uid, attributes, first_instance_id, last_received_at)
     values ($1, $2, $3, '1', '{}', $1, now())`,
    [series, ORGANISATION, id],
  )
  const state = { B: 'failed', C: 'pending' }[letter]
  if (state === undefined) return
  await opened.database.query(
    "insert into work_item (kind, key, organisation_id, state) values ('reconcile-study', $1, $2, $3)",
    [letter === 'B' ? series : id, ORGANISATION, state],
  )
}

beforeAll(async () => {
  opened = await openTestDatabase()
  await opened.database.query("insert into organisation (organisation_id, name) values ($1, 'o')", [
    ORGANISATION,
  ])
  await study('A', ['CT', 'SR'], '20260102', '|zhang^san|张^三| a_1')
  await study('B', ['MR'], '20251224', '|muller^renee| b%1')
  await study('C', ['CT'], '', '|obrien^mary| c1')
})
afterAll(() => opened.close())

const list = (query: Partial<WorklistQuery>) =>
  listWorklist({ database: opened.database }, everything, {
    sort: 'patientId',
    direction: 'asc',
    limit: 50,
    offset: 0,
    ...query,
  } as WorklistQuery)

describe('the worklist', () => {
  it.each<[Partial<WorklistQuery>, string]>([
    [{}, 'ABC'],
    [{ direction: 'desc' }, 'CBA'],
    [{ q: 'san zhang' }, 'A'],
    [{ q: '张' }, 'A'],
    [{ q: 'Müller' }, 'B'],
    [{ q: '%' }, 'B'],
    [{ q: '_' }, 'A'],
    [{ modality: ['CT'] }, 'AC'],
    [{ modality: ['SR', 'MR'] }, 'AB'],
    [{ from: '20260101' }, 'A'],
    [{ to: '20251231' }, 'B'],
    [{ status: 'attention' }, 'B'],
    [{ status: 'arriving' }, 'C'],
    [{ status: 'ready' }, 'A'],
    [{ limit: 1, offset: 1 }, 'B'],
  ])('%j is %s', async (query, expected) => {
    const page = await list(query)
    expect(page.studies.map((each) => each.patientId).join('')).toBe(expected)
  })

  it('counts modalities whatever modality is chosen, and the total of what is chosen', async () => {
    const page = await list({ modality: ['MR'] })
    expect(page.total).toBe(1)
    expect(page.modalities).toEqual([
      { modality: 'CT', count: 2 },
      { modality: 'MR', count: 1 },
      { modality: 'SR', count: 1 },
    ])
  })

  it('says of each study how far its work is', async () => {
    expect((await list({})).studies.map((each) => each.status)).toEqual(['ready', 'attention', 'arriving'])
  })
})
