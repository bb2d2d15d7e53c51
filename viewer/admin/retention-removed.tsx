import type { ReactNode } from 'react'
import type { StudyRemoval } from '../../core/contract/retention.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { displayLocalTime } from '../ui/dates.ts'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'
import own from './retention.module.css'

/** What was removed last. Nothing of a patient is left here: who was, the audit trail says to whom it may. */
export function RetentionRemoved({ removals }: { removals: readonly StudyRemoval[] }): ReactNode {
  const { t } = useTexts()
  return (
    <section>
      <h2>{t('retention.removed')}</h2>
      {removals.length === 0 ? (
        <p className={own.none}>{t('retention.removed.none')}</p>
      ) : (
        <AdminTable
          titles={[
            t('retention.removed.when'),
            t('retention.study'),
            t('retention.holds.why'),
            t('retention.size'),
          ]}
        >
          {removals.map((removal) => (
            <tr key={removal.removalId}>
              <td className={styles.nowrap}>{displayLocalTime(removal.removedAt)}</td>
              <td className={styles.uid}>{removal.studyInstanceUid}</td>
              <td className={styles.reason}>
                {removal.ruleId === null
                  ? t('retention.removed.by', {
                      who: removal.removedBy ?? '',
                      reason: removal.reason,
                    })
                  : t('retention.removed.rule')}{' '}
                {!removal.done && <span className={styles.tag}>{t('retention.removed.under-way')}</span>}
              </td>
              <td className={styles.nowrap}>
                {displayBytes(removal.bytes)}{' '}
                <span className={styles.secondary}>
                  {t('retention.images', { count: removal.instances })}
                </span>
              </td>
            </tr>
          ))}
        </AdminTable>
      )}
    </section>
  )
}
