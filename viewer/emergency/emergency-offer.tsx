import { Siren } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { useAskEmergency } from './emergency-context.ts'
import styles from './emergency.module.css'

/** Where a search has found nothing: what was typed may be the number of somebody who has to be treated now. */
export function EmergencyOffer({ typed = '' }: { typed?: string }): ReactNode {
  const ask = useAskEmergency()
  if (ask === undefined || !mayBeIdentifier(typed)) return null
  return (
    <WithTexts areas={['emergency']}>
      <Offer onAsk={() => ask(typed)} />
    </WithTexts>
  )
}

function Offer({ onAsk }: { onAsk: () => void }): ReactNode {
  const { t } = useTexts()
  return (
    <div className={styles.offer}>
      <p>{t('emergency.offer.text')}</p>
      <Button onClick={onAsk}>
        <Siren size={16} strokeWidth={1.75} aria-hidden="true" />
        {t('emergency.offer')}
      </Button>
    </div>
  )
}

/** Nothing yet, or one word with a digit in it: a name is never asked for. */
export const mayBeIdentifier = (typed: string): boolean =>
  typed === '' || /^(?=.*\d)\S{2,64}$/.test(typed.trim())
