import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import {
  MeasurementReports,
  SavedMeasurements,
  type MeasurementReport,
  type SaveMeasurements,
} from '../../core/contract/api.ts'
import { isCalibrating } from '../../core/measurements/shapes.ts'
import { useApi } from '../client/client-context.tsx'
import type { DraftKeeper } from './keep-draft.ts'
import type { MarkStore } from './mark-store.ts'
import { createSavedMarks, type SavedMarks } from './saved-marks.ts'

/** How a report comes about. Whatever failed, the marks are in the draft still. */
export type SavingState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved'; readonly count: number }
  | { readonly kind: 'failed'; readonly error: unknown }

interface Saving {
  readonly saved: SavedMarks
  readonly state: SavingState
  /** Makes a report of all marks of the draft that are on this study. */
  save(): void
}

/** What was measured on these studies and saved; and the saving of what is in the draft of the first of them. */
export function useSavedMarks(
  studies: readonly string[],
  draft: MarkStore,
  draftKeeper: () => DraftKeeper | undefined,
  language: SaveMeasurements['language'],
): Saving {
  const api = useApi()
  const queries = useQueryClient()
  const [saved] = useState(() => createSavedMarks(draft))
  const [state, setState] = useState<SavingState>({ kind: 'idle' })
  const busy = useRef(false)
  const [own = ''] = studies
  const path = (study: string): string => `/api/studies/${study}/reports/measurements`

  const reports = useQueries({
    queries: studies.map((study) => ({
      // Read again when something of the study arrives: a report, say.
      queryKey: ['study', study, 'measurements'],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.call('GET', path(study), { answer: MeasurementReports, signal }),
    })),
    combine: reportsOf,
  })
  useEffect(() => saved.restore(reports), [saved, reports])

  // Something new was drawn: what was said of the last report is over.
  useEffect(
    () =>
      draft.subscribe(() => {
        if (!busy.current) setState((before) => (before.kind === 'idle' ? before : { kind: 'idle' }))
      }),
    [draft],
  )

  async function run(): Promise<void> {
    const keeper = draftKeeper()
    const settled = await keeper?.settle()
    if (keeper === undefined || settled === undefined) return setState({ kind: 'failed', error: undefined })
    const marks = settled.marks.filter(
      ({ studyInstanceUid, geometry }) => studyInstanceUid === own && !isCalibrating(geometry),
    )
    if (marks.length === 0) return setState({ kind: 'idle' })
    const { version } = await api.call('POST', path(own), {
      body: {
        language,
        version: settled.version,
        marks: marks.map(({ trackingUid }) => trackingUid),
      } satisfies SaveMeasurements,
      answer: SavedMeasurements,
    })
    // They are drawn from the report before they leave the draft: none is missing in between.
    await queries.refetchQueries({ queryKey: ['study', own] })
    keeper.release(version, marks)
    setState({ kind: 'saved', count: marks.length })
  }

  return {
    saved,
    state,
    save() {
      if (busy.current) return
      busy.current = true
      setState({ kind: 'saving' })
      run()
        .catch((error: unknown) => setState({ kind: 'failed', error }))
        .finally(() => (busy.current = false))
    },
  }
}

const reportsOf = (results: readonly { data: MeasurementReports | undefined }[]): MeasurementReport[] =>
  results.flatMap(({ data }) => data?.reports ?? [])
