import type { ReactNode } from 'react'
import type { RetentionRule } from '../../core/contract/retention.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import adminStyles from './admin.module.css'
import { RETENTION, useRetentionChange } from './retention-change.ts'
import { retentionSentence } from './retention-sentence.ts'
import styles from './retention.module.css'

interface RetentionRuleLinesProps {
  readonly rules: readonly RetentionRule[]
  readonly onChange: (rule: RetentionRule) => void
  readonly onPreview: (rule: RetentionRule) => void
}

/** Every rule as a sentence, and what can be done with it. */
export function RetentionRuleLines({ rules, onChange, onPreview }: RetentionRuleLinesProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const { mutate, isPending } = useRetentionChange()
  if (rules.length === 0) return <p className={styles.none}>{t('retention.rules.none')}</p>
  return (
    <ul className={styles.lines}>
      {rules.map((rule) => {
        const path = `${RETENTION}/rules/${rule.ruleId}`
        const { head, terms } = retentionSentence(t, rule)
        return (
          <li key={rule.ruleId}>
            <div className={styles.what}>
              <p>
                {head}{' '}
                <span
                  className={
                    rule.enabledAt === null ? adminStyles.tag : `${adminStyles.tag} ${adminStyles.good}`
                  }
                >
                  {rule.enabledAt === null
                    ? t('retention.rules.draft')
                    : t('retention.rules.on', { since: displayLocalTime(rule.enabledAt).slice(0, 10) })}
                </span>
              </p>
              {terms !== '' && <p className={styles.hint}>{terms}</p>}
            </div>
            <div className={styles.actions} role="group" aria-label={t('retention.rules.actions-of')}>
              {rule.enabledAt === null ? (
                <Button onClick={() => onPreview(rule)}>{t('retention.rules.preview')}</Button>
              ) : (
                <Button
                  disabled={isPending}
                  onClick={() => mutate({ change: () => api.call('DELETE', `${path}/enabled`) })}
                >
                  {t('retention.rules.off')}
                </Button>
              )}
              <Button kind="quiet" onClick={() => onChange(rule)}>
                {t('retention.rules.change')}
              </Button>
              {rule.enabledAt === null && (
                <Button
                  kind="quiet"
                  disabled={isPending}
                  onClick={() => mutate({ change: () => api.call('DELETE', path) })}
                >
                  {t('retention.rules.delete')}
                </Button>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
