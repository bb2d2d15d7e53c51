import { FolderDown, UserX } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useMay, useSessionUser } from '../client/client-context.tsx'
import { shareAddress } from '../client/shared-page.ts'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button, buttonClass, IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './download-study.module.css'

const ExportWithoutNames = lazy(() =>
  import('./export-without-names.tsx').then((module) => ({ default: module.ExportWithoutNames })),
)

interface DownloadStudyProps {
  readonly studyInstanceUid: string
  /** An icon alone: in a bar. */
  readonly compact?: boolean
}

/**
 * The study to take away, for who may: as it is, which the browser's own download list follows, stops and shows the progress
 * of; or without names. A guest takes what they were given. Nothing for who may not.
 */
export function DownloadStudy({ studyInstanceUid, compact = false }: DownloadStudyProps): ReactNode {
  const { t } = useTexts()
  const mayDownload = useMay('study.download')
  const { share } = useSessionUser()
  const [isExporting, setIsExporting] = useState(false)
  if (!mayDownload) return null
  const href = shareAddress(`/api/studies/${studyInstanceUid}/archive`)
  if (share !== null) return <DownloadLink href={href} compact={compact} />
  const label = t('shell.download-study')
  return (
    <>
      <Menu
        leavesFocus
        trigger={
          compact ? (
            <IconButton label={label} title={label} className={styles.inBar}>
              <FolderDown size={18} strokeWidth={1.75} aria-hidden="true" />
            </IconButton>
          ) : (
            <Button>
              <FolderDown size={16} strokeWidth={1.75} aria-hidden="true" />
              {label}
            </Button>
          )
        }
      >
        <MenuItem icon={<FolderDown size={16} strokeWidth={1.5} />} onSelect={() => save(href)}>
          {t('shell.download-study-as')}
        </MenuItem>
        <MenuItem icon={<UserX size={16} strokeWidth={1.5} />} onSelect={() => setIsExporting(true)}>
          {t('shell.download-without-names')}
        </MenuItem>
      </Menu>
      {isExporting && (
        <Suspense>
          <WithTexts areas={['share', 'deidentify', 'export']}>
            <ExportWithoutNames studyInstanceUid={studyInstanceUid} onClose={() => setIsExporting(false)} />
          </WithTexts>
        </Suspense>
      )}
    </>
  )
}

function save(href: string): void {
  const link = document.createElement('a')
  link.href = href
  link.download = ''
  link.click()
}

function DownloadLink({ href, compact }: { readonly href: string; readonly compact: boolean }): ReactNode {
  const { t } = useTexts()
  const label = t('shell.download-study')
  if (!compact)
    return (
      <a href={href} download className={buttonClass()} title={t('shell.download-study-as')}>
        <FolderDown size={16} strokeWidth={1.75} aria-hidden="true" />
        {label}
      </a>
    )
  return (
    <Tooltip text={t('shell.download-study-as')}>
      <a
        href={href}
        download
        className={styles.compact}
        aria-label={label}
        onClick={(event) => {
          // After a press of the mouse the keys are the room's again: Enter would download once more.
          if (event.detail > 0) event.currentTarget.blur()
        }}
      >
        <FolderDown size={18} strokeWidth={1.75} aria-hidden="true" />
      </a>
    </Tooltip>
  )
}
