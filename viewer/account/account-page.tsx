import { useQuery, useQueryClient } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { Account } from '../../core/contract/account.ts'
import { useApi } from '../client/client-context.tsx'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { ChangePasswordForm } from '../sign-in/change-password-form.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { useToast } from '../ui/toast.tsx'
import styles from './account.module.css'
import { AccountSection } from './account-section.tsx'
import { CodesSection } from './codes-section.tsx'
import { LanguageSection } from './language-section.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { ProofProvider } from './proof.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { TokensSection } from './tokens-section.tsx'

export function AccountPage(): ReactNode {
  return (
    <WithTexts areas={['account', 'people', 'sign-in']}>
      <QueriesProvider>
        <ProofProvider>
          <Sections />
        </ProofProvider>
      </QueriesProvider>
    </WithTexts>
  )
}

/** How somebody signs in, where they are signed in, and what acts in their name. */
function Sections(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const query = useQuery({
    queryKey: ['account'],
    queryFn: ({ signal }) => api.call('GET', '/api/account', { answer: Account, signal }),
  })
  useEffect(() => {
    document.title = `${t('account.title')} · Yunying 云影`
  }, [t])
  const changed = (text: string): void => {
    toast({ tone: 'ok', text })
    void queries.invalidateQueries({ queryKey: ['account'] })
  }

  return (
    <div className={styles.page} aria-busy={query.isPending}>
      <div className={styles.column}>
        <h1 className={styles.title}>{t('account.title')}</h1>
        {query.data !== undefined ? (
          <>
            {query.data.hasPassword && (
              <AccountSection title={t('account.password')}>
                <div className={styles.narrow}>
                  <ChangePasswordForm onDone={() => changed(t('shell.password-changed'))} />
                </div>
              </AccountSection>
            )}
            <CodesSection account={query.data} onChanged={changed} />
            <PasskeysSection account={query.data} onChanged={changed} />
            <SessionsSection account={query.data} onChanged={changed} />
            <TokensSection account={query.data} onChanged={changed} />
            <LanguageSection />
          </>
        ) : query.isError ? (
          <Notice
            tone="danger"
            icon={<TriangleAlert size={26} strokeWidth={1.5} />}
            title={errorText(t, query.error)}
            action={<Button onClick={() => void query.refetch()}>{t('shell.try-again')}</Button>}
          />
        ) : (
          <div className={styles.blank} />
        )}
      </div>
    </div>
  )
}
