import { Share2 } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { PageNotAllowed } from '../shell/page-states.tsx'
import { Notice } from '../ui/notice.tsx'
import { ShareList } from './share-list.tsx'
import styles from './share.module.css'

/** All the links that the reader looks after. */
export function SharesPage(): ReactNode {
  const mayShare = useMay('study.share')
  if (!mayShare) return <PageNotAllowed />
  return (
    <WithTexts areas={['share', 'deidentify']}>
      <QueriesProvider>
        <Shares />
      </QueriesProvider>
    </WithTexts>
  )
}

function Shares(): ReactNode {
  const { t } = useTexts()
  useEffect(() => {
    document.title = `${t('share.page')} · Yunying 云影`
  }, [t])
  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <h1>{t('share.page')}</h1>
        <p className={styles.hint}>{t('share.page-hint')}</p>
        <ShareList
          path="/api/shares"
          whole={{
            none: (
              <Notice
                icon={<Share2 size={26} strokeWidth={1.5} />}
                title={t('share.none')}
                text={t('share.none-text')}
              />
            ),
          }}
        />
      </div>
    </div>
  )
}
