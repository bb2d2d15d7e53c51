import type { ReactNode } from 'react'
import type { ShareView } from '../../core/contract/sharing.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { reasonText } from './reason-text.ts'
import styles from './share.module.css'

/** What is not in the copy of a link, by reason; nothing where all of it is. */
export function RefusedImages({ refused }: Pick<ShareView, 'refused'>): ReactNode {
  const { t } = useTexts()
  const counts = new Map<string, number>()
  for (const { code } of refused) counts.set(code, (counts.get(code) ?? 0) + 1)
  if (counts.size === 0) return null
  const texts = [...counts].map(
    ([code, count]) => `${t('deidentify.images', { count })}: ${reasonText(t, code)}`,
  )
  return (
    <p className={styles.facts}>
      {t('deidentify.left-out')} · {texts.join(' · ')}
    </p>
  )
}
