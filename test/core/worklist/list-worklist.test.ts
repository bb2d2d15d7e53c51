import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessScope } from '../../../core/access/access-scope.ts'
import { WORKLIST_SORTS, type WorklistQuery } from '../../../core/contract/api.ts'
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

describe('a long worklist', () => {
  const HOSPITAL = randomUUID()
  const STUDIES = 1300
  const scope = accessScope({ kind: 'system', organisationId: HOSPITAL, reason: 'test' }, Date.now())
  const reviewer = randomUUID()

  // Few values for many studies: ties are the rule. Each is the only one to have its accession number.
  beforeAll(async () => {
    await opened.database.query("insert into organisation (organisation_id, name) values ($1, 'hospital')", [
      HOSPITAL,
    ])
    await opened.database.query(
      `insert into study (study_id, organisation_id, study_instance_uid, patient_id, patient_name_folded, study_date, study_time,
         study_description, modalities, instance_count, search_text, first_received_at, last_received_at, attributes, first_instance_id)
       select gen_random_uuid(), $1, '2.' || n, 'P' || n % 3, '|name' || n % 5 || '|', case when n % 4 = 0 then '' else '2026010' || n % 3 end,
         case when n % 2 = 0 then '' else '1' || n % 7 end, 'Description ' || n % 2, case n % 3 when 0 then '{CT}' when 1 then '{MR,SR}' else '{}' end::text[],
         n % 4, 'name' || n % 5 || ' acc' || n, now(), timestamptz '2026-01-01' + make_interval(secs => n % 6 + 0.000001 * (n % 2)), '{}', gen_random_uuid()
       from generate_series(1, ${STUDIES}) n`,
      [HOSPITAL],
    )
    await opened.database.query(
      "insert into app_user (user_id, organisation_id, email, roles) values ($1, $2, 'r@r', '{reviewer}')",
      [reviewer, HOSPITAL],
    )
    await opened.database.query(
      `insert into study_grant (study_id, user_id) select study_id, $1 from study where organisation_id = $2 and instance_count = 1`,
      [reviewer, HOSPITAL],
    )
  })

  const page = (query: Partial<WorklistQuery>, as = scope) =>
    listWorklist({ database: opened.database }, as, {
      sort: 'received',
      direction: 'desc',
      limit: 500,
      offset: 0,
      ...query,
    } as WorklistQuery)
  const idsOf = (studies: readonly { studyId: string }[]) => studies.map((each) => each.studyId)
  /** All pages put together, each found by the last study of the one before. */
  async function byAfter(query: Partial<WorklistQuery>, limit: number): Promise<string[]> {
    const ids: string[] = []
    for (;;) {
      const after = ids.at(-1)
      const next = await page({ ...query, limit, offset: ids.length, ...(after && { after }) })
      ids.push(...idsOf(next.studies))
      if (next.studies.length < limit) return ids
    }
  }
  async function byOffset(query: Partial<WorklistQuery>): Promise<string[]> {
    const pages = await Promise.all([0, 500, 1000].map((offset) => page({ ...query, offset })))
    return pages.flatMap(({ studies }) => idsOf(studies))
  }

  it.each(WORKLIST_SORTS.flatMap((sort) => (['asc', 'desc'] as const).map((way) => [sort, way] as const)))(
    'sorted by %s %s, has each study once, by offset and from one page to the next',
    async (sort, direction) => {
      const whole = await byOffset({ sort, direction })
      expect(new Set(whole).size).toBe(STUDIES)
      expect(await byAfter({ sort, direction }, 171)).toEqual(whole)
      const other = await byOffset({ sort, direction: direction === 'asc' ? 'desc' : 'asc' })
      expect(other.reverse()).toEqual(whole)
    },
  )

  it('goes on after a study within what the filters find', async () => {
    const query: Partial<WorklistQuery> = { q: 'name3', modality: ['MR'], sort: 'modality' }
    const whole = (await page(query)).studies
    expect(whole).toHaveLength(86)
    expect(await byAfter(query, 20)).toEqual(idsOf(whole))
  })

  it('goes by the offset when the study to go on after is not there, or not for these eyes', async () => {
    const expected = idsOf((await page({ offset: 7, limit: 5 })).studies)
    expect(idsOf((await page({ offset: 7, limit: 5, after: randomUUID() })).studies)).toEqual(expected)
    const person = { kind: 'user', userId: reviewer, organisationId: HOSPITAL, roles: ['reviewer'] } as const
    const granted = accessScope(person, Date.now())
    const [hidden] = (await page({ sort: 'instances', limit: 1 })).studies
    const ofReviewer = await page({ offset: 7, limit: 5 }, granted)
    const after = await page({ offset: 7, limit: 5, after: hidden?.studyId }, granted)
    expect(idsOf(after.studies)).toEqual(idsOf(ofReviewer.studies))
  })

  it('counts all studies exactly, and those of chosen modalities', async () => {
    expect(await page({ limit: 1 })).toMatchObject({
      total: STUDIES,
      totalIsExact: true,
      modalities: [
        { modality: 'MR', count: 434 },
        { modality: 'SR', count: 434 },
        { modality: 'CT', count: 433 },
      ],
    })
    expect(await page({ limit: 1, modality: ['CT'] })).toMatchObject({ total: 433, totalIsExact: true })
  })

  it('counts what filters find to a thousand, and further for who looks further', async () => {
    const found = await page({ q: 'acc', limit: 100 })
    expect(found).toMatchObject({ total: 1000, totalIsExact: false })
    expect(found.modalities).toEqual(['CT', 'MR', 'SR'].map((modality) => ({ modality, count: null })))
    expect(await page({ q: 'acc', limit: 100, offset: 900 })).toMatchObject({
      total: 1100,
      totalIsExact: false,
    })
    expect(await page({ q: 'acc', limit: 100, offset: 1200 })).toMatchObject({
      total: STUDIES,
      totalIsExact: true,
    })
    expect(await page({ q: 'acc', limit: 100, modality: ['CT'] })).toMatchObject({
      total: 433,
      totalIsExact: true,
    })
    expect(await page({ q: 'name4', limit: 100 })).toMatchObject({ total: 260, totalIsExact: true })
  })

  it('counts for a reviewer what was granted', async () => {
    const person = { kind: 'user', userId: reviewer, organisationId: HOSPITAL, roles: ['reviewer'] } as const
    expect(await page({ limit: 1 }, accessScope(person, Date.now()))).toMatchObject({
      total: 325,
      totalIsExact: true,
    })
  })
})
