import { createContext, useCallback, useContext, useState, type FormEvent, type ReactNode } from 'react'
import { ApiError } from '../client/api-error.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { hasPasskeys } from '../sign-in/has-passkeys.ts'
import { askPasskey } from '../sign-in/passkey.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import styles from './account.module.css'

/** Does something; where the archive asks who it is once more, asks the person, and does it again. Rejects when they will not. */
export type WithProof = <T>(work: () => Promise<T>) => Promise<T>

const Context = createContext<WithProof | undefined>(undefined)

export function useProof(): WithProof {
  const withProof = useContext(Context)
  if (withProof === undefined) throw new Error('useProof needs a ProofProvider above it.')
  return withProof
}

interface Waiting {
  readonly proven: () => void
  readonly refused: () => void
}

export function ProofProvider({ children }: { children: ReactNode }): ReactNode {
  const [waiting, setWaiting] = useState<Waiting>()
  const withProof = useCallback<WithProof>(async (work) => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'proof-needed') throw error
      await new Promise<void>((resolve, reject) =>
        setWaiting({ proven: resolve, refused: () => reject(error) }),
      ).finally(() => setWaiting(undefined))
      return work()
    }
  }, [])
  return (
    <Context value={withProof}>
      {children}
      {waiting !== undefined && <ProofDialog {...waiting} />}
    </Context>
  )
}

/** The password, a code, or a passkey. */
function ProofDialog({ proven, refused }: Waiting): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [failure, setFailure] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  const give = async (proof: () => Promise<object | undefined>): Promise<void> => {
    setBusy(true)
    setFailure(undefined)
    try {
      const body = await proof()
      if (body === undefined) return
      await api.call('POST', '/api/account/proof', { body })
      proven()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = String(new FormData(event.currentTarget).get('proof'))
    // Six digits are nobody's password: too short for one.
    void give(() =>
      Promise.resolve(/^\s*\d{3}\s*\d{3}\s*$/.test(given) ? { code: given } : { password: given }),
    )
  }
  const usePasskey = (): void =>
    void give(async () => {
      const passkey = await askPasskey(api, '/api/account/proof/passkey')
      return passkey === undefined ? undefined : { passkey }
    })

  return (
    <Dialog open onOpenChange={refused} title={t('account.proof')} description={t('account.proof.text')}>
      <form className={styles.form} onSubmit={submit}>
        {failure !== undefined && (
          <p className={styles.fault} role="alert">
            {errorText(t, failure)}
          </p>
        )}
        <Field
          label={t('account.proof.field')}
          name="proof"
          type="password"
          autoComplete="current-password"
          required
          autoFocus
        />
        <DialogActions>
          {hasPasskeys() && (
            <Button disabled={busy} onClick={usePasskey}>
              {t('account.proof.passkey')}
            </Button>
          )}
          <Button onClick={refused}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={busy}>
            {t('account.continue')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
