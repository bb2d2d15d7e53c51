import type { ReactNode } from 'react'
import type { RetainedStudy } from '../../core/contract/retention.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { displayDicomDate } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'

interface RetainedStudiesProps<Study extends RetainedStudy> {
  readonly studies: readonly Study[]
  /** A column more, before what can be done. */
  readonly column?: { readonly title: string; readonly cell: (study: Study) => ReactNode }
  readonly actions?: (study: Study) => ReactNode
}

/** Studies as who keeps them sees them: what, whose, and how large. */
export function RetainedStudies<Study extends RetainedStudy>({
  studies,
  column,
  actions,
}: RetainedStudiesProps<Study>): ReactNode {
  const { t, language } = useTexts()
  return (
    <AdminTable
      titles={[
        t('retention.patient'),
        t('retention.study'),
        t('retention.size'),
        ...(column === undefined ? [] : [column.title]),
      ]}
      hasActions={actions !== undefined}
    >
      {studies.map((study) => {
        const name = displayPersonName(study.patientName, language)
        return (
          <tr key={study.studyInstanceUid}>
            <td>
              {study.mayRead ? (
                <>
                  {name.primary} {name.secondary} <span className={styles.secondary}>{study.patientId}</span>
                </>
              ) : (
                <span className={styles.secondary}>{t('retention.not-yours')}</span>
              )}
            </td>
            <td>
              {displayDicomDate(study.studyDate)} {study.modalities.join(', ')}{' '}
              <span className={styles.secondary}>{study.studyDescription}</span>
            </td>
            <td className={styles.nowrap}>
              {displayBytes(study.bytes)}{' '}
              <span className={styles.secondary}>{t('retention.images', { count: study.instances })}</span>
            </td>
            {column !== undefined && <td className={styles.nowrap}>{column.cell(study)}</td>}
            {actions !== undefined && <td>{actions(study)}</td>}
          </tr>
        )
      })}
    </AdminTable>
  )
}
