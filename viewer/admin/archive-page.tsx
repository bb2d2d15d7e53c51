import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ArchiveStatus } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { AdminSection } from './admin-section.tsx'
import styles from './admin.module.css'
import { policySentences } from './rendition-sentence.ts'
import { Card } from './work-page.tsx'

const REFRESH_MS = 5000

/** How much there is, and whether anything waits for a person. */
export function ArchivePage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const query = useQuery({
    queryKey: ['admin', 'status'],
    queryFn: ({ signal }) => api.call('GET', '/api/admin/status', { answer: ArchiveStatus, signal }),
    refetchInterval: REFRESH_MS,
  })
  return (
    <AdminSection title={t('admin.archive')} query={query}>
      {(status) => (
        <>
          <dl className={styles.cards}>
            <Card term={t('admin.archive.studies')} value={status.studies} />
            <Card term={t('admin.archive.series')} value={status.series} />
            <Card term={t('admin.archive.instances')} value={status.instances} />
            <Card term={t('admin.archive.bytes')} value={displayBytes(status.bytes)} />
            <Card term={t('admin.archive.renditions')} value={displayBytes(status.renditionBytes)} />
            <Card term={t('admin.work.pending')} value={status.pendingWork} />
            <Card term={t('admin.work.failed')} value={status.failedWork} attention={status.failedWork > 0} />
            <Card
              term={t('admin.quarantine')}
              value={status.quarantined}
              attention={status.quarantined > 0}
            />
            <Card term={t('admin.archive.version')} value={status.version} />
          </dl>
          <Renditions status={status} />
        </>
      )}
    </AdminSection>
  )
}

/** What renditions cost beside the originals, of which images they are kept, and how that is changed. */
function Renditions({ status }: { status: ArchiveStatus }): ReactNode {
  const { t } = useTexts()
  const { renditions, renditionBytes, bytes, renditionPolicy, renditionsWithoutRoom } = status
  const percent = bytes === 0 ? 0 : Math.round((100 * renditionBytes) / bytes)
  return (
    <section className={`${styles.below} ${styles.lines}`}>
      <h2 className={styles.subtitle}>{t('admin.archive.renditions')}</h2>
      {renditionsWithoutRoom && <p className={styles.noRoom}>{t('admin.archive.renditions.no-room')}</p>}
      <p>
        {t('admin.archive.renditions.cost', {
          bytes: displayBytes(renditionBytes),
          percent,
          count: renditions,
        })}
      </p>
      {policySentences(t, renditionPolicy).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p className={styles.secondary}>{t('admin.archive.renditions.again')}</p>
      <p className={styles.secondary}>{t('admin.archive.renditions.change')}</p>
    </section>
  )
}
