import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { saysWhy } from '../../core/contract/emergency.ts'
import type { PlaceHold, RemoveStudy } from '../../core/contract/retention.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field, inputClass } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import styles from './keep-dialog.module.css'

interface KeepDialogProps {
  readonly studyInstanceUid: string
  readonly onClose: () => void
  /** It was held, or removed. */
  readonly onDone?: () => void
}

const WAYS = ['hold-study', 'hold-patient', 'remove'] as const
type Way = (typeof WAYS)[number]

/** Holds a study or its patient, or removes the study; each with a reason. */
export function KeepDialog(props: KeepDialogProps): ReactNode {
  return (
    <WithTexts areas={['retention']}>
      <Keep {...props} />
    </WithTexts>
  )
}

function Keep({ studyInstanceUid, onClose, onDone }: KeepDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const toast = useToast()
  const [way, setWay] = useState<Way>('hold-study')
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const [removesShared, setRemovesShared] = useState(false)
  const study = `/api/studies/${studyInstanceUid}`
  const save = useMutation({
    mutationFn: () =>
      way === 'remove'
        ? api.call('POST', `${study}/removal`, {
            body: { reason: reason.trim(), removesShared } satisfies RemoveStudy,
          })
        : api.call('POST', `${study}/hold`, {
            body: {
              holds: way === 'hold-study' ? 'study' : 'patient',
              reason: reason.trim(),
              until: until === '' ? null : until,
            } satisfies PlaceHold,
          }),
    onSuccess: () => {
      toast({ tone: 'ok', text: way === 'remove' ? t('retention.keep.removed') : t('retention.keep.held') })
      onDone?.()
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Dialog open onOpenChange={onClose} title={t('retention.keep.title')}>
      <form className={styles.form} onSubmit={submit}>
        {save.isError && (
          <p className={styles.fault} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        <fieldset className={styles.ways}>
          <legend className="visually-hidden">{t('retention.keep.title')}</legend>
          {WAYS.map((each) => (
            <label key={each} className={each === 'remove' ? styles.removal : undefined}>
              <input type="radio" name="way" checked={way === each} onChange={() => setWay(each)} />
              {t(`retention.keep.${each}`)}
              <span>{t(`retention.keep.${each}.hint`)}</span>
            </label>
          ))}
        </fieldset>
        <label className={styles.reason}>
          {t('retention.keep.reason')}
          <textarea
            className={inputClass}
            rows={2}
            required
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <span>{t('retention.keep.reason.hint')}</span>
        </label>
        {way === 'remove' ? (
          <label className={styles.tick}>
            <input
              type="checkbox"
              checked={removesShared}
              onChange={(event) => setRemovesShared(event.target.checked)}
            />
            {t('retention.keep.shared')}
          </label>
        ) : (
          <Field
            label={t('retention.keep.until')}
            hint={t('retention.keep.until.hint')}
            type="date"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        )}
        <DialogActions>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button
            type="submit"
            kind={way === 'remove' ? 'danger' : 'primary'}
            disabled={save.isPending || !saysWhy(reason)}
          >
            {way === 'remove' ? t('retention.keep.remove-now') : t('retention.keep.hold')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
