import { TicketCheck } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'

const SlipDialog = lazy(() => import('./slip-dialog.tsx').then((file) => ({ default: file.SlipDialog })))

/** The button that makes an access slip for the patient of a study. Nothing for who may not. */
export function PatientSlip({ studyInstanceUid }: { studyInstanceUid: string }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  if (!useMay('patient.slip')) return null
  return (
    <WithTexts areas={['slip']}>
      <SlipButton onPress={() => setOpen(true)} />
      {isOpen && (
        <Suspense>
          <SlipDialog studyInstanceUid={studyInstanceUid} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </WithTexts>
  )
}

function SlipButton({ onPress }: { onPress: () => void }): ReactNode {
  const { t } = useTexts()
  return (
    <Button onClick={onPress}>
      <TicketCheck size={16} strokeWidth={1.75} aria-hidden="true" />
      {t('slip.slip')}
    </Button>
  )
}
