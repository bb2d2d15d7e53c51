import { useActionState, useEffect, useState, type ReactNode } from 'react'
import { SessionUser } from '../../core/contract/api.ts'
import { InvitationLook } from '../../core/contract/people.ts'
import { useClient } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { newPasswordFault, type NewPasswordFault } from '../sign-in/new-password-fault.ts'
import { SignInFrame } from '../sign-in/sign-in-frame.tsx'
import styles from '../sign-in/sign-in.module.css'
import { Button, buttonClass } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'

type Seen =
  | { readonly kind: 'looking' }
  | { readonly kind: 'open'; readonly invitation: InvitationLook }
  | { readonly kind: 'closed'; readonly error: unknown }

/** What an invitation's link opens: name and password, and one is in; or why not, and what to do. */
export function InvitationPage({ token }: { token: string }): ReactNode {
  return (
    <WithTexts areas={['invite', 'sign-in']}>
      <Invitation token={token} />
    </WithTexts>
  )
}

function Invitation({ token }: { token: string }): ReactNode {
  const { api } = useClient()
  const { t } = useTexts()
  const [seen, setSeen] = useState<Seen>({ kind: 'looking' })
  useEffect(() => {
    document.title = `${t('invite.title')} · Yunying 云影`
  }, [t])
  useEffect(() => {
    const leaving = new AbortController()
    api
      .call('POST', '/api/invitations/look', {
        body: { token },
        answer: InvitationLook,
        signal: leaving.signal,
      })
      .then((invitation) => setSeen({ kind: 'open', invitation }))
      .catch((error: unknown) => {
        if (!leaving.signal.aborted) setSeen({ kind: 'closed', error })
      })
    return () => leaving.abort()
  }, [api, token])

  switch (seen.kind) {
    case 'looking':
      return <SignInFrame>{null}</SignInFrame>
    case 'closed':
      return (
        <SignInFrame>
          <h1 className={styles.heading}>{t('invite.closed')}</h1>
          <p className={styles.explanation} role="alert">
            {errorText(t, seen.error)}
          </p>
          <a className={buttonClass('primary', true)} href="/">
            {t('invite.to-sign-in')}
          </a>
        </SignInFrame>
      )
    case 'open':
      return <AcceptForm token={token} invitation={seen.invitation} />
  }
}

type Outcome =
  | { readonly kind: 'fault'; readonly fault: NewPasswordFault }
  | { readonly kind: 'failed'; readonly error: unknown }
  | undefined

function AcceptForm({ token, invitation }: { token: string; invitation: InvitationLook }): ReactNode {
  const { api, session } = useClient()
  const { t, language } = useTexts()
  const [displayName, setDisplayName] = useState(invitation.displayName)
  const [outcome, accept, busy] = useActionState(
    async (_before: Outcome, form: FormData): Promise<Outcome> => {
      const [password, again] = [String(form.get('password')), String(form.get('again'))]
      const fault = newPasswordFault({ currentPassword: '', newPassword: password, again })
      if (fault !== undefined) return { kind: 'fault', fault }
      try {
        const user = await api.call('POST', '/api/invitations/accept', {
          body: { token, displayName, password, language },
          answer: SessionUser,
        })
        // The link is used up: it must not be what a reload asks for.
        window.history.replaceState(null, '', '/')
        session.enter(user)
        return undefined
      } catch (error) {
        return { kind: 'failed', error }
      }
    },
    undefined,
  )
  const fault = outcome?.kind === 'fault' ? outcome.fault : undefined
  return (
    <SignInFrame>
      <h1 className={styles.heading}>{t('invite.welcome', { organisation: invitation.organisationName })}</h1>
      <p className={styles.explanation}>
        {t('invite.as', {
          email: invitation.email,
          roles: invitation.roles.map((role) => t(`shell.role.${role}`)).join(' · '),
        })}
      </p>
      <form action={accept} className={styles.form}>
        {outcome?.kind === 'failed' && (
          <p className={styles.fault} role="alert">
            {errorText(t, outcome.error)}
          </p>
        )}
        <input type="hidden" name="username" autoComplete="username" value={invitation.email} readOnly />
        <Field
          large
          label={t('invite.name')}
          name="displayName"
          autoComplete="name"
          required
          maxLength={200}
          autoFocus
          value={displayName}
          onChange={(event) => setDisplayName(event.target.value)}
        />
        <Field
          large
          label={t('sign-in.new-password')}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          hint={t('sign-in.new-password.hint')}
          error={fault === 'too-short' || fault === 'unchanged' ? t('sign-in.fault.too-short') : undefined}
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
          {t('invite.accept')}
        </Button>
      </form>
    </SignInFrame>
  )
}
