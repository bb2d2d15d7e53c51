import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'
import { accessScope, scopePredicate } from './access-scope.ts'
import type { Principal } from './principal.ts'

/** A study this principal may read now. */
export interface ReadableStudy {
  readonly studyId: string
  readonly organisationId: string
  readonly studyInstanceUid: string
}

/** The study if the principal may read it now, else undefined: absent and not allowed look the same. */
export async function findReadableStudy(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  principal: Principal,
  studyInstanceUid: string,
): Promise<ReadableStudy | undefined> {
  const params: SqlValue[] = [studyInstanceUid]
  const predicate = scopePredicate(accessScope(principal, pacs.clock.now()), 's', params)
  const rows = await pacs.database.query<{ study_id: string; organisation_id: string }>(
    `select s.study_id, s.organisation_id from study s where s.study_instance_uid = $1 and ${predicate}`,
    params,
  )
  const row = rows[0]
  return row && { studyId: row.study_id, organisationId: row.organisation_id, studyInstanceUid }
}

/** As `findReadableStudy`. Errors: 'not-found' code 'study-not-found'. */
export async function requireStudy(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  principal: Principal,
  studyInstanceUid: string,
): Promise<ReadableStudy> {
  const study = await findReadableStudy(pacs, principal, studyInstanceUid)
  if (study === undefined) throw studyNotFound()
  return study
}

export const studyNotFound = () =>
  notFound('study-not-found', 'There is no such study, or it was not shared with you.')
