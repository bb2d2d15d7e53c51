import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import {
  KEPT_BECAUSE,
  RetentionPreview,
  type RetentionPreview as Preview,
  type RetentionRule,
} from '../../core/contract/retention.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import adminStyles from './admin.module.css'
import { RetainedStudies } from './retained-studies.tsx'
import { RETENTION, RETENTION_KEY, useRetentionChange } from './retention-change.ts'
import { retentionSentence } from './retention-sentence.ts'
import styles from './retention.module.css'

interface RetentionPreviewDialogProps {
  readonly rule: RetentionRule
  readonly onClose: () => void
}

/** What a rule would remove today. Only from here it is switched on. */
export function RetentionPreviewDialog({ rule, onClose }: RetentionPreviewDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const path = `${RETENTION}/rules/${rule.ruleId}`
  const query = useQuery({
    queryKey: [...RETENTION_KEY, 'preview', rule.ruleId],
    queryFn: ({ signal }) => api.call('GET', `${path}/preview`, { answer: RetentionPreview, signal }),
    gcTime: 0,
  })
  const enable = useRetentionChange()
  const preview = query.data
  const switchOn = (studies: number): void =>
    enable.mutate({
      change: () =>
        api.call('PUT', `${path}/enabled`, { body: { studies } }).then(onClose, (error: unknown) => {
          void query.refetch()
          throw error
        }),
      done: t('retention.switched-on'),
    })
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={t('retention.preview.title')}
      description={retentionSentence(t, rule).head}
    >
      <div className={styles.preview} aria-busy={query.isPending}>
        {query.isError ? (
          <p className={adminStyles.fault} role="alert">
            {errorText(t, query.error)}
          </p>
        ) : preview === undefined ? (
          <p className={styles.hint}>{t('retention.preview.count')}</p>
        ) : (
          <Shown preview={preview} graceDays={rule.graceDays} />
        )}
      </div>
      <DialogActions>
        <Button onClick={onClose}>{t('shell.cancel')}</Button>
        <Button
          kind={preview === undefined || preview.studies === 0 ? 'primary' : 'danger'}
          disabled={preview === undefined || query.isFetching || enable.isPending}
          onClick={() => switchOn(preview?.studies ?? 0)}
        >
          {t('retention.preview.switch-on')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function Shown({ preview, graceDays }: { preview: Preview; graceDays: number }): ReactNode {
  const { t } = useTexts()
  const kept = KEPT_BECAUSE.filter((because) => preview.kept[because] > 0).map((because) =>
    t(`retention.preview.kept.${because}`, { count: preview.kept[because] }),
  )
  return (
    <>
      <p className={styles.sum}>
        {preview.studies === 0
          ? t('retention.preview.nothing')
          : t('retention.preview.sum', { count: preview.studies, bytes: displayBytes(preview.bytes) })}
      </p>
      {preview.studies > 0 && <p>{t('retention.preview.then', { count: graceDays })}</p>}
      {kept.length > 0 && (
        <p className={styles.hint}>{t('retention.preview.kept', { what: kept.join(' · ') })}</p>
      )}
      {preview.list.length > 0 && (
        <>
          {preview.list.length < preview.studies && (
            <p className={styles.hint}>{t('retention.preview.oldest', { count: preview.list.length })}</p>
          )}
          <div className={styles.scroll}>
            <RetainedStudies studies={preview.list} />
          </div>
        </>
      )}
    </>
  )
}
