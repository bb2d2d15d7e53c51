import { lazy, Suspense, useActionState, useEffect, useState, type ReactNode } from 'react'
import { ApiError } from '../client/api-error.ts'
import { useClient } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Field } from '../ui/field.tsx'
import { OtherWays } from './other-ways.tsx'
import { SignInFrame } from './sign-in-frame.tsx'
import styles from './sign-in.module.css'
import { useSignInOptions } from './use-sign-in-options.ts'

const CodeStep = lazy(() => import('./code-step.tsx').then(({ CodeStep }) => ({ default: CodeStep })))

/** E-mail and password, or another way in; nothing else can be done before. */
export function SignInPage({ expired }: { expired: boolean }): ReactNode {
  const { api, session } = useClient()
  const { t } = useTexts()
  /** A password that is right, and waits for a code. */
  const [right, setRight] = useState<{ email: string; password: string }>()
  const [failure, signIn, busy] = useActionState(
    async (_before: unknown, form: FormData): Promise<unknown> => {
      const credentials = {
        email: String(form.get('email')).trim(),
        password: String(form.get('password')),
      }
      try {
        await session.signIn(api, credentials)
        return undefined
      } catch (error) {
        if (error instanceof ApiError && error.code === 'second-factor-needed') {
          setRight(credentials)
          return { email: credentials.email }
        }
        return { error, email: credentials.email }
      }
    },
    undefined,
  )
  const { organisation, providers } = useSignInOptions()
  const [elsewhere] = useState(failedElsewhere)
  useEffect(() => {
    if (elsewhere !== undefined) window.history.replaceState(null, '', elsewhere.to)
  }, [elsewhere])
  const failed = failure as { error?: unknown; email: string } | undefined

  useEffect(() => {
    document.title = `${t('sign-in.title')} · Yunying 云影`
  }, [t])

  if (right !== undefined) {
    return (
      <SignInFrame organisation={organisation}>
        <Suspense>
          <CodeStep credentials={right} onBack={() => setRight(undefined)} />
        </Suspense>
      </SignInFrame>
    )
  }
  return (
    <SignInFrame organisation={organisation}>
      <form action={signIn} className={styles.form}>
        {failed?.error !== undefined ? (
          <p className={styles.fault} role="alert">
            {errorText(t, failed.error)}
          </p>
        ) : elsewhere !== undefined ? (
          <p className={styles.fault} role="alert">
            {errorText(t, elsewhere.error)}
          </p>
        ) : (
          expired && (
            <p className={classNames(styles.fault, styles.told)} role="status">
              {t('sign-in.expired')}
            </p>
          )
        )}
        <Field
          large
          label={t('sign-in.email')}
          name="email"
          // An administrator's address may be `admin@localhost`; a text field lets it through as typed.
          type="text"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          defaultValue={failed?.email ?? ''}
        />
        <Field
          large
          label={t('sign-in.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button type="submit" kind="primary" large disabled={busy}>
          {busy ? t('sign-in.busy') : t('sign-in.submit')}
        </Button>
      </form>
      <OtherWays providers={providers} />
    </SignInFrame>
  )
}

/** Why a sign-in with a provider did not work, and the page that was wanted: what its way back leads to. */
function failedElsewhere(): { error: ApiError; to: string } | undefined {
  const { pathname, search } = window.location
  const code = /^\/sign-in\/failed\/([a-z-]+)$/.exec(pathname)?.[1]
  if (code === undefined) return undefined
  const to = new URLSearchParams(search).get('to') ?? '/'
  return { error: new ApiError(403, code, code), to: /^\/(?![/\\])/.test(to) ? to : '/' }
}
