import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { RetentionPage as PageShape, type RetentionRule } from '../../core/contract/retention.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { AdminSection } from './admin-section.tsx'
import { RETENTION, RETENTION_KEY } from './retention-change.ts'
import { RetentionDue } from './retention-due.tsx'
import { RetentionHolds } from './retention-holds.tsx'
import { RetentionPreviewDialog } from './retention-preview-dialog.tsx'
import { RetentionRemoved } from './retention-removed.tsx'
import { RetentionRuleDialog } from './retention-rule-dialog.tsx'
import { RetentionRuleLines } from './retention-rule-lines.tsx'
import styles from './retention.module.css'

type Shown =
  | { readonly kind: 'rule'; readonly rule?: RetentionRule }
  | { readonly kind: 'preview'; readonly rule: RetentionRule }

/** How long studies are kept: rules, what is due by them, what is held, and what was removed. */
export function RetentionPage(): ReactNode {
  return (
    <WithTexts areas={['retention']}>
      <Retention />
    </WithTexts>
  )
}

function Retention(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [shown, setShown] = useState<Shown>()
  const query = useQuery({
    queryKey: RETENTION_KEY,
    queryFn: ({ signal }) => api.call('GET', RETENTION, { answer: PageShape, signal }),
  })
  const close = (): void => setShown(undefined)
  return (
    <AdminSection
      title={t('retention.title')}
      explanation={t('retention.explanation')}
      query={query}
      actions={
        <Button kind="primary" onClick={() => setShown({ kind: 'rule' })}>
          <Plus size={16} strokeWidth={2} aria-hidden="true" />
          {t('retention.rules.add')}
        </Button>
      }
    >
      {({ rules, due, holds, removals }) => (
        <div className={styles.sections}>
          <section>
            <h2>{t('retention.rules')}</h2>
            <RetentionRuleLines
              rules={rules}
              onChange={(rule) => setShown({ kind: 'rule', rule })}
              onPreview={(rule) => setShown({ kind: 'preview', rule })}
            />
          </section>
          <RetentionDue due={due} />
          <RetentionHolds holds={holds} />
          <RetentionRemoved removals={removals} />
          {shown?.kind === 'rule' && (
            <RetentionRuleDialog
              {...(shown.rule === undefined ? {} : { rule: shown.rule })}
              onClose={close}
              onPreview={(rule) => setShown({ kind: 'preview', rule })}
            />
          )}
          {shown?.kind === 'preview' && <RetentionPreviewDialog rule={shown.rule} onClose={close} />}
        </div>
      )}
    </AdminSection>
  )
}
