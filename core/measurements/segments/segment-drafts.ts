import type { Principal } from '../../access/principal.ts'
import type { ReadableStudy } from '../../access/require-study.ts'
import { segmentDraftKey, segmentDraftsPrefix } from '../../archive/object-key.ts'
import type { SegmentDraft } from '../../contract/segments.ts'
import { invalid } from '../../errors.ts'
import type { Pacs } from '../../pacs.ts'
import { readKeptDraft, restoreKeptDrafts, saveKeptDraft, type DraftKind } from '../kept-drafts.ts'
import { forEachRun } from './runs.ts'
import { Segment } from './segment.ts'

const SEGMENTS: DraftKind<Segment> = {
  table: 'segment_draft',
  column: 'segments',
  item: Segment,
  key: segmentDraftKey,
  prefix: segmentDraftsPrefix,
  changed: 'Another window saved segments of this study meanwhile.',
}

/** What this person outlined on the study and has not saved yet; version 0 when nothing. */
export async function readSegmentDraft(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  study: ReadableStudy,
): Promise<SegmentDraft> {
  const { version, items } = await readKeptDraft(pacs, SEGMENTS, principal, study)
  return { version, segments: items }
}

/** As `saveKeptDraft`. Errors: also 'invalid' code 'runs-invalid' for paint that is not of its frame. */
export async function saveSegmentDraft(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  principal: Principal,
  study: ReadableStudy,
  { version, segments }: SegmentDraft,
): Promise<number> {
  segments.forEach(requireRuns)
  return saveKeptDraft(pacs, SEGMENTS, principal, study, { version, items: segments })
}

function requireRuns({ rows, columns, slices }: Segment): void {
  try {
    for (const { runs } of slices) forEachRun(runs, rows * columns, () => undefined)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw invalid('runs-invalid', 'What is painted is not of its image.')
  }
}

/** Puts the drafts of an organisation back for studies and people that are there. Returns how many. */
export const restoreSegmentDrafts = (
  pacs: Pick<Pacs, 'database' | 'objects'>,
  organisationId: string,
): Promise<number> => restoreKeptDrafts(pacs, SEGMENTS, organisationId)
