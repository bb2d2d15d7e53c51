import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { DueStudies, type DueStudy, type RetentionPage } from '../../core/contract/retention.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { KeepDialog } from '../retention/keep-dialog.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { RetainedStudies } from './retained-studies.tsx'
import { RETENTION, RETENTION_KEY, useRetentionChange } from './retention-change.ts'
import styles from './retention.module.css'

/** What will be removed and when, as long as it can still be held. */
export function RetentionDue({ due }: { due: RetentionPage['due'] }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [held, setHeld] = useState<DueStudy>()
  const again = useRetentionChange()
  const query = useQuery({
    queryKey: [...RETENTION_KEY, 'due'],
    queryFn: ({ signal }) => api.call('GET', `${RETENTION}/due`, { answer: DueStudies, signal }),
    enabled: due.studies > 0,
  })
  const studies = due.studies === 0 ? [] : (query.data?.studies ?? [])
  return (
    <section>
      <h2>{t('retention.due')}</h2>
      {due.studies === 0 || due.first === null ? (
        <p className={styles.none}>{t('retention.due.none')}</p>
      ) : (
        <p className={styles.lead}>
          {t('retention.due.sum', {
            count: due.studies,
            bytes: displayBytes(due.bytes),
            first: displayLocalTime(due.first),
          })}{' '}
          {studies.length > 0 && studies.length < due.studies && (
            <span className={styles.hint}>{t('retention.due.first', { count: studies.length })}</span>
          )}
        </p>
      )}
      {query.isError && <p className={styles.none}>{errorText(t, query.error)}</p>}
      {studies.length > 0 && (
        <RetainedStudies
          studies={studies}
          column={{ title: t('retention.goes'), cell: (study) => displayLocalTime(study.removeAfter) }}
          actions={(study) =>
            study.mayRead && <Button onClick={() => setHeld(study)}>{t('retention.due.hold')}</Button>
          }
        />
      )}
      {held !== undefined && (
        <KeepDialog
          studyInstanceUid={held.studyInstanceUid}
          onClose={() => setHeld(undefined)}
          onDone={() => again.mutate({ change: () => Promise.resolve() })}
        />
      )}
    </section>
  )
}
