import { useMutation } from '@tanstack/react-query'
import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { CreatedToken } from '../../core/contract/account.ts'
import { useApi, useSessionUser } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import type { TextKey } from '../locales/text-key.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { copyText } from '../ui/copy-text.ts'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import styles from './account.module.css'
import { useProof } from './proof.tsx'

const DAYS = ['7', '30', '90', '365'] as const

/** A new token: what for, for how long, what of one's own rights; then the token itself, once. */
export function TokenDialog({ onClose }: { onClose: (made: boolean) => void }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const daysId = useId()
  const { actions: own } = useSessionUser()
  const withProof = useProof()
  const [days, setDays] = useState<(typeof DAYS)[number]>('90')
  const [narrow, setNarrow] = useState(true)
  const [actions, setActions] = useState<readonly string[]>([])
  const [copied, setCopied] = useState(false)
  const make = useMutation({
    mutationFn: (label: string) =>
      withProof(() =>
        api.call('POST', '/api/account/tokens', {
          body: { label, days: Number(days), actions: narrow ? actions : null },
          answer: CreatedToken,
        }),
      ),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    make.mutate(String(new FormData(event.currentTarget).get('label')))
  }

  if (make.data !== undefined) {
    const { token } = make.data
    return (
      <Dialog open onOpenChange={() => onClose(true)} title={t('account.tokens.once')}>
        <div className={styles.form}>
          <p>{t('account.tokens.once-text')}</p>
          <p className={styles.secret}>{token}</p>
          <DialogActions>
            <Button onClick={() => void copyText(token).then(setCopied)}>
              {t(copied ? 'account.copied' : 'account.copy')}
            </Button>
            <Button kind="primary" onClick={() => onClose(true)}>
              {t('account.done')}
            </Button>
          </DialogActions>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog wide open onOpenChange={() => onClose(false)} title={t('account.tokens.add')}>
      <form className={styles.form} onSubmit={submit}>
        {make.isError && (
          <p className={styles.fault} role="alert">
            {errorText(t, make.error)}
          </p>
        )}
        <Field label={t('account.tokens.label')} name="label" required maxLength={100} autoFocus />
        <label className={styles.check} htmlFor={daysId}>
          {t('account.tokens.for')}
          <Choice
            id={daysId}
            value={days}
            options={DAYS.map((each) => [each, t('account.tokens.days', { count: Number(each) })] as const)}
            onChange={setDays}
          />
        </label>
        <fieldset className={styles.scope}>
          <legend>{t('account.tokens.scope')}</legend>
          <label className={styles.check}>
            <input type="radio" name="scope" checked={narrow} onChange={() => setNarrow(true)} />
            {t('account.tokens.some')}
          </label>
          {narrow && (
            <div className={styles.checks}>
              {own.map((action) => (
                <label key={action} className={styles.check}>
                  <input
                    type="checkbox"
                    checked={actions.includes(action)}
                    onChange={(event) =>
                      setActions(
                        event.target.checked ? [...actions, action] : actions.filter((one) => one !== action),
                      )
                    }
                  />
                  {t(`people.action.${action}` as TextKey)}
                </label>
              ))}
            </div>
          )}
          <label className={styles.check}>
            <input type="radio" name="scope" checked={!narrow} onChange={() => setNarrow(false)} />
            {t('account.tokens.all')}
          </label>
        </fieldset>
        <DialogActions>
          <Button onClick={() => onClose(false)}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={make.isPending || (narrow && actions.length === 0)}>
            {t('account.tokens.add')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
