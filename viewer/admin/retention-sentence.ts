import type { RetentionTerms } from '../../core/contract/retention.ts'
import type { Texts } from '../locales/texts.ts'

/** A rule as somebody would say it: which studies are kept how long, and the terms beside that. */
export function retentionSentence(
  t: Texts['t'],
  { modalities, years, countedFrom, minorsUntil, graceDays, removesShared }: RetentionTerms,
): { readonly head: string; readonly terms: string } {
  const head = t('retention.rule.keeps', {
    what: modalities.length === 0 ? t('retention.rule.every') : modalities.join(', '),
    time:
      years === null
        ? t('retention.rule.for-ever')
        : t(`retention.rule.years.${countedFrom}`, { count: years }),
  })
  if (years === null) return { head, terms: '' }
  const terms = [
    ...(minorsUntil === null ? [] : [t('retention.rule.minors', { age: minorsUntil })]),
    t('retention.rule.grace', { count: graceDays }),
    ...(removesShared ? [t('retention.rule.shared')] : []),
  ]
  return { head, terms: terms.join(' · ') }
}
