import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { CodesBegun, RecoveryCodes } from '../../core/contract/account.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import styles from './account.module.css'
import { useProof } from './proof.tsx'
import { RecoveryCodeList } from './recovery-code-list.tsx'

/** Sets an authenticator up: its QR code, the first code of it, then the recovery codes. */
export function CodesSetup({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const withProof = useProof()
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>()
  const begun = useQuery({
    queryKey: ['account', 'codes-begun'],
    queryFn: () => withProof(() => api.call('POST', '/api/account/codes', { answer: CodesBegun })),
    // Each asking draws a new secret: not while somebody looks at this one.
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
  const confirm = useMutation({
    mutationFn: (code: string) =>
      withProof(() =>
        api.call('POST', '/api/account/codes/confirmation', { body: { code }, answer: RecoveryCodes }),
      ),
    onSuccess: (confirmed) => setRecoveryCodes(confirmed.recoveryCodes),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    confirm.mutate(String(new FormData(event.currentTarget).get('code')).trim())
  }

  if (recoveryCodes !== undefined) return <RecoveryCodeList codes={recoveryCodes} onDone={onDone} />
  if (begun.isError)
    return (
      <p className={styles.fault} role="alert">
        {errorText(t, begun.error)}
      </p>
    )
  if (begun.data === undefined) return <div className={styles.blank} aria-busy />
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.setup}>
        <QrCode text={begun.data.uri} label={t('account.codes.qr')} />
        <ol>
          <li>{t('account.codes.step-app')}</li>
          <li>
            {t('account.codes.step-secret')}
            <p className={styles.secret}>{begun.data.secret.replace(/(.{4})(?=.)/g, '$1 ')}</p>
          </li>
          <li>{t('account.codes.step-code')}</li>
        </ol>
      </div>
      <Field
        label={t('sign-in.code')}
        name="code"
        type="text"
        inputMode="numeric"
        autoComplete="one-time-code"
        minLength={6}
        maxLength={7}
        required
        autoFocus
        error={confirm.isError ? errorText(t, confirm.error) : undefined}
      />
      <Button type="submit" kind="primary" disabled={confirm.isPending}>
        {t('account.codes.confirm')}
      </Button>
    </form>
  )
}
