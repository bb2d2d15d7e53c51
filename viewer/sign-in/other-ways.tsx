import { useState, type ReactNode } from 'react'
import type { SignInOptions } from '../../core/contract/people.ts'
import { useClient } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { hasPasskeys } from './has-passkeys.ts'
import styles from './sign-in.module.css'

/** Beside the password: a passkey, and where else people of this archive sign in. */
export function OtherWays({ providers }: { providers: SignInOptions['providers'] }): ReactNode {
  const { api, session } = useClient()
  const { t } = useTexts()
  const [failure, setFailure] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  const usePasskey = async (): Promise<void> => {
    setBusy(true)
    setFailure(undefined)
    try {
      const { signInWithPasskey } = await import('./passkey.ts')
      const user = await signInWithPasskey(api)
      if (user !== undefined) session.enter(user)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  if (!hasPasskeys() && providers.length === 0) return null
  return (
    <div className={styles.others}>
      <p className={styles.or}>{t('sign-in.or')}</p>
      {failure !== undefined && (
        <p className={styles.fault} role="alert">
          {errorText(t, failure)}
        </p>
      )}
      {providers.map(({ providerId, name }) => (
        <a key={providerId} className={buttonClass('plain', true)} href={beginning(providerId)}>
          {name}
        </a>
      ))}
      {hasPasskeys() && (
        <Button large disabled={busy} onClick={() => void usePasskey()}>
          {t('sign-in.passkey')}
        </Button>
      )}
    </div>
  )
}

/** Where a sign-in elsewhere begins; it comes back to the page that is open. */
function beginning(providerId: string): string {
  const { pathname, search } = window.location
  return `/api/sign-in/${providerId}?${new URLSearchParams({ to: `${pathname}${search}` }).toString()}`
}
