import { useEffect, useRef, useState } from 'react'
import type { StudyOpening } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { copyText } from '../ui/copy-text.ts'
import { useToast } from '../ui/toast.tsx'
import { frameOf } from './frame-of.ts'
import type { PaneHandle } from './pane-handle.ts'
import type { useJump } from './use-jump.ts'
import { parseViewLink, viewLinkOf } from './view-link.ts'

/** Links to what is shown: made by a key, and followed when the page is opened by one. */
export function useViewLink(
  { series }: StudyOpening,
  jump: ReturnType<typeof useJump>,
  handle: () => PaneHandle,
): {
  copy(): void
  /** The active pane drew something. */
  arrived(): void
} {
  const { t } = useTexts()
  const toast = useToast()
  const [link] = useState(() => parseViewLink(window.location.search))
  const isDue = useRef(link?.window !== undefined)

  useEffect(() => {
    if (link === undefined) return
    if (series.some(({ seriesInstanceUid }) => seriesInstanceUid === link.seriesInstanceUid)) jump.to(link)
    else toast({ tone: 'danger', text: t('reading.link-missing') })
    // Once, when the room is opened.
  }, [])

  return {
    copy() {
      const { state } = handle()
      const path = state.current && viewLinkOf(state.current)
      if (path === undefined) return toast({ text: t('reading.link-none') })
      void copyText(window.location.origin + path).then((isThere) =>
        toast(
          isThere ? { text: t('reading.link-copied') } : { tone: 'danger', text: t('reading.link-failed') },
        ),
      )
    },
    arrived() {
      const { state, viewport } = handle()
      const { current } = state
      if (!isDue.current || link?.window === undefined || current?.image === undefined) return
      if (current.status !== 'ready' || frameOf(current.image).sopInstanceUid !== link.sopInstanceUid) return
      isDue.current = false
      viewport.current?.setWindow(link.window)
    },
  }
}
