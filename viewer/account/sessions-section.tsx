import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import type { TextKey } from '../locales/text-key.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayLocalTime, displayMoment } from '../ui/dates.ts'
import { useToast } from '../ui/toast.tsx'
import { AccountSection, type SectionProps } from './account-section.tsx'
import styles from './account.module.css'
import { browserName } from './browser-name.ts'

const METHODS: Readonly<Record<string, TextKey>> = {
  password: 'account.method.password',
  'password+code': 'account.method.code',
  passkey: 'account.method.passkey',
  provider: 'account.method.provider',
  invitation: 'account.method.invitation',
}

/** Where somebody is signed in, and the end of it. */
export function SessionsSection({ account, onChanged }: SectionProps): ReactNode {
  const { t, language } = useTexts()
  const api = useApi()
  const toast = useToast()
  const end = useMutation({
    mutationFn: (sessionId: string | undefined) =>
      api.call('DELETE', `/api/account/sessions${sessionId === undefined ? '' : `/${sessionId}`}`),
    onSuccess: () => onChanged(t('account.sessions.ended')),
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
  return (
    <AccountSection
      title={t('account.sessions')}
      explanation={t('account.sessions.text')}
      actions={
        account.sessions.length > 1 && (
          <Button disabled={end.isPending} onClick={() => end.mutate(undefined)}>
            {t('account.sessions.end-others')}
          </Button>
        )
      }
    >
      <ul className={styles.list}>
        {account.sessions.map((session) => {
          const method = METHODS[session.method]
          return (
            <li key={session.sessionId} className={styles.item}>
              <div className={styles.what}>
                <p>
                  {session.userAgent === null
                    ? t('account.sessions.unknown')
                    : browserName(session.userAgent)}
                  {session.isThis && <span className={styles.tag}>{t('account.sessions.this')}</span>}
                </p>
                <p>
                  {[
                    session.address,
                    method === undefined ? undefined : t(method),
                    t('account.since', { time: displayLocalTime(session.since) }),
                    t('account.sessions.seen', {
                      time: displayMoment(session.lastSeenAt, Date.now(), language),
                    }),
                  ]
                    .filter((part) => part !== null && part !== undefined)
                    .join(' · ')}
                </p>
              </div>
              {!session.isThis && (
                <Button kind="quiet" onClick={() => end.mutate(session.sessionId)}>
                  {t('account.sessions.end')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </AccountSection>
  )
}
