import { Share2 } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { WithTexts } from '../locales/texts-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { useKeyboard, useShownKeys } from '../ui/keyboard.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import type { SharedStudy } from './share-dialog.tsx'
import { shareKeys } from './share-keys.ts'

const ShareDialog = lazy(() =>
  import('./share-dialog.tsx').then((module) => ({ default: module.ShareDialog })),
)

/** Shows the study to somebody elsewhere, for who may: a button, a key, and the dialog behind them. */
export function ShareStudy({
  study,
  compact = false,
}: {
  readonly study: SharedStudy
  /** An icon alone: in a bar. */
  readonly compact?: boolean
}): ReactNode {
  const { t } = useTexts()
  const mayShare = useMay('study.share')
  const [open, setOpen] = useState(false)
  const keyOf = useShownKeys()
  useKeyboard(mayShare ? shareKeys(() => setOpen(true)) : [])
  if (!mayShare) return null
  return (
    <>
      {compact ? (
        <Tooltip text={t('shell.share-study')} shownKey={keyOf('shell.share-study')}>
          <IconButton label={t('shell.share-study')} onClick={() => setOpen(true)}>
            <Share2 size={18} strokeWidth={1.75} />
          </IconButton>
        </Tooltip>
      ) : (
        <Button onClick={() => setOpen(true)}>
          <Share2 size={16} strokeWidth={1.75} aria-hidden="true" />
          {t('shell.share-study')}
        </Button>
      )}
      {open && (
        <Suspense>
          <WithTexts areas={['share', 'deidentify']}>
            <ShareDialog study={study} onClose={() => setOpen(false)} />
          </WithTexts>
        </Suspense>
      )}
    </>
  )
}
