import type { ReactNode } from 'react'
import type { StudyHold } from '../../core/contract/retention.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayDicomDate, displayLocalTime } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { AdminTable } from './admin-table.tsx'
import adminStyles from './admin.module.css'
import { RETENTION, useRetentionChange } from './retention-change.ts'
import styles from './retention.module.css'

/** What is held, why and by whom. */
export function RetentionHolds({ holds }: { holds: readonly StudyHold[] }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const { mutate, isPending } = useRetentionChange()
  return (
    <section>
      <h2>{t('retention.holds')}</h2>
      <p className={styles.hint}>{t('retention.holds.hint')}</p>
      {holds.length === 0 ? (
        <p className={styles.none}>{t('retention.holds.none')}</p>
      ) : (
        <AdminTable
          titles={[t('retention.holds.what'), t('retention.holds.why'), t('retention.holds.who')]}
          hasActions
        >
          {holds.map((hold) => (
            <tr key={hold.holdId}>
              <td>
                <HeldThing hold={hold} />
              </td>
              <td className={adminStyles.reason}>{hold.reason}</td>
              <td className={adminStyles.secondary}>
                {t('retention.holds.by', { who: hold.placedBy, when: displayLocalTime(hold.placedAt) })}
                {hold.until !== null && ` · ${t('retention.holds.until', { until: hold.until })}`}
              </td>
              <td>
                <Button
                  disabled={isPending}
                  onClick={() =>
                    mutate({
                      change: () => api.call('DELETE', `${RETENTION}/holds/${hold.holdId}`),
                      done: t('retention.holds.lifted'),
                    })
                  }
                >
                  {t('retention.holds.lift')}
                </Button>
              </td>
            </tr>
          ))}
        </AdminTable>
      )}
    </section>
  )
}

function HeldThing({ hold }: { hold: StudyHold }): ReactNode {
  const { t, language } = useTexts()
  const name = displayPersonName(hold.patientName, language)
  const whose = `${name.primary} ${name.secondary}`.trim()
  if (hold.patientId !== null)
    return (
      <>
        {t('retention.holds.of-patient', { id: hold.patientId })}{' '}
        <span className={adminStyles.secondary}>{whose}</span>
      </>
    )
  if (whose === '') return t('retention.holds.of-study', { uid: hold.studyInstanceUid ?? '' })
  return (
    <>
      {whose}{' '}
      <span className={adminStyles.secondary}>
        {displayDicomDate(hold.studyDate)} {hold.studyDescription}
      </span>
    </>
  )
}
