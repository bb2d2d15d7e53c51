import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { CreatedShare, type CreateShare } from '../../core/contract/sharing.ts'
import { SHARE_RIGHTS, type ShareRight } from '../../core/contract/share-rights.ts'
import { useApi, useMay } from '../client/client-context.tsx'
import { Choice, Tick } from '../export/choices.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { DeidentifyChoice, type Deidentify } from './deidentify-choice.tsx'
import { PartChoice, type Part } from './part-choice.tsx'
import styles from './share.module.css'

const DAYS = [1, 7, 30, 90] as const
type Lock = 'none' | 'passphrase' | 'code'

interface NewShareFormProps {
  readonly studyInstanceUid: string
  readonly onMade: (made: CreatedShare) => void
}

/** Whom a link is for, and what it lets them do. Whom is enough: the rest has good answers already. */
export function NewShareForm({ studyInstanceUid, onMade }: NewShareFormProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const may: Record<ShareRight, boolean> = {
    download: useMay('study.download'),
    annotate: useMay('annotation.save'),
    report: useMay('measurement.save'),
  }
  const [recipientName, setRecipientName] = useState('')
  const [recipientEmail, setRecipientEmail] = useState('')
  const [days, setDays] = useState<number>(7)
  const [lock, setLock] = useState<Lock>('code')
  const [passphrase, setPassphrase] = useState('')
  const [rights, setRights] = useState<readonly ShareRight[]>([])
  const [part, setPart] = useState<Part>()
  const [deidentify, setDeidentify] = useState<Deidentify>()
  const [watermark, setWatermark] = useState(true)
  const [mostOpens, setMostOpens] = useState('')
  const isCopy = part !== undefined || deidentify !== undefined
  const isNothing = part !== undefined && part.series.length + part.instances.length === 0
  const make = useMutation({
    mutationFn: () => {
      const body: CreateShare = {
        recipientName: recipientName.trim(),
        ...(recipientEmail.trim() === '' ? {} : { recipientEmail: recipientEmail.trim() }),
        rights: rights.filter((right) => !isCopy || right === 'download'),
        expiresAt: new Date(Date.now() + days * 86_400_000).toISOString(),
        lock: lock === 'passphrase' ? { kind: lock, passphrase } : { kind: lock },
        watermark,
        ...(mostOpens === '' ? {} : { mostOpens: Number(mostOpens) }),
        ...(part === undefined ? {} : { selection: part }),
        ...(deidentify === undefined ? {} : { deidentify }),
      }
      return api.call('POST', `/api/studies/${studyInstanceUid}/shares`, { body, answer: CreatedShare })
    },
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ['shares'] })
      onMade(made)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.pair}>
        <Field
          label={t('share.recipient')}
          placeholder={t('share.recipient-example')}
          required
          autoFocus
          maxLength={200}
          value={recipientName}
          onChange={(event) => setRecipientName(event.target.value)}
        />
        <Field
          label={t('share.email')}
          type="email"
          value={recipientEmail}
          onChange={(event) => setRecipientEmail(event.target.value)}
        />
      </div>
      <div className={styles.pair}>
        <Choice
          legend={t('share.until')}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          options={DAYS.map((each) => ({ value: String(each), text: t('share.days', { count: each }) }))}
        />
        <Choice
          legend={t('share.lock')}
          value={lock}
          onChange={setLock}
          options={(['code', 'passphrase', 'none'] as const).map((value) => ({
            value,
            text: t(`share.lock.${value}`),
          }))}
        />
      </div>
      {lock === 'passphrase' ? (
        <Field
          label={t('share.passphrase')}
          hint={t('share.passphrase-hint')}
          required
          minLength={8}
          autoComplete="off"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
        />
      ) : (
        <p className={styles.hint}>{t(`share.lock.${lock}-hint`)}</p>
      )}
      <fieldset className={styles.rights}>
        <legend>{t('share.rights')}</legend>
        <p className={styles.hint}>{t('share.rights-hint')}</p>
        {SHARE_RIGHTS.filter((right) => may[right]).map((right) => (
          <Tick
            key={right}
            text={t(`share.right.${right}`)}
            checked={rights.includes(right) && (right === 'download' || !isCopy)}
            onChange={(checked) =>
              setRights(checked ? [...rights, right] : rights.filter((each) => each !== right))
            }
          />
        ))}
      </fieldset>
      <details className={styles.more}>
        <summary>{t('share.more')}</summary>
        <PartChoice studyInstanceUid={studyInstanceUid} part={part} onChange={setPart} />
        <Tick
          text={t('share.deidentified')}
          hint={t('share.deidentified-hint')}
          checked={deidentify !== undefined}
          onChange={(without) => setDeidentify(without ? {} : undefined)}
        />
        {deidentify !== undefined && (
          <DeidentifyChoice
            studyInstanceUid={studyInstanceUid}
            part={part}
            value={deidentify}
            onChange={setDeidentify}
          />
        )}
        <Tick
          text={t('share.watermark')}
          hint={t('share.watermark-hint')}
          checked={watermark}
          onChange={setWatermark}
        />
        <Field
          label={t('share.most-opens')}
          hint={t('share.most-opens-hint')}
          type="number"
          min={1}
          max={10_000}
          value={mostOpens}
          onChange={(event) => setMostOpens(event.target.value)}
        />
      </details>
      {isCopy && <p className={styles.hint}>{t('share.copy-hint')}</p>}
      {make.isError && (
        <p role="alert" className={styles.fault}>
          {errorText(t, make.error)}
        </p>
      )}
      <DialogActions>
        <Button
          type="submit"
          kind="primary"
          disabled={make.isPending || isNothing || recipientName.trim() === ''}
        >
          {t('share.create')}
        </Button>
      </DialogActions>
    </form>
  )
}
