import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { SavedPresentation, type SavePresentation } from '../../core/contract/presentation.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { markLines } from '../marks/mark-lines.ts'
import type { DrawnMarks } from '../marks/saved-marks.ts'
import type { PaneHandle } from '../reading-room/pane-handle.ts'
import { useToast } from '../ui/toast.tsx'
import { keptView, type KeptView } from './kept-view.ts'

const KeepViewDialog = lazy(() =>
  import('./keep-view-dialog.tsx').then((file) => ({ default: file.KeepViewDialog })),
)

/** Keeps how the active pane is looked at, and what is drawn in its series, as a presentation state of this study or its prior. */
export function useKeepView(
  marks: DrawnMarks,
  handle: () => PaneHandle,
): { ask(): void; readonly dialog: ReactNode } {
  const { t, language } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const [view, setView] = useState<KeptView>()

  function ask(): void {
    const { state, viewport } = handle()
    const kept = keptView(state.current, viewport.current?.viewed(), marks.list(), (mark) =>
      markLines(mark, t),
    )
    if (kept === 'nothing') return
    if (typeof kept === 'string') toast({ text: t(`objects.keep-view-${kept}`) })
    else setView(kept)
  }

  async function keep({ study, ...rest }: KeptView, name: string): Promise<void> {
    await api.call('POST', `/api/studies/${study}/presentations`, {
      body: { ...rest, name, language } satisfies SavePresentation,
      answer: SavedPresentation,
    })
    await queries.refetchQueries({ queryKey: ['study', study] })
    toast({ text: t('objects.keep-view-saved', { name }) })
    setView(undefined)
  }

  return {
    ask,
    dialog: view !== undefined && (
      <Suspense>
        <KeepViewDialog
          count={view.marks.length}
          onKeep={(name) => keep(view, name)}
          onClose={() => setView(undefined)}
        />
      </Suspense>
    ),
  }
}
