import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import type { TextKey } from '../locales/text-key.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { useToast } from '../ui/toast.tsx'
import { AccountSection, type SectionProps } from './account-section.tsx'
import styles from './account.module.css'
import { lastUse } from './passkeys-section.tsx'
import { TokenDialog } from './token-dialog.tsx'

/** Tokens with which programs act in somebody's name. */
export function TokensSection({ account, onChanged }: SectionProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const toast = useToast()
  const [making, setMaking] = useState(false)
  const revoke = useMutation({
    mutationFn: (tokenId: string) => api.call('DELETE', `/api/account/tokens/${tokenId}`),
    onSuccess: () => onChanged(t('account.tokens.revoked')),
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
  return (
    <AccountSection
      title={t('account.tokens')}
      explanation={t('account.tokens.text')}
      actions={
        <Button kind="primary" onClick={() => setMaking(true)}>
          {t('account.tokens.add')}
        </Button>
      }
    >
      {account.tokens.length > 0 && (
        <ul className={styles.list}>
          {account.tokens.map((token) => (
            <li key={token.tokenId} className={styles.item}>
              <div className={styles.what}>
                <p>
                  {token.label}
                  {token.actions === null && (
                    <span className={`${styles.tag} ${styles.warn}`}>{t('account.tokens.everything')}</span>
                  )}
                </p>
                <p>
                  {token.actions !== null && (
                    <>
                      {token.actions.map((action) => t(`people.action.${action}` as TextKey)).join(', ')}{' '}
                      ·{' '}
                    </>
                  )}
                  {token.expiresAt !== null &&
                    t('account.tokens.until', { time: displayLocalTime(token.expiresAt) })}{' '}
                  · {lastUse(t, token.lastUsedAt)}
                </p>
              </div>
              <Button kind="quiet" onClick={() => revoke.mutate(token.tokenId)}>
                {t('account.tokens.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {making && (
        <TokenDialog
          onClose={(made) => {
            setMaking(false)
            if (made) onChanged(t('account.tokens.made'))
          }}
        />
      )}
    </AccountSection>
  )
}
