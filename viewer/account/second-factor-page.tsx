import { useEffect, useState, type ReactNode } from 'react'
import { useClient } from '../client/client-context.tsx'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { hasPasskeys } from '../sign-in/has-passkeys.ts'
import { addPasskey } from '../sign-in/passkey.ts'
import { SignInFrame } from '../sign-in/sign-in-frame.tsx'
import signIn from '../sign-in/sign-in.module.css'
import { Button } from '../ui/button.tsx'
import styles from './account.module.css'
import { browserName } from './browser-name.ts'
import { CodesSetup } from './codes-setup.tsx'
import { ProofProvider, useProof } from './proof.tsx'

/** Somebody whose role needs a second factor sets one up before anything else. */
export function SecondFactorPage(): ReactNode {
  return (
    <WithTexts areas={['account', 'shell', 'sign-in']}>
      <QueriesProvider>
        <ProofProvider>
          <Ways />
        </ProofProvider>
      </QueriesProvider>
    </WithTexts>
  )
}

function Ways(): ReactNode {
  const { api, session } = useClient()
  const { t } = useTexts()
  const withProof = useProof()
  const [byCodes, setByCodes] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  useEffect(() => {
    document.title = `${t('account.needed.title')} · Yunying 云影`
  }, [t])
  const makePasskey = async (): Promise<void> => {
    setFailure(undefined)
    try {
      const isMade = await withProof(() => addPasskey(api, browserName(navigator.userAgent)))
      if (isMade) await session.refresh(api)
    } catch (error) {
      setFailure(error)
    }
  }
  return (
    <SignInFrame wide>
      <h1 className={signIn.heading}>{t('account.needed.title')}</h1>
      <p className={signIn.explanation}>{t('account.needed.text')}</p>
      {failure !== undefined && (
        <p className={signIn.fault} role="alert">
          {errorText(t, failure)}
        </p>
      )}
      <div className={styles.form}>
        {byCodes ? (
          <CodesSetup onDone={() => void session.refresh(api)} />
        ) : (
          <>
            {hasPasskeys() && (
              <Button kind="primary" large onClick={() => void makePasskey()}>
                {t('account.passkeys.add')}
              </Button>
            )}
            <Button kind={hasPasskeys() ? 'plain' : 'primary'} large onClick={() => setByCodes(true)}>
              {t('account.codes.set-up')}
            </Button>
          </>
        )}
        <Button kind="quiet" large onClick={() => void session.signOut(api)}>
          {t('shell.sign-out')}
        </Button>
      </div>
    </SignInFrame>
  )
}
