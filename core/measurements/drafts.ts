import type { Principal } from '../access/principal.ts'
import type { ReadableStudy } from '../access/require-study.ts'
import { draftKey, draftsPrefix } from '../archive/object-key.ts'
import { DraftMark, type MarkDraft } from '../contract/api.ts'
import type { Pacs } from '../pacs.ts'
import { readKeptDraft, restoreKeptDrafts, saveKeptDraft, type DraftKind } from './kept-drafts.ts'

const MARKS: DraftKind<DraftMark> = {
  table: 'mark_draft',
  column: 'marks',
  item: DraftMark,
  key: draftKey,
  prefix: draftsPrefix,
  changed: 'Another window saved measurements of this study meanwhile.',
}

/** What this person measured on the study and has not saved yet; version 0 when nothing. */
export async function readDraft(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  study: ReadableStudy,
): Promise<MarkDraft> {
  const { version, items } = await readKeptDraft(pacs, MARKS, principal, study)
  return { version, marks: items }
}

/** As `saveKeptDraft`. */
export const saveDraft = (
  pacs: Pick<Pacs, 'database' | 'objects'>,
  principal: Principal,
  study: ReadableStudy,
  { version, marks }: MarkDraft,
): Promise<number> => saveKeptDraft(pacs, MARKS, principal, study, { version, items: marks })

/** Puts the drafts of an organisation back for studies and people that are there. Returns how many. */
export const restoreDrafts = (
  pacs: Pick<Pacs, 'database' | 'objects'>,
  organisationId: string,
): Promise<number> => restoreKeptDrafts(pacs, MARKS, organisationId)
