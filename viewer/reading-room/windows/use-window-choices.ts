import type { StudyOpening } from '../../../core/contract/api.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { useToast } from '../../ui/toast.tsx'
import type { WindowChoices } from '../links/link-menu.tsx'
import type { Links } from '../links/use-links.ts'
import type { PaneHandle } from '../pane-handle.ts'
import { viewLinkOf } from '../view-link.ts'
import { openWindow } from './open-window.ts'

/** What can be opened beside this window. The first that is opened scrolls with it, until somebody says otherwise. */
export function useWindowChoices(
  { study }: StudyOpening,
  prior: string | undefined,
  others: number,
  links: Links,
  handle: () => PaneHandle,
): WindowChoices {
  const { t } = useTexts()
  const toast = useToast()
  function open(path: string): void {
    if (!openWindow(path, others)) return toast({ tone: 'danger', text: t('windows.blocked') })
    if (others === 0) links.set({ ...links.switches, scroll: true })
  }
  return {
    openPane() {
      const state = handle().state.current
      open((state && viewLinkOf(state)) ?? `/studies/${study.studyInstanceUid}`)
    },
    openPrior: prior === undefined ? undefined : () => open(`/studies/${prior}`),
    openWorklist: () => open('/'),
  }
}
