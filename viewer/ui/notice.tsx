import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './notice.module.css'

interface NoticeProps {
  readonly title: string
  readonly text?: string
  readonly icon?: ReactNode
  readonly tone?: 'plain' | 'danger'
  /** One thing to do about it. */
  readonly action?: ReactNode
}

/** What a page or a panel shows when it has nothing else to show: empty, not found, failed. */
export function Notice({ title, text, icon, tone = 'plain', action }: NoticeProps): ReactNode {
  return (
    <div className={styles.notice} role={tone === 'danger' ? 'alert' : 'status'}>
      {icon !== undefined && (
        <div className={classNames(styles.icon, tone === 'danger' && styles.danger)} aria-hidden="true">
          {icon}
        </div>
      )}
      <p className={styles.title}>{title}</p>
      {text !== undefined && <p className={styles.text}>{text}</p>}
      {action !== undefined && <div className={styles.action}>{action}</div>}
    </div>
  )
}
