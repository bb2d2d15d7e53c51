import { useId, type ReactNode } from 'react'
import type { Account } from '../../core/contract/account.ts'
import styles from './account.module.css'

/** What each section is given. */
export interface SectionProps {
  readonly account: Account
  /** Says what was done, and asks the archive how it is now. */
  readonly onChanged: (text: string) => void
}

interface AccountSectionProps {
  readonly title: string
  readonly explanation?: string
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

/** A part of the account: its title, what it is for, what can be done. */
export function AccountSection({ title, explanation, actions, children }: AccountSectionProps): ReactNode {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <div>
          <h2 id={id} className={styles.heading}>
            {title}
          </h2>
          {explanation !== undefined && <p className={styles.explanation}>{explanation}</p>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </section>
  )
}
