import { useActionState, type ReactNode } from 'react'
import { useClient, useSessionUser } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { newPasswordFault, type NewPasswordFault } from './new-password-fault.ts'
import styles from './sign-in.module.css'

type Outcome =
  | { readonly kind: 'fault'; readonly fault: NewPasswordFault }
  | { readonly kind: 'failed'; readonly error: unknown }
  | undefined

interface ChangePasswordFormProps {
  /** The current password is a one-time password. */
  readonly oneTime?: boolean
  readonly onDone?: () => void
  readonly cancel?: ReactNode
}

/** Current password, new password, and the new one again. */
export function ChangePasswordForm({ oneTime = false, onDone, cancel }: ChangePasswordFormProps): ReactNode {
  const { api, session } = useClient()
  const { t } = useTexts()
  const user = useSessionUser()
  const [outcome, change, busy] = useActionState(
    async (_before: Outcome, form: FormData): Promise<Outcome> => {
      const [current, next, again] = ['current', 'next', 'again'].map((name) => String(form.get(name)))
      const input = { currentPassword: current ?? '', newPassword: next ?? '' }
      const fault = newPasswordFault({ ...input, again: again ?? '' })
      if (fault !== undefined) return { kind: 'fault', fault }
      try {
        await session.changePassword(api, input)
        onDone?.()
        return undefined
      } catch (error) {
        return { kind: 'failed', error }
      }
    },
    undefined,
  )
  const fault = outcome?.kind === 'fault' ? outcome.fault : undefined

  return (
    <form action={change} className={styles.form}>
      {outcome?.kind === 'failed' && (
        <p className={styles.fault} role="alert">
          {errorText(t, outcome.error)}
        </p>
      )}
      <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
      <Field
        large
        label={t(oneTime ? 'sign-in.one-time-password' : 'sign-in.current-password')}
        name="current"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
      />
      <Field
        large
        label={t('sign-in.new-password')}
        name="next"
        type="password"
        autoComplete="new-password"
        required
        hint={t('sign-in.new-password.hint')}
        error={fault === 'too-short' || fault === 'unchanged' ? t(`sign-in.fault.${fault}`) : undefined}
      />
      <Field
        large
        label={t('sign-in.new-password.again')}
        name="again"
        type="password"
        autoComplete="new-password"
        required
        error={fault === 'differs' ? t('sign-in.fault.differs') : undefined}
      />
      <Button type="submit" kind="primary" large disabled={busy}>
        {t('sign-in.change-password')}
      </Button>
      {cancel}
    </form>
  )
}
