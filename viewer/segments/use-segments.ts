import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { SavedDraft } from '../../core/contract/api.ts'
import { SavedSegments, SegmentDraft, type SaveSegments } from '../../core/contract/segments.ts'
import type { Segment } from '../../core/measurements/segments/segment.ts'
import { useApi } from '../client/client-context.tsx'
import type { DraftStatus } from '../marks/keep-draft.ts'
import { createDrawnStore } from '../marks/drawn-store.ts'
import { useDraft, type DraftRoute } from '../marks/use-draft.ts'
import type { SavingState } from '../marks/use-saved-marks.ts'
import { createPainting, type Painting } from './painting.ts'

const ROUTE: DraftRoute<Segment> = {
  path: (study) => `/api/studies/${study}/segments`,
  async load(api, path) {
    const { version, segments } = await api.call('GET', path, { answer: SegmentDraft })
    return { version, marks: segments }
  },
  async save(api, path, { version, marks }) {
    const body = { version, segments: marks }
    return (await api.call('PUT', path, { body, answer: SavedDraft, outlivesPage: true })).version
  },
}

const NONE: readonly string[] = []

export interface Segments {
  readonly painting: Painting
  readonly status: DraftStatus
  readonly saving: SavingState
  /** Series of the segmentations that were saved since the room was opened. */
  readonly saved: readonly string[]
  /** Makes segmentations of all that is painted on this study. */
  save(): void
}

/** What this reader outlines on a study: saved as it is painted, and made into segmentations. */
export function useSegments(studyInstanceUid: string, language: SaveSegments['language']): Segments {
  const api = useApi()
  const queries = useQueryClient()
  const [painting] = useState(() => createPainting(createDrawnStore<Segment>()))
  const { status, draftKeeper } = useDraft(painting.store, studyInstanceUid, ROUTE)
  const [saving, setSaving] = useState<SavingState>({ kind: 'idle' })
  const [saved, setSaved] = useState(NONE)
  const busy = useRef(false)

  // Something new was painted: what was said of the last segmentation is over.
  useEffect(
    () =>
      painting.store.subscribe(() => {
        if (!busy.current) setSaving((before) => (before.kind === 'idle' ? before : { kind: 'idle' }))
      }),
    [painting],
  )

  async function run(): Promise<void> {
    const keeper = draftKeeper()
    const settled = await keeper?.settle()
    if (keeper === undefined || settled === undefined) return setSaving({ kind: 'failed', error: undefined })
    const segments = settled.marks.filter((segment) => isToSave(segment, studyInstanceUid))
    if (segments.length === 0) return setSaving({ kind: 'idle' })
    const { version, segmentations } = await api.call(
      'POST',
      `/api/studies/${studyInstanceUid}/segmentations`,
      {
        body: {
          language,
          version: settled.version,
          segments: segments.map(({ trackingUid }) => trackingUid),
        } satisfies SaveSegments,
        answer: SavedSegments,
      },
    )
    // They are drawn from the segmentation before they leave the draft: none is missing in between.
    await queries.refetchQueries({ queryKey: ['study', studyInstanceUid] })
    setSaved((before) => [...before, ...segmentations.map(({ seriesInstanceUid }) => seriesInstanceUid)])
    keeper.release(version, segments)
    setSaving({ kind: 'saved', count: segments.length })
  }

  return {
    painting,
    status,
    saving,
    saved,
    save() {
      if (busy.current) return
      busy.current = true
      setSaving({ kind: 'saving' })
      run()
        .catch((error: unknown) => setSaving({ kind: 'failed', error }))
        .finally(() => (busy.current = false))
    },
  }
}

/** Whether a segmentation can be made of it here. */
export const isToSave = ({ studyInstanceUid, slices }: Segment, study: string): boolean =>
  studyInstanceUid === study && slices.length > 0
