import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { QrCode } from '../ui/qr-code.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './share-letter.module.css'

interface ShareLetterProps {
  readonly organisationName: string
  readonly url: string
  readonly letter: string
}

/** The link on paper, seen by the printer alone. What opens it is not on it: it goes another way. */
export function ShareLetter({ organisationName, url, letter }: ShareLetterProps): ReactNode {
  const { t, language } = useTexts()
  return createPortal(
    <article className={styles.paper} lang={language}>
      <header>{organisationName}</header>
      <h1>{t('share.subject')}</h1>
      <div>
        <QrCode text={url} label={t('share.qr')} />
        <p>{letter}</p>
      </div>
    </article>,
    document.body,
  )
}
