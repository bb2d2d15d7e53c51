import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillArchive } from '../../bench/search/fill-archive.ts'
import { HTTP_QUESTIONS } from '../../bench/search/http-questions.ts'
import { QUESTIONS } from '../../bench/search/questions.ts'
import { openTestDatabase } from '../support/test-backing.ts'

describe('a made archive', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  beforeAll(async () => (opened = await openTestDatabase()))
  afterAll(() => opened.close())

  it('grows, over ten years each time, with about five instances a study', async () => {
    const first = await fillArchive(opened.superuser, 100)
    expect(first.studies).toBe(100)
    const grown = await fillArchive(opened.superuser, 400, 100)
    expect(grown.studies).toBe(400)
    expect(grown.instances / grown.studies).toBeGreaterThan(4)
    const years = await opened.superuser.query<{
      old: number
      late: number
      accessions: number
      kinds: number
    }>(
      `select count(*) filter (where study_date < '2018')::int as old, count(*) filter (where study_date > '2024')::int as late,
         count(distinct accession_number)::int as accessions, count(distinct modalities)::int as kinds
       from study where study_id_text::int > 100`,
    )
    expect(years[0]).toMatchObject({ accessions: 300 })
    expect(years[0]?.old).toBeGreaterThan(40)
    expect(years[0]?.late).toBeGreaterThan(30)
    expect(years[0]?.kinds).toBeGreaterThan(5)
  })

  it('answers every question that is asked of it', async () => {
    for (const question of QUESTIONS) await question.ask(opened.database, 400, 3)
  })

  it('is asked by HTTP for studies that it has', () => {
    for (const { paths } of HTTP_QUESTIONS) {
      const named = paths(400).flatMap(
        (path) => /PID0*(\d+)|ACC0*(\d+)|2\.25\.77\.(\d+)/.exec(path)?.slice(1) ?? [],
      )
      for (const number of named.filter((each) => each !== undefined))
        expect(Number(number)).toBeLessThanOrEqual(400)
    }
  })
})
