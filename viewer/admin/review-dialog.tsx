import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Verdict, type ReviewedEmergency } from '../../core/contract/emergency.ts'
import { useApi } from '../client/client-context.tsx'
import { useEmergencyStore } from '../emergency/emergency-context.ts'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { inputClass } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import styles from './emergency-page.module.css'

interface ReviewDialogProps {
  readonly emergency: ReviewedEmergency
  readonly onClose: () => void
}

/** Closes an emergency access: justified or not, and how the reviewer knows. */
export function ReviewDialog({ emergency, onClose }: ReviewDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const store = useEmergencyStore()
  const toast = useToast()
  const [verdict, setVerdict] = useState<(typeof Verdict.options)[number]>()
  const [note, setNote] = useState('')
  const save = useMutation({
    mutationFn: () =>
      api.call('POST', `/api/admin/emergency/${emergency.emergencyId}/review`, { body: { verdict, note } }),
    onSuccess: async () => {
      await store?.refresh()
      toast({ tone: 'ok', text: t('emergency.closed') })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('emergency.review.title')}
      {...(emergency.lasts ? { description: t('emergency.review.lasts') } : {})}
    >
      <form className={styles.form} onSubmit={submit}>
        {save.isError && (
          <p className={styles.fault} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        <fieldset>
          <legend>{t('emergency.verdict')}</legend>
          {Verdict.options.map((option) => (
            <label key={option}>
              <input
                type="radio"
                name="verdict"
                checked={verdict === option}
                onChange={() => setVerdict(option)}
              />
              {t(`emergency.verdict.${option}`)}
            </label>
          ))}
        </fieldset>
        <label className={styles.note}>
          {t('emergency.note')}
          <textarea
            className={inputClass}
            rows={3}
            maxLength={2000}
            required
            aria-describedby="review-note-hint"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        <p id="review-note-hint" className={styles.quiet}>
          {t('emergency.note.hint')}
        </p>
        <DialogActions>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button
            type="submit"
            kind="primary"
            disabled={save.isPending || verdict === undefined || note.trim() === ''}
          >
            {t('emergency.close')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
