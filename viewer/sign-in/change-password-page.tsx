import { useEffect, type ReactNode } from 'react'
import { useClient, useSessionUser } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { ChangePasswordForm } from './change-password-form.tsx'
import { SignInFrame } from './sign-in-frame.tsx'
import styles from './sign-in.module.css'

/** The first sign-in with a one-time password: choose your own before anything else. */
export function ChangePasswordPage(): ReactNode {
  const { api, session } = useClient()
  const { t } = useTexts()
  const user = useSessionUser()

  useEffect(() => {
    document.title = `${t('sign-in.choose.title')} · Yunying 云影`
  }, [t])

  return (
    <SignInFrame>
      <h1 className={styles.heading}>{t('sign-in.choose.title')}</h1>
      <p className={styles.explanation}>{t('sign-in.choose.text', { email: user.email })}</p>
      <ChangePasswordForm
        oneTime
        cancel={
          <Button kind="quiet" large onClick={() => void session.signOut(api)}>
            {t('shell.sign-out')}
          </Button>
        }
      />
    </SignInFrame>
  )
}
