import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { ProviderPage, type Provider } from '../../core/contract/providers.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { AdminSection } from './admin-section.tsx'
import { CopiedText } from './copied-text.tsx'
import { ProviderCard } from './provider-card.tsx'
import { ProviderDialog } from './provider-dialog.tsx'
import { PROVIDERS, PROVIDERS_KEY } from './provider-change.ts'
import styles from './providers.module.css'

export function ProvidersPage(): ReactNode {
  return (
    <WithTexts areas={['providers']}>
      <Providers />
    </WithTexts>
  )
}

/** Where people of the organisation sign in beside their password. */
function Providers(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [shown, setShown] = useState<'new' | Provider>()
  const query = useQuery({
    queryKey: PROVIDERS_KEY,
    queryFn: ({ signal }) => api.call('GET', PROVIDERS, { answer: ProviderPage, signal }),
  })
  return (
    <AdminSection
      title={t('providers.title')}
      explanation={t('providers.explanation')}
      query={query}
      actions={
        <Button kind="primary" onClick={() => setShown('new')}>
          <Plus size={16} strokeWidth={2} aria-hidden="true" />
          {t('providers.add')}
        </Button>
      }
    >
      {({ providers, redirectUrl, mayList }) => (
        <div className={styles.page}>
          <section className={styles.redirect} aria-label={t('providers.redirect')}>
            <h2>{t('providers.redirect')}</h2>
            <p className={styles.hint}>{t('providers.redirect.hint')}</p>
            <CopiedText text={redirectUrl} />
          </section>
          {providers.length === 0 ? (
            <div className={styles.nothing}>
              <Notice title={t('providers.none')} text={t('providers.none.text')} />
            </div>
          ) : (
            <ul className={styles.list}>
              {providers.map((provider) => (
                <ProviderCard
                  key={provider.providerId}
                  provider={provider}
                  onChange={() => setShown(provider)}
                />
              ))}
            </ul>
          )}
          {shown !== undefined && (
            <ProviderDialog
              {...(shown === 'new' ? {} : { provider: shown })}
              mayList={mayList}
              onClose={() => setShown(undefined)}
            />
          )}
        </div>
      )}
    </AdminSection>
  )
}
