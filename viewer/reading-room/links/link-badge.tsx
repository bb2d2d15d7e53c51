import { Link2, SunMedium, ZoomIn } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTexts } from '../../locales/texts-context.tsx'
import styles from './links.module.css'
import type { LinkSwitches } from './use-links.ts'

/** On a pane that goes together with others: in what. */
export function LinkBadge({ switches }: { switches: LinkSwitches }): ReactNode {
  const { t } = useTexts()
  const parts = [
    switches.scroll && { text: t('windows.link-scroll'), icon: Link2 },
    switches.zoom && { text: t('windows.link-zoom'), icon: ZoomIn },
    switches.window && { text: t('windows.link-window'), icon: SunMedium },
  ].filter((part) => part !== false)
  if (parts.length === 0) return null
  return (
    <div
      className={styles.badge}
      role="img"
      aria-label={parts.map(({ text }) => text).join(', ')}
      data-linked={parts.length}
    >
      {parts.map(({ text, icon: Icon }) => (
        <Icon key={text} size={13} strokeWidth={2} aria-hidden="true" />
      ))}
    </div>
  )
}
