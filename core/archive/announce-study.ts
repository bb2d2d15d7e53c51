import type { Queryable } from '../ports/database.ts'

/** Tells every process that something about a study changed; those who may see it hear of it. */
export async function announceStudy(
  database: Queryable,
  of: { readonly studyId: string } | { readonly seriesId: string },
): Promise<void> {
  const where =
    'studyId' in of ? 'study_id = $1' : 'study_id = (select study_id from series where series_id = $1)'
  await database.query(
    `select pg_notify('study_changed', jsonb_build_object('organisationId', organisation_id, 'studyId', study_id,
       'studyInstanceUid', study_instance_uid)::text) from study where ${where}`,
    ['studyId' in of ? of.studyId : of.seriesId],
  )
}
