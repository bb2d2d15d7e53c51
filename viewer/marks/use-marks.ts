import { useState } from 'react'
import { MarkDraft, SavedDraft } from '../../core/contract/api.ts'
import type { DraftKeeper, DraftStatus } from './keep-draft.ts'
import { createMarkStore, type MarkStore } from './mark-store.ts'
import type { Mark } from './mark.ts'
import { useDraft, type DraftRoute } from './use-draft.ts'

const ROUTE: DraftRoute<Mark> = {
  path: (study) => `/api/studies/${study}/draft`,
  load: (api, path) => api.call('GET', path, { answer: MarkDraft }),
  async save(api, path, body) {
    return (await api.call('PUT', path, { body, answer: SavedDraft, outlivesPage: true })).version
  },
}

/** The marks of this reader on a study, saved as they are drawn. */
export function useMarks(studyInstanceUid: string): {
  marks: MarkStore
  status: DraftStatus
  /** Undefined once the room was left. */
  draftKeeper: () => DraftKeeper | undefined
} {
  const [marks] = useState(createMarkStore)
  return { marks, ...useDraft(marks, studyInstanceUid, ROUTE) }
}
