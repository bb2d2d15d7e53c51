import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { CreatedShare } from '../../core/contract/sharing.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { copyText } from '../ui/copy-text.ts'
import { Field } from '../ui/field.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { ACCESS_QUERY } from './patient-access.tsx'
import styles from './patient.module.css'

const DAYS = ['7', '30', '90'] as const
const DAY_MS = 86_400_000

interface PatientShareProps {
  readonly studyInstanceUid: string
  readonly onDone: () => void
}

/** A link for a doctor of the patient's choice: whom it is for, for how long; then the link itself, once. */
export function PatientShare({ studyInstanceUid, onDone }: PatientShareProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [days, setDays] = useState<(typeof DAYS)[number]>('30')
  const [mayDownload, setMayDownload] = useState(false)
  const [withCode, setWithCode] = useState(false)
  const make = useMutation({
    mutationFn: () =>
      api.call('POST', `/api/studies/${studyInstanceUid}/shares`, {
        body: {
          recipientName: name.trim(),
          rights: mayDownload ? ['download'] : [],
          expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
          lock: { kind: withCode ? 'code' : 'none' },
        },
        answer: CreatedShare,
      }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ACCESS_QUERY }),
  })
  if (make.data !== undefined) return <MadeLink made={make.data} onDone={onDone} />
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {make.isError && (
        <p className={styles.fault} role="alert">
          {errorText(t, make.error)}
        </p>
      )}
      <Field
        large
        label={t('patient.share.whom')}
        hint={t('patient.share.whom.hint')}
        value={name}
        maxLength={200}
        autoComplete="off"
        required
        onChange={(event) => setName(event.target.value)}
      />
      <label htmlFor="share-days">{t('patient.share.for')}</label>
      <Choice
        id="share-days"
        value={days}
        onChange={setDays}
        options={DAYS.map((many) => [many, t('patient.share.days', { count: Number(many) })] as const)}
      />
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={mayDownload}
          onChange={(event) => setMayDownload(event.target.checked)}
        />
        {t('patient.share.download')}
      </label>
      <label className={styles.tick}>
        <input type="checkbox" checked={withCode} onChange={(event) => setWithCode(event.target.checked)} />
        {t('patient.share.code')}
      </label>
      <div className={styles.buttons}>
        <Button type="submit" kind="primary" large disabled={make.isPending || name.trim() === ''}>
          {t('patient.share.make')}
        </Button>
        <Button large onClick={onDone}>
          {t('shell.cancel')}
        </Button>
      </div>
    </form>
  )
}

function MadeLink({ made, onDone }: { made: CreatedShare; onDone: () => void }): ReactNode {
  const { t } = useTexts()
  const [copied, setCopied] = useState(false)
  return (
    <div className={styles.form} role="status">
      <h3>{t('patient.share.made', { name: made.share.recipientName })}</h3>
      <p>{t('patient.share.made.text')}</p>
      <div className={styles.square}>
        <QrCode text={made.url} label={t('patient.share.qr')} />
      </div>
      <p className={styles.secret}>{made.url}</p>
      {made.code !== null && (
        <p>
          {t('patient.share.code-is')} <b className={styles.secret}>{made.code}</b>
        </p>
      )}
      <div className={styles.buttons}>
        <Button kind="primary" large onClick={() => void copyText(made.url).then(setCopied)}>
          {t(copied ? 'patient.share.copied' : 'patient.share.copy')}
        </Button>
        <Button large onClick={onDone}>
          {t('patient.share.done')}
        </Button>
      </div>
    </div>
  )
}
