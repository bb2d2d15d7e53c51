import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addUpStudyTally,
  findFarPage,
  modalitiesOf,
  tallyByModality,
} from '../../../core/archive/study-tally.ts'
import type { Database } from '../../../core/ports/database.ts'
import { openTestDatabase } from '../../support/test-backing.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
let database: Database
beforeAll(async () => {
  opened = await openTestDatabase()
  database = opened.database
})
afterAll(() => opened.close())

async function organisation(): Promise<string> {
  const id = randomUUID()
  await database.query('insert into organisation (organisation_id, name) values ($1::uuid, $1::text)', [id])
  return id
}

/** Dates as they are and as hostile senders write them. */
const date = fc.constantFrom(
  '',
  '20260101',
  '20260131',
  '20260201',
  '19991231',
  '2026',
  'nonsense',
  '２０２６',
  '20260',
)
const modalities = fc.constantFrom([], ['CT'], ['MR'], ['CT', 'SR'])
const study = fc.record({ date, modalities })

const insert = (
  organisationId: string,
  studies: readonly { date: string; modalities: readonly string[] }[],
) =>
  database.query(
    `insert into study (study_id, organisation_id, study_instance_uid, study_date, modalities, first_received_at,
       last_received_at, attributes, first_instance_id)
     select gen_random_uuid(), $1, gen_random_uuid()::text, date, array(select jsonb_array_elements_text(modalities)), now(), now(), '{}',
       gen_random_uuid() from jsonb_to_recordset($2::jsonb) as r(date text, modalities jsonb)`,
    [organisationId, JSON.stringify(studies)],
  )

const inOrder = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort()

describe('the tally of studies', () => {
  it('says what the studies are, whatever was added, changed and removed, and added up meanwhile', async () => {
    const other = await organisation()
    await insert(other, [{ date: '', modalities: ['US'] }])
    await fc.assert(
      fc.asyncProperty(fc.array(study, { maxLength: 30 }), study, async (studies, changed) => {
        const id = await organisation()
        for (const one of studies.slice(0, 20)) await insert(id, [one])
        await insert(id, studies.slice(20))
        await database.query(
          `update study set study_date = $2, modalities = $3 where study_id in
             (select study_id from study where organisation_id = $1 order by study_id limit 9)`,
          [id, changed.date, changed.modalities],
        )
        await database.query(
          `delete from study where study_id in (select study_id from study where organisation_id = $1 order by study_id limit 4)`,
          [id],
        )
        const truth = await database.query(
          'select modalities, count(*) as studies from study where organisation_id = $1 group by 1',
          [id],
        )
        expect(inOrder(await tallyByModality(database, id))).toEqual(inOrder(truth))
        await addUpStudyTally(database)
        expect(inOrder(await tallyByModality(database, id))).toEqual(inOrder(truth))
      }),
      { numRuns: 25 },
    )
    expect(await modalitiesOf(database, other)).toEqual(['US'])
  })

  it('is added up where there are many changes, and only there', async () => {
    const id = await organisation()
    for (let n = 0; n < 16; n++) await insert(id, [{ date: '20260101', modalities: ['CT'] }])
    await insert(id, [{ date: '20260201', modalities: ['CT'] }])
    await insert(id, [{ date: '20260202', modalities: ['CT'] }])
    await addUpStudyTally(database)
    const rows = await database.query(
      'select month, studies from study_tally where organisation_id = $1 order by month, studies',
      [id],
    )
    expect(rows).toEqual([
      { month: '202601', studies: 16 },
      { month: '202602', studies: 1 },
      { month: '202602', studies: 1 },
    ])
  })

  it('is empty when the studies were emptied all at once', async () => {
    const id = await organisation()
    await insert(id, [{ date: '20260101', modalities: ['CT'] }])
    await database.query('truncate study cascade')
    expect(await tallyByModality(database, id)).toEqual([])
  })

  it('finds the month of any place in the list of all', async () => {
    const id = await organisation()
    const dates = ['', '2026', '20260101', '20260131', '20260201', '19991231', 'x', '２０２６']
    await insert(
      id,
      Array.from({ length: 60 }, (_, n) => ({ date: dates[n % dates.length] ?? '', modalities: ['CT'] })),
    )
    const whole = await database.query<{ study_date: string }>(
      'select study_date from study where organisation_id = $1 order by study_date desc',
      [id],
    )
    for (let place = 0; place <= 60; place++) {
      const { before, offset } = await findFarPage(database, id, place)
      const rest = whole.filter(
        (row) => before === undefined || Buffer.compare(Buffer.from(row.study_date), Buffer.from(before)) < 0,
      )
      expect(rest.slice(offset)).toEqual(whole.slice(place))
      expect(offset).toBeLessThanOrEqual(16)
    }
  })
})
