import { createHash, randomUUID } from 'node:crypto'
import type { Principal } from '../access/principal.ts'
import { announceStudy } from '../archive/announce-study.ts'
import { draftKey, ownerDerivedPrefix, segmentDraftKey } from '../archive/object-key.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Queryable } from '../ports/database.ts'

/** A study to be removed, locked by `lockStudy`. */
export interface LockedStudy {
  readonly studyId: string
  readonly organisationId: string
  readonly studyInstanceUid: string
}

export interface RemovalCause {
  /** Undefined: a person wants it. */
  readonly ruleId?: string
  readonly reason?: string
}

/**
 * Keeps everybody else from adding to the study until the transaction ends: then they find it gone, and make it anew. Answers
 * undefined when it is gone already. Writers lock series before their study's row too.
 */
export async function lockStudy(
  tx: Queryable,
  organisationId: string,
  studyId: string,
): Promise<LockedStudy | undefined> {
  await tx.query('select 1 from series where study_id = $1 order by series_id for update', [studyId])
  const [row] = await tx.query<{ study_instance_uid: string }>(
    'select study_instance_uid from study where study_id = $1 and organisation_id = $2 for update',
    [studyId, organisationId],
  )
  return row && { studyId, organisationId, studyInstanceUid: row.study_instance_uid }
}

/**
 * Removes the rows of a study and all that hangs on them, and writes down which objects are still to go: one transaction, so
 * that the study is there with everything or not at all. What remains is `finishRemoval`'s. Returns the removal's Id.
 */
export async function beginRemoval(
  tx: Queryable,
  principal: Principal,
  study: LockedStudy,
  { ruleId, reason = '' }: RemovalCause,
): Promise<string> {
  const removalId = randomUUID()
  const [sums] = await tx.query<{ instances: number; series: number; bytes: number }>(
    `select count(*) as instances, count(distinct series_id) as series, coalesce(sum(size), 0)::bigint as bytes
     from instance where study_id = $1`,
    [study.studyId],
  )
  const { instances, series, bytes } = sums ?? { instances: 0, series: 0, bytes: 0 }
  await tx.query(
    `insert into study_removal (removal_id, organisation_id, study_id, study_instance_uid, rule_id, reason, removed_by, instances, bytes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[removalId, study.organisationId, study.studyId, study.studyInstanceUid, ruleId ?? null, reason],
      ...[principal.kind === 'user' ? principal.userId : null, instances, bytes],
    ],
  )
  await keepPlaces(tx, removalId, study)
  const links = await closeLinks(tx, study.studyId)
  await tx.query(
    `delete from work_item where kind <> 'remove-study'
       and (key = $1 or key in (select series_id from series where study_id = $1))`,
    [study.studyId],
  )
  // Lists that are open hear of it when this commits; who reads a part of the organisation, with the next change.
  await announceStudy(tx, { studyId: study.studyId })
  // Series, instances, grants, links, drafts and all that hangs on them go with their study.
  await tx.query('delete from study where study_id = $1', [study.studyId])
  await recordAudit(tx, principal, {
    event: 'study-deleted',
    outcome: 'success',
    studyId: study.studyId,
    studyInstanceUid: study.studyInstanceUid,
    detail: {
      removal: removalId,
      cause: ruleId === undefined ? 'by-hand' : 'retention',
      ...(ruleId === undefined ? {} : { rule: ruleId }),
      series,
      instances,
      bytes,
      links,
    },
  })
  await tx.query(`select pg_notify('access_changed', '')`)
  return removalId
}

/** The objects of the instances and of drafts, and where all is that was derived of its series and instances. */
async function keepPlaces(tx: Queryable, removalId: string, study: LockedStudy): Promise<void> {
  const rows = await tx.query<{ place: string }>(
    `select object_key as place from instance where study_id = $1`,
    [study.studyId],
  )
  const owners = await tx.query<{ id: string }>(
    `select series_id as id from series where study_id = $1 union all select instance_id from instance where study_id = $1`,
    [study.studyId],
  )
  const drafts = await tx.query<{ kind: string; user_id: string }>(
    `select 'marks' as kind, user_id from mark_draft where study_id = $1
     union all select 'segments', user_id from segment_draft where study_id = $1`,
    [study.studyId],
  )
  const hash = createHash('sha256').update(study.studyInstanceUid).digest('hex')
  const { organisationId } = study
  const places = [
    ...rows.map(({ place }) => place),
    ...owners.map(({ id }) => ownerDerivedPrefix(organisationId, id)),
    ...drafts.map(({ kind, user_id }) =>
      (kind === 'marks' ? draftKey : segmentDraftKey)(organisationId, user_id, hash),
    ),
  ]
  await tx.query(
    `insert into removal_object (removal_id, organisation_id, object_key) select $1, $2, unnest($3::text[])`,
    [removalId, organisationId, places],
  )
}

/** Whoever has a link open is out, also of a copy that it shows: the copy itself goes with the next tidying up. */
async function closeLinks(tx: Queryable, studyId: string): Promise<number> {
  const guests = await tx.query<{ guest_id: string; closed: boolean }>(
    'select guest_id, revoked_at is null and expires_at > now() as closed from share_link where study_id = $1',
    [studyId],
  )
  const ids = guests.map(({ guest_id }) => guest_id)
  await tx.query('delete from session where user_id = any($1::uuid[])', [ids])
  await tx.query('delete from study_grant where user_id = any($1::uuid[])', [ids])
  return guests.filter(({ closed }) => closed).length
}
