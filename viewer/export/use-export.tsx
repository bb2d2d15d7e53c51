import { ImageDown, Printer } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { IconButton } from '../ui/button.tsx'
import { useKeyboard, useShownKeys } from '../ui/keyboard.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useToast } from '../ui/toast.tsx'
import { exportKeys } from './export-keys.ts'
import type { ExportSubjects } from './subject.ts'

const PrintDialog = lazy(() => import('./print-dialog.tsx').then((file) => ({ default: file.PrintDialog })))
const ExportDialog = lazy(() =>
  import('./export-dialog.tsx').then((file) => ({ default: file.ExportDialog })),
)

/** Images as files and on paper, for those who may: the code for it comes when it is asked for first. */
export function useExport(subjects: () => ExportSubjects | undefined): {
  readonly menu: ReactNode
  readonly dialog: ReactNode
} {
  const { t } = useTexts()
  const toast = useToast()
  const keyOf = useShownKeys()
  const isAllowed = useMay('image.export')
  const [open, setOpen] = useState<{ readonly to: 'save' | 'print'; readonly subjects: ExportSubjects }>()
  const show = (to: 'save' | 'print') => (): void => {
    const shown = subjects()
    if (shown === undefined) toast({ text: t('export.nothing') })
    else setOpen({ to, subjects: shown })
  }
  useKeyboard(isAllowed ? exportKeys(show) : [])
  return {
    menu: isAllowed && (
      <Menu
        leavesFocus
        align="start"
        trigger={
          <IconButton label={t('export.menu')} title={t('export.menu')}>
            <ImageDown size={18} strokeWidth={1.75} />
          </IconButton>
        }
      >
        <MenuItem
          icon={<ImageDown size={16} strokeWidth={1.75} />}
          trailing={keyOf('export.save')}
          onSelect={show('save')}
        >
          {t('export.save')}
        </MenuItem>
        <MenuItem
          icon={<Printer size={16} strokeWidth={1.75} />}
          trailing={keyOf('export.print')}
          onSelect={show('print')}
        >
          {t('export.print')}
        </MenuItem>
      </Menu>
    ),
    dialog: open !== undefined && (
      <Suspense>
        {open.to === 'save' ? (
          <ExportDialog subject={open.subjects.active} onClose={() => setOpen(undefined)} />
        ) : (
          <PrintDialog subjects={open.subjects} onClose={() => setOpen(undefined)} />
        )}
      </Suspense>
    ),
  }
}
