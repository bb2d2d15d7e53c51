import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { IssuedSlip, SLIP_DAYS, SLIP_LONGEST, SlipState } from '../../core/contract/patient.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import type { Language } from '../locales/language.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { displayDicomDate, displayLocalTime } from '../ui/dates.ts'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { LANGUAGE_NAMES } from './languages.tsx'
import { SlipSheet } from './slip-sheet.tsx'
import styles from './slip.module.css'

interface SlipDialogProps {
  readonly studyInstanceUid: string
  readonly onClose: () => void
}

/** Makes an access slip, in the patient's language, and prints it. */
export function SlipDialog({ studyInstanceUid, onClose }: SlipDialogProps): ReactNode {
  const { t, language: own } = useTexts()
  const api = useApi()
  const [language, setLanguage] = useState<Language>(own)
  const [days, setDays] = useState(String(SLIP_DAYS))
  const path = `/api/studies/${studyInstanceUid}/patient-slip`
  const state = useQuery({
    queryKey: ['slip', studyInstanceUid],
    queryFn: ({ signal }) => api.call('GET', path, { answer: SlipState, signal }),
    staleTime: 0,
  })
  const make = useMutation({
    mutationFn: () => api.call('POST', path, { body: { days: Number(days) }, answer: IssuedSlip }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate()
  }
  const fault = make.error ?? state.error
  const known = state.data
  return (
    <Dialog open onOpenChange={onClose} title={t('slip.title')} description={t('slip.text')} wide>
      <div className={styles.dialog}>
        {fault !== null && (
          <p className={styles.fault} role="alert">
            {errorText(t, fault)}
          </p>
        )}
        {make.data !== undefined ? (
          <>
            <p>{t('slip.once')}</p>
            <SlipSheet slip={make.data} language={language} />
            {createPortal(
              <div className={styles.paper}>
                <SlipSheet slip={make.data} language={language} />
              </div>,
              document.body,
            )}
            <DialogActions>
              <Button onClick={onClose}>{t('shell.close')}</Button>
              <Button kind="primary" onClick={() => window.print()}>
                {t('slip.print')}
              </Button>
            </DialogActions>
          </>
        ) : known?.obstacle != null ? (
          <p className={styles.fault} role="alert">
            {t(`slip.obstacle.${known.obstacle}`)}
          </p>
        ) : (
          known !== undefined && (
            <form onSubmit={submit}>
              <p className={styles.check}>{t('slip.check', { date: displayDicomDate(known.birthDate) })}</p>
              {known.current !== null && (
                <p className={styles.check}>
                  {t('slip.current', {
                    issued: displayLocalTime(known.current.issuedAt),
                    expires: displayLocalTime(known.current.expiresAt),
                  })}{' '}
                  {known.current.openedAt !== null &&
                    t('slip.current.opened', { time: displayLocalTime(known.current.openedAt) })}
                </p>
              )}
              <div className={styles.choices}>
                <label htmlFor="slip-language">
                  {t('slip.language')}
                  <Choice
                    id="slip-language"
                    value={language}
                    onChange={setLanguage}
                    options={[
                      ['en', LANGUAGE_NAMES.en],
                      ['zh-CN', LANGUAGE_NAMES['zh-CN']],
                    ]}
                  />
                </label>
                <Field
                  label={t('slip.days')}
                  type="number"
                  min={1}
                  max={SLIP_LONGEST}
                  step={1}
                  required
                  value={days}
                  onChange={(event) => setDays(event.target.value)}
                />
              </div>
              <DialogActions>
                <Button onClick={onClose}>{t('shell.cancel')}</Button>
                <Button type="submit" kind="primary" disabled={make.isPending}>
                  {t('slip.make')}
                </Button>
              </DialogActions>
            </form>
          )
        )}
      </div>
    </Dialog>
  )
}
