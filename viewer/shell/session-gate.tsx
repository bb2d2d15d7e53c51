import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { useClient, useSessionState } from '../client/client-context.tsx'
import type { SessionState } from '../client/session-store.ts'
import { asLanguage, rememberLanguage } from '../locales/language.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { ChangePasswordPage } from '../sign-in/change-password-page.tsx'
import { SignInPage } from '../sign-in/sign-in-page.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './session-gate.module.css'

const loadApp = () => import('./app.tsx').then(({ App }) => ({ default: App }))
const App = lazy(loadApp)
const InvitationPage = lazy(() =>
  import('../invite/invitation-page.tsx').then(({ InvitationPage: Page }) => ({ default: Page })),
)
const SecondFactorPage = lazy(() =>
  import('../account/second-factor-page.tsx').then(({ SecondFactorPage: Page }) => ({ default: Page })),
)
const PatientGate = lazy(() =>
  import('../patient/patient-gate.tsx').then((file) => ({ default: file.PatientGate })),
)

/** Lets only a signed-in person with a password of their own through to the pages. */
export function SessionGate(): ReactNode {
  const { api, session } = useClient()
  const { t, language, changeLanguage } = useTexts()
  const state = useSessionState()

  useEffect(() => {
    document.documentElement.lang = language
    rememberLanguage(localStorage, language)
  }, [language])

  const wanted = state.kind === 'signed-in' ? asLanguage(state.user.language) : undefined
  useEffect(() => {
    if (wanted !== undefined) void changeLanguage(wanted)
    // Only when somebody signs in: later changes are the person's own and are saved by the menu.
  }, [wanted])

  useEffect(() => {
    // The pages load while the password is typed.
    if (state.kind === 'signed-out') void loadApp()
  }, [state.kind])

  if (isForPatients(state))
    return (
      <Suspense>
        <PatientGate />
      </Suspense>
    )
  const invitation = /^\/invite\/([\w-]+)$/.exec(window.location.pathname)?.[1]
  if (invitation !== undefined && state.kind !== 'asking') {
    return (
      <Suspense>
        <InvitationPage token={invitation} />
      </Suspense>
    )
  }

  switch (state.kind) {
    case 'asking':
      return null
    case 'unreachable':
      return (
        <Notice
          tone="danger"
          title={t('shell.unreachable.title')}
          text={t('shell.unreachable.text')}
          action={
            <Button kind="primary" onClick={() => void session.refresh(api)}>
              {t('shell.try-again')}
            </Button>
          }
        />
      )
    case 'signed-out':
      return <SignInPage expired={false} />
    case 'signed-in':
      if (state.user.mustChangePassword) return <ChangePasswordPage />
      if (state.user.mustAddSecondFactor) {
        return (
          <Suspense>
            <SecondFactorPage />
          </Suspense>
        )
      }
      return (
        <>
          {state.expired && (
            <div className={styles.curtain}>
              <SignInPage expired />
            </div>
          )}
          {/* Somebody else who signs in sees nothing of what was open. */}
          <div key={state.user.userId} className={styles.app} inert={state.expired}>
            <Suspense>
              <App />
            </Suspense>
          </div>
        </>
      )
  }
}

/** The address on an access slip; and wherever a patient is, since they have no other page. */
const isForPatients = (state: SessionState): boolean =>
  state.kind === 'signed-in'
    ? state.user.roles.includes('patient') || window.location.pathname === '/p'
    : state.kind === 'signed-out' && window.location.pathname === '/p'
