import { FolderDown } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { shareAddress } from '../client/shared-page.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './download-study.module.css'

interface DownloadStudyProps {
  readonly studyInstanceUid: string
  /** An icon alone: in a bar. */
  readonly compact?: boolean
}

/** After a press of the mouse the keys are the room's again: Enter would download once more. */
function leaveFocus(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.detail > 0) event.currentTarget.blur()
}

/**
 * The study to take away, for who may: a plain link, which the browser's own download list follows, stops and shows the
 * progress of. Nothing for who may not.
 */
export function DownloadStudy({ studyInstanceUid, compact = false }: DownloadStudyProps): ReactNode {
  const { t } = useTexts()
  if (!useMay('study.download')) return null
  const href = shareAddress(`/api/studies/${studyInstanceUid}/archive`)
  if (!compact) {
    return (
      <a href={href} download className={buttonClass()} title={t('shell.download-study-as')}>
        <FolderDown size={16} strokeWidth={1.75} aria-hidden="true" />
        {t('shell.download-study')}
      </a>
    )
  }
  return (
    <Tooltip text={t('shell.download-study-as')}>
      <a
        href={href}
        download
        className={styles.compact}
        aria-label={t('shell.download-study')}
        onClick={leaveFocus}
      >
        <FolderDown size={18} strokeWidth={1.75} aria-hidden="true" />
      </a>
    </Tooltip>
  )
}
