import { accessScope, scopePredicate } from '../access/access-scope.ts'
import type { Principal } from '../access/principal.ts'
import type { PersonName } from '../contract/api.ts'
import type { RetainedStudy } from '../contract/retention.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'

export interface RetainedStudyRow {
  readonly study_instance_uid: string
  readonly patient_name: PersonName | null
  readonly patient_id: string
  readonly study_date: string
  readonly study_description: string
  readonly modalities: string[]
  readonly instance_count: number
  readonly bytes: number
  readonly may_read: boolean
}

/** The columns of a `RetainedStudyRow` of `study` under the alias. Appends what the principal may read to `params`. */
export function retainedColumns(
  pacs: Pick<Pacs, 'clock'>,
  principal: Principal,
  alias: string,
  params: SqlValue[],
): string {
  return `${alias}.study_instance_uid, ${alias}.patient_name, ${alias}.patient_id, ${alias}.study_date, ${alias}.study_description,
    ${alias}.modalities, ${alias}.instance_count,
    (select coalesce(sum(i.size), 0)::bigint from instance i where i.study_id = ${alias}.study_id) as bytes,
    (${scopePredicate(accessScope(principal, pacs.clock.now()), alias, params)}) as may_read`
}

/** Who keeps studies need not read them all: of those they may not, nobody is named. */
export const presentRetained = (row: RetainedStudyRow): RetainedStudy => ({
  studyInstanceUid: row.study_instance_uid,
  patientName: row.may_read ? row.patient_name : null,
  patientId: row.may_read ? row.patient_id : '',
  studyDate: row.study_date,
  studyDescription: row.may_read ? row.study_description : '',
  modalities: row.modalities,
  instances: row.instance_count,
  bytes: row.bytes,
  mayRead: row.may_read,
})
