import { useState, type ReactNode } from 'react'
import type { IssuedSlip } from '../../core/contract/patient.ts'
import { loadArea } from '../locales/load-area.ts'
import type { Language } from '../locales/language.ts'
import { TextsProvider, useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Texts } from '../locales/texts.ts'
import { displayLocalTime } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { QrCode } from '../ui/qr-code.tsx'
import styles from './slip.module.css'

/** What is printed for the patient, in their language, whatever the language of the page is. */
export function SlipSheet({ slip, language }: { slip: IssuedSlip; language: Language }): ReactNode {
  const [texts] = useState(() => new Texts(language, loadArea))
  return (
    <TextsProvider texts={texts}>
      <WithTexts areas={['slip']}>
        <Sheet slip={slip} />
      </WithTexts>
    </TextsProvider>
  )
}

function Sheet({ slip }: { slip: IssuedSlip }): ReactNode {
  const { t, language } = useTexts()
  const { code, address, expiresAt, patientName, organisationName } = slip
  const name = displayPersonName(patientName, language)
  return (
    <article className={styles.sheet} lang={language}>
      <header>
        <p>{organisationName}</p>
        <h1>{t('slip.sheet.title')}</h1>
        <p>{t('slip.sheet.for', { name: [name.primary, name.secondary].filter(Boolean).join(' ') })}</p>
      </header>
      <div className={styles.ways}>
        {/* Behind `#`, which no browser sends to a server: the code is in no log. */}
        <QrCode text={`${address}#${code}`} label={t('slip.sheet.qr')} />
        <ol>
          <li>{t('slip.sheet.step-1')}</li>
          <li>{t('slip.sheet.step-2')}</li>
          <li>{t('slip.sheet.step-3')}</li>
        </ol>
      </div>
      <dl>
        <dt>{t('slip.sheet.address')}</dt>
        <dd>{address}</dd>
        <dt>{t('slip.sheet.code')}</dt>
        <dd className={styles.code}>{code}</dd>
      </dl>
      <p>{t('slip.sheet.see')}</p>
      <p>
        <b>{t('slip.sheet.until', { date: displayLocalTime(expiresAt).slice(0, 10) })}</b>{' '}
        {t('slip.sheet.keep')}
      </p>
    </article>
  )
}
