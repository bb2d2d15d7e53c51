import type { UseQueryResult } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './admin.module.css'

interface AdminSectionProps<T> {
  readonly title: string
  readonly explanation?: string
  readonly actions?: ReactNode
  readonly query: UseQueryResult<T>
  readonly children: (loaded: T) => ReactNode
}

/** One page of the administration: its title, what can be done, and what it shows once it is loaded. */
export function AdminSection<T>({
  title,
  explanation,
  actions,
  query,
  children,
}: AdminSectionProps<T>): ReactNode {
  const { t } = useTexts()
  return (
    <section aria-busy={query.isPending}>
      <div className={styles.head}>
        <div>
          <h1 className={styles.title}>{title}</h1>
          {explanation !== undefined && <p className={styles.explanation}>{explanation}</p>}
        </div>
        {actions}
      </div>
      {query.data !== undefined ? (
        children(query.data)
      ) : query.isError ? (
        <Notice
          tone="danger"
          icon={<TriangleAlert size={26} strokeWidth={1.5} />}
          title={errorText(t, query.error)}
          action={<Button onClick={() => void query.refetch()}>{t('shell.try-again')}</Button>}
        />
      ) : (
        <div className={styles.blank} />
      )}
    </section>
  )
}
