import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import { WorkPage as WorkPageShape, type FailedWork, type RetryWork } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import type { TextKey } from '../locales/text-key.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { Notice } from '../ui/notice.tsx'
import { useToast } from '../ui/toast.tsx'
import { AdminSection } from './admin-section.tsx'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'

const REFRESH_MS = 3000

/** What the workers still have to do, and what they could not. */
export function WorkPage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const query = useQuery({
    queryKey: ['admin', 'work'],
    queryFn: ({ signal }) => api.call('GET', '/api/admin/work', { answer: WorkPageShape, signal }),
    refetchInterval: REFRESH_MS,
  })
  const retry = useMutation({
    mutationFn: (which: z.infer<typeof RetryWork>) =>
      api.call('POST', '/api/admin/work/retry', { body: which }),
    onSuccess: () => {
      toast({ tone: 'ok', text: t('admin.work.retrying') })
      return queries.invalidateQueries({ queryKey: ['admin', 'work'] })
    },
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
  return (
    <AdminSection
      title={t('admin.work')}
      explanation={t('admin.work.explanation')}
      query={query}
      actions={
        (query.data?.failed.length ?? 0) > 0 && (
          <Button kind="primary" disabled={retry.isPending} onClick={() => retry.mutate({})}>
            <RotateCw size={16} strokeWidth={1.75} />
            {t('admin.work.retry-all')}
          </Button>
        )
      }
    >
      {({ pending, running, failed }) => (
        <>
          <dl className={styles.cards}>
            <Card term={t('admin.work.pending')} value={pending} />
            <Card term={t('admin.work.running')} value={running} />
            <Card term={t('admin.work.failed')} value={failed.length} attention={failed.length > 0} />
          </dl>
          <br />
          {failed.length === 0 ? (
            <Notice icon={<CircleCheck size={26} strokeWidth={1.5} />} title={t('admin.work.none')} />
          ) : (
            <FailedTable failed={failed} onRetry={(which) => retry.mutate(which)} />
          )}
        </>
      )}
    </AdminSection>
  )
}

type Failed = z.infer<typeof FailedWork>

function FailedTable({
  failed,
  onRetry,
}: {
  failed: readonly Failed[]
  onRetry: (which: { kind: string; key: string }) => void
}): ReactNode {
  const { t } = useTexts()
  return (
    <AdminTable
      titles={[t('admin.work.what'), t('admin.work.why'), t('admin.work.attempts'), t('admin.work.since')]}
      hasActions
    >
      {failed.map((work) => (
        <tr key={`${work.kind} ${work.key}`}>
          <td>
            {kindText(t, work.kind)}{' '}
            {work.studyInstanceUid !== null && (
              <Link to="/studies/$studyInstanceUid" params={{ studyInstanceUid: work.studyInstanceUid }}>
                {t('admin.work.study')}
              </Link>
            )}
          </td>
          <td className={styles.reason}>
            {work.errorMessage ?? '–'} <span className={styles.secondary}>{work.errorCode}</span>
          </td>
          <td>{work.attempts}</td>
          <td className={styles.secondary}>{displayLocalTime(work.requestedAt)}</td>
          <td>
            <Button onClick={() => onRetry({ kind: work.kind, key: work.key })}>
              {t('shell.try-again')}
            </Button>
          </td>
        </tr>
      ))}
    </AdminTable>
  )
}

/** Kinds of work are the server's; one without a sentence shows its name. */
function kindText(t: ReturnType<typeof useTexts>['t'], kind: string): string {
  const key = `admin.kind.${kind}`
  const text = t(key as TextKey)
  return text === key ? kind : text
}

export function Card({
  term,
  value,
  attention = false,
}: {
  term: string
  value: number | string
  attention?: boolean
}): ReactNode {
  const { language } = useTexts()
  return (
    <div className={styles.card}>
      <dt>{term}</dt>
      <dd className={attention ? styles.attention : undefined}>
        {typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value}
      </dd>
    </div>
  )
}
