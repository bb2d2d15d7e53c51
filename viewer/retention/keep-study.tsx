import { Archive } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'

const KeepDialog = lazy(() => import('./keep-dialog.tsx').then((file) => ({ default: file.KeepDialog })))

/** The button that holds or removes a study. Nothing for who may not. */
export function KeepStudy({ studyInstanceUid }: { studyInstanceUid: string }): ReactNode {
  const { t } = useTexts()
  const [isOpen, setOpen] = useState(false)
  if (!useMay('retention.manage')) return null
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Archive size={16} strokeWidth={1.75} aria-hidden="true" />
        {t('worklist.keep')}
      </Button>
      {isOpen && (
        <Suspense>
          <KeepDialog studyInstanceUid={studyInstanceUid} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
