import type { Queryable } from '../ports/database.ts'

/** Studies of an organisation that have the same modalities. */
export interface ModalityTally {
  readonly modalities: readonly string[]
  readonly studies: number
}

/** How many studies an organisation has, by their modalities. The table's triggers keep it exact (migration 0001). */
export async function tallyByModality(
  database: Queryable,
  organisationId: string,
): Promise<readonly ModalityTally[]> {
  return database.query<ModalityTally>(
    `select modalities, sum(studies)::bigint as studies from study_tally where organisation_id = $1
     group by modalities having sum(studies) <> 0`,
    [organisationId],
    { name: 'tally-by-modality' },
  )
}

/** Every modality that an organisation has a study of, in order. */
export async function modalitiesOf(database: Queryable, organisationId: string): Promise<string[]> {
  const tallies = await tallyByModality(database, organisationId)
  return [...new Set(tallies.flatMap((tally) => tally.modalities))].sort()
}

/** Where to begin walking to come to a far page of all studies, newest first. */
export interface FarPage {
  /** Only studies whose date is less than this, when defined. */
  readonly before: string | undefined
  /** How many of these to leave out. */
  readonly offset: number
}

/** The month in which the study at `offset` is, so that only its own month is walked and not all that are newer. */
export async function findFarPage(
  database: Queryable,
  organisationId: string,
  offset: number,
): Promise<FarPage> {
  const months = await database.query<{ month: string; studies: number }>(
    `select month, sum(studies)::bigint as studies from study_tally where organisation_id = $1
     group by month having sum(studies) <> 0 order by month desc`,
    [organisationId],
    { name: 'tally-by-month' },
  )
  let left = offset
  let before: string | undefined
  for (const { month, studies } of months) {
    if (left < studies) break
    left -= studies
    before = month
  }
  // Dates that begin with an earlier month are less than the month itself.
  return { before, offset: left }
}

/** So many changes of one month and set of modalities are added up. */
const MANY = 16

/**
 * Adds up the changes of which there are many; what is told stays the same. Waits for nobody, and nobody for it:
 * changes that another transaction adds at the same time are left for the next run.
 */
export async function addUpStudyTally(database: Queryable): Promise<void> {
  await database.query(
    `with many as (
       select organisation_id, month, modalities from study_tally group by 1, 2, 3 having count(*) >= ${MANY}
     ), taken as (
       delete from study_tally t using many m
       where t.organisation_id = m.organisation_id and t.month = m.month and t.modalities = m.modalities returning t.*
     )
     insert into study_tally select organisation_id, month, modalities, sum(studies) from taken
     group by 1, 2, 3 having sum(studies) <> 0`,
  )
}
