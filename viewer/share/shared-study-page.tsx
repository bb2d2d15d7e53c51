import { useEffect, type ReactNode } from 'react'
import { useClient, useSessionUser } from '../client/client-context.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { StudyRoom } from '../shell/study-page.tsx'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import styles from './share.module.css'
import { WatermarkLayer } from './watermark-layer.tsx'

/** The study of a link: the reading room, with a line that says whose guest one is, and words over the images. */
export function SharedStudyPage(): ReactNode {
  return (
    <WithTexts areas={['share']}>
      <SharedStudy />
    </WithTexts>
  )
}

function SharedStudy(): ReactNode {
  const { t } = useTexts()
  const { api, session } = useClient()
  const { share, organisationName, displayName } = useSessionUser()
  useEffect(() => {
    document.title = `${t('share.shared')} · Yunying 云影`
  }, [t])
  if (share === null) return null
  return (
    <div className={styles.shared}>
      <p className={styles.bar}>
        <span>
          {t('share.guest-of', { name: displayName, organisation: organisationName })}
          <small>{` · ${t('share.until-when', { until: displayLocalTime(share.expiresAt) })}`}</small>
        </span>
        <Button kind="quiet" onClick={() => void session.signOut(api)}>
          {t('share.leave')}
        </Button>
      </p>
      <StudyRoom studyInstanceUid={share.studyInstanceUid} />
      {share.watermark !== null && <WatermarkLayer name={displayName} />}
    </div>
  )
}
