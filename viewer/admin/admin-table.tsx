import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './admin.module.css'

interface AdminTableProps {
  /** Over the columns. */
  readonly titles: readonly string[]
  /** One column more, for what can be done with a line. */
  readonly hasActions?: boolean
  /** The lines. */
  readonly children: ReactNode
}

/** A table of the administration, in its frame. */
export function AdminTable({ titles, hasActions = false, children }: AdminTableProps): ReactNode {
  const { t } = useTexts()
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <thead>
          <tr>
            {titles.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            {hasActions && (
              <th scope="col">
                <span className="visually-hidden">{t('admin.actions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
