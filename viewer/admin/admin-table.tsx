import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import styles from './admin.module.css'

interface AdminTableProps {
  /** Over the columns. */
  readonly titles: readonly string[]
  /** One column more, for what can be done with a line. */
  readonly hasActions?: boolean
  readonly className?: string | undefined
  /** The lines. */
  readonly children: ReactNode
}

/** A table of the administration, in its frame. */
export function AdminTable({ titles, hasActions = false, className, children }: AdminTableProps): ReactNode {
  const { t } = useTexts()
  return (
    <div className={styles.frame}>
      <table className={classNames(styles.table, className)}>
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
