import { scopePredicate, type AccessScope } from '../access/access-scope.ts'
import type { PriorStudy } from '../contract/api.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'
import { presentWorklistStudy, selectWorklistStudies, type WorklistStudyRow } from './worklist-study.ts'

const MOST = 50

interface PriorRow extends WorklistStudyRow {
  readonly same_modality: boolean
  readonly same_body_part: boolean
}

/**
 * Other studies of the same patient that the scope allows, best to compare with first: the same body part and modality,
 * then the same body part, the same modality, and the rest; among equals those before this one, the latest first, then
 * those after it. The same patient: equal Patient ID
 * and Issuer of Patient ID, in one organisation; a study without a Patient ID has no priors.
 */
export async function findPriors(
  pacs: Pick<Pacs, 'database'>,
  scope: AccessScope,
  studyId: string,
): Promise<PriorStudy[]> {
  const params: SqlValue[] = [studyId]
  const allowed = scopePredicate(scope, 'other', params)
  const rows = await pacs.database.query<PriorRow>(
    `with this as (
       select study_id, organisation_id, patient_id, issuer_of_patient_id, study_date, study_time,
         array(select modality from unnest(modalities) as m(modality) where modality not in ('SR', 'PR', 'KO', 'SEG')) as modalities,
         array(select body_part_examined from series se where se.study_id = $1 and body_part_examined <> '') as body_parts
       from study where study_id = $1
     )
     select found.*, found.modalities && this.modalities as same_modality,
       exists (select 1 from series se where se.study_id = found.study_id
         and se.body_part_examined = any(this.body_parts)) as same_body_part
     from this, lateral (
       ${selectWorklistStudies(`(select * from study other where other.organisation_id = this.organisation_id
         and other.patient_id = this.patient_id and other.patient_id <> ''
         and other.issuer_of_patient_id = this.issuer_of_patient_id and other.study_id <> $1 and ${allowed}
         order by other.study_date desc, other.study_time desc, other.study_id limit 500)`)}
     ) found
     order by same_body_part desc, same_modality desc,
       (found.study_date, found.study_time) <= (this.study_date, this.study_time) desc,
       found.study_date desc, found.study_time desc, found.study_id
     limit ${MOST}`,
    params,
  )
  return rows.map((row) => ({
    ...presentWorklistStudy(row),
    sameModality: row.same_modality,
    sameBodyPart: row.same_body_part,
  }))
}
