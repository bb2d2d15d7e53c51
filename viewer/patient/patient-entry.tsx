import { useActionState, useEffect, useState, type ReactNode } from 'react'
import { useClient } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Languages } from './languages.tsx'
import styles from './patient.module.css'

/** The way in: the code of a slip and the date of birth. A photographed slip has filled in the code. */
export function PatientEntry({ expired }: { expired: boolean }): ReactNode {
  const { t } = useTexts()
  const { api, session } = useClient()
  const [code, setCode] = useState(codeOfAddress)
  const [birthDate, setBirthDate] = useState('')
  // Behind `#`, where no server and no log ever sees it; and not in the history of this browser either.
  useEffect(() => {
    if (window.location.hash !== '') window.history.replaceState(null, '', window.location.pathname)
  }, [])
  const [failure, open, isBusy] = useActionState(async (): Promise<unknown> => {
    try {
      await api.call('POST', '/api/patient/session', {
        body: { code, birthDate: birthDate.replaceAll('-', '') },
      })
      await session.refresh(api)
      return undefined
    } catch (error) {
      return error
    }
  }, undefined)
  return (
    <main className={styles.entry}>
      <h1>{t('patient.entry.title')}</h1>
      <p>{t('patient.entry.text')}</p>
      <form action={open} className={styles.form}>
        {failure !== undefined ? (
          <p className={styles.fault} role="alert">
            {errorText(t, failure)}
          </p>
        ) : (
          expired && (
            <p className={styles.told} role="status">
              {t('patient.entry.expired')}
            </p>
          )
        )}
        <Field
          large
          label={t('patient.entry.code')}
          hint={t('patient.entry.code.hint')}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          maxLength={60}
          required
          autoFocus={code === ''}
        />
        <Field
          large
          label={t('patient.entry.birth-date')}
          type="date"
          autoComplete="bday"
          min="1880-01-01"
          value={birthDate}
          onChange={(event) => setBirthDate(event.target.value)}
          required
          autoFocus={code !== ''}
        />
        <Button type="submit" kind="primary" large disabled={isBusy} className={styles.big}>
          {t(isBusy ? 'patient.entry.busy' : 'patient.entry.open')}
        </Button>
      </form>
      <footer>
        <Languages />
        <p>{t('patient.entry.notice')}</p>
        <p>
          {t('patient.entry.staff')} <a href="/">{t('patient.entry.staff.link')}</a>
        </p>
      </footer>
    </main>
  )
}

/** What stands behind the `#` of the address, if it may be a code. */
function codeOfAddress(): string {
  const text = window.location.hash.slice(1)
  return /^[\w-]{1,60}$/.test(text) ? text : ''
}
