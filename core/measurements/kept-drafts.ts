import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import type { ReadableStudy } from '../access/require-study.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import type { ObjectKey } from '../ports/object-store.ts'

/** What a person made on a study and has not saved yet; version 0 when nothing. */
export interface KeptDraft<Item> {
  readonly version: number
  readonly items: Item[]
}

/** Where drafts of one kind are kept: rows, and a copy of each in the object store, for a reindex. */
export interface DraftKind<Item> {
  /** Columns: study_id, user_id, version, saved_at, and `column` with the items as JSON. */
  readonly table: 'mark_draft' | 'segment_draft'
  readonly column: 'marks' | 'segments'
  readonly item: z.ZodType<Item>
  /** @param studyHash SHA-256 of the Study Instance UID, in hex: keys tell no UID. */
  key(organisationId: string, userId: string, studyHash: string): ObjectKey
  prefix(organisationId: string): string
  /** To the person whose other window saved meanwhile. */
  readonly changed: string
}

export async function readKeptDraft<Item>(
  pacs: Pick<Pacs, 'database'>,
  kind: DraftKind<Item>,
  principal: Principal,
  study: ReadableStudy,
): Promise<KeptDraft<Item>> {
  const [row] = await pacs.database.query<{ version: number; items: unknown }>(
    `select version, ${kind.column} as items from ${kind.table} where study_id = $1 and user_id = $2`,
    [study.studyId, personOf(principal)],
  )
  return row === undefined
    ? { version: 0, items: [] }
    : { version: row.version, items: z.array(kind.item).parse(row.items) }
}

/**
 * Keeps the draft in place of the one whose version it names, and returns its own version. Durable when it resolves.
 * Errors: 'conflict' code 'draft-changed' when another window saved meanwhile: read, merge, save again.
 */
export async function saveKeptDraft<Item>(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  kind: DraftKind<Item>,
  principal: Principal,
  study: ReadableStudy,
  draft: KeptDraft<Item>,
): Promise<number> {
  const userId = personOf(principal)
  return pacs.database.transaction(async (tx) => {
    const version = await writeRow(tx, kind, study.studyId, userId, draft)
    const { studyInstanceUid, organisationId } = study
    const kept = { userId, studyInstanceUid, version, [kind.column]: draft.items }
    const bytes = Buffer.from(JSON.stringify(kept))
    // While the row is locked: the object of an earlier version never comes last.
    await pacs.objects.put(
      kind.key(organisationId, userId, hashOf(studyInstanceUid)),
      Readable.from([bytes]),
      { size: bytes.length },
    )
    return version
  })
}

async function writeRow<Item>(
  tx: Queryable,
  { table, column, changed }: DraftKind<Item>,
  studyId: string,
  userId: string,
  draft: KeptDraft<Item>,
): Promise<number> {
  const params = [studyId, userId, draft.version, JSON.stringify(draft.items)]
  const rows = await tx.query<{ version: number }>(
    draft.version === 0
      ? `insert into ${table} (study_id, user_id, version, ${column}) values ($1, $2, $3::integer + 1, $4::jsonb)
         on conflict do nothing returning version`
      : `update ${table} set version = version + 1, ${column} = $4::jsonb, saved_at = now()
         where study_id = $1 and user_id = $2 and version = $3 returning version`,
    params,
  )
  if (rows[0] === undefined) throw new YunyingError('conflict', 'draft-changed', changed)
  return rows[0].version
}

/** What the object store keeps beside the items: enough to put the row back. */
const KeptHead = z.object({
  userId: z.uuid(),
  studyInstanceUid: z.string(),
  version: z.number().int().min(0),
})

/** Puts the drafts of an organisation back for studies and people that are there. Returns how many. */
export async function restoreKeptDrafts<Item>(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  { table, column, item, prefix }: DraftKind<Item>,
  organisationId: string,
): Promise<number> {
  let restored = 0
  for await (const { key } of pacs.objects.list(prefix(organisationId))) {
    const kept: unknown = JSON.parse(Buffer.from(await pacs.objects.read(key)).toString('utf8'))
    const head = KeptHead.safeParse(kept)
    const items = z.array(item).safeParse((kept as Partial<Record<string, unknown>>)[column])
    if (!head.success || !items.success) continue
    const { userId, studyInstanceUid, version } = head.data
    const rows = await pacs.database.query(
      `insert into ${table} (study_id, user_id, version, ${column})
       select s.study_id, u.user_id, $4, $5::jsonb from study s join app_user u using (organisation_id)
       where s.organisation_id = $1 and s.study_instance_uid = $2 and u.user_id = $3
       on conflict do nothing returning 1 as done`,
      [organisationId, studyInstanceUid, userId, version, JSON.stringify(items.data)],
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
