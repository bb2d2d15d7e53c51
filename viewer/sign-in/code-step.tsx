import { useActionState, type ReactNode } from 'react'
import { useClient } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import styles from './sign-in.module.css'

interface CodeStepProps {
  readonly credentials: { readonly email: string; readonly password: string }
  readonly onBack: () => void
}

/** After the password: a code of the authenticator, or a recovery code. */
export function CodeStep({ credentials, onBack }: CodeStepProps): ReactNode {
  const { api, session } = useClient()
  const { t } = useTexts()
  const [failure, submit, busy] = useActionState(
    async (_before: unknown, form: FormData): Promise<unknown> => {
      try {
        await session.signIn(api, { ...credentials, code: String(form.get('code')).trim() })
        return undefined
      } catch (error) {
        return error
      }
    },
    undefined,
  )
  return (
    <form action={submit} className={styles.form}>
      {failure !== undefined && (
        <p className={styles.fault} role="alert">
          {errorText(t, failure)}
        </p>
      )}
      <Field
        large
        label={t('sign-in.code')}
        name="code"
        type="text"
        inputMode="text"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        minLength={6}
        maxLength={64}
        hint={t('sign-in.code.hint')}
        required
        autoFocus
      />
      <Button type="submit" kind="primary" large disabled={busy}>
        {busy ? t('sign-in.busy') : t('sign-in.submit')}
      </Button>
      <Button kind="quiet" large onClick={onBack}>
        {t('sign-in.back')}
      </Button>
    </form>
  )
}
