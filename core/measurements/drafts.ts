import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import type { ReadableStudy } from '../access/require-study.ts'
import { draftKey, draftsPrefix } from '../archive/object-key.ts'
import { MarkDraft } from '../contract/api.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'

/** What the object store keeps of a draft: enough to put its row back. */
const KeptDraft = MarkDraft.extend({ userId: z.uuid(), studyInstanceUid: z.string() })

/** What this person measured on the study and has not saved yet; version 0 when nothing. */
export async function readDraft(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  study: ReadableStudy,
): Promise<MarkDraft> {
  const [row] = await pacs.database.query<{ version: number; marks: unknown }>(
    'select version, marks from mark_draft where study_id = $1 and user_id = $2',
    [study.studyId, personOf(principal)],
  )
  return row === undefined ? { version: 0, marks: [] } : MarkDraft.parse(row)
}

/**
 * Keeps the draft in place of the one whose version it names, and returns its own version. Durable when it resolves.
 * Errors: 'conflict' code 'draft-changed' when another window saved meanwhile: read, merge, save again.
 */
export async function saveDraft(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  principal: Principal,
  study: ReadableStudy,
  draft: MarkDraft,
): Promise<number> {
  const userId = personOf(principal)
  return pacs.database.transaction(async (tx) => {
    const version = await writeRow(tx, study.studyId, userId, draft)
    const { studyInstanceUid, organisationId } = study
    const kept = { userId, studyInstanceUid, version, marks: draft.marks }
    const bytes = Buffer.from(JSON.stringify(kept))
    // While the row is locked: the object of an earlier version never comes last.
    await pacs.objects.put(
      draftKey(organisationId, userId, hashOf(studyInstanceUid)),
      Readable.from([bytes]),
      {
        size: bytes.length,
      },
    )
    return version
  })
}

async function writeRow(tx: Queryable, studyId: string, userId: string, draft: MarkDraft): Promise<number> {
  const params = [studyId, userId, draft.version, JSON.stringify(draft.marks)]
  const rows = await tx.query<{ version: number }>(
    draft.version === 0
      ? `insert into mark_draft (study_id, user_id, version, marks) values ($1, $2, $3::integer + 1, $4::jsonb)
         on conflict do nothing returning version`
      : `update mark_draft set version = version + 1, marks = $4::jsonb, saved_at = now()
         where study_id = $1 and user_id = $2 and version = $3 returning version`,
    params,
  )
  if (rows[0] === undefined) {
    throw new YunyingError(
      'conflict',
      'draft-changed',
      'Another window saved measurements of this study meanwhile.',
    )
  }
  return rows[0].version
}

/** Puts the drafts of an organisation back for studies and people that are there. Returns how many. */
export async function restoreDrafts(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  organisationId: string,
): Promise<number> {
  let restored = 0
  for await (const { key } of pacs.objects.list(draftsPrefix(organisationId))) {
    const draft = KeptDraft.safeParse(JSON.parse(Buffer.from(await pacs.objects.read(key)).toString('utf8')))
    if (!draft.success) continue
    const { userId, studyInstanceUid, version, marks } = draft.data
    const rows = await pacs.database.query(
      `insert into mark_draft (study_id, user_id, version, marks)
       select s.study_id, u.user_id, $4, $5::jsonb from study s join app_user u using (organisation_id)
       where s.organisation_id = $1 and s.study_instance_uid = $2 and u.user_id = $3
       on conflict do nothing returning 1 as done`,
      [organisationId, studyInstanceUid, userId, version, JSON.stringify(marks)],
    )
    restored += rows.length
  }
  return restored
}

function personOf(principal: Principal): string {
  if (principal.kind === 'user') return principal.userId
  throw new YunyingError('forbidden', 'not-a-person', 'Only a person has drafts.')
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
