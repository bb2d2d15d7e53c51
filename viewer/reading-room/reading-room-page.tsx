import { useEffect, type ReactNode } from 'react'
import { freeUnopened } from '../imaging/image-cache.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { OpenStudy } from './open-study.tsx'
import styles from './reading-room.module.css'
import { useStudy } from './use-study.ts'

/** After its panes have let go of their stacks. Milliseconds. */
const LEFT_AFTER = 500

/** One study, read: its series at the left, some of them in the panes. */
export function ReadingRoomPage({ studyInstanceUid }: { studyInstanceUid: string }): ReactNode {
  const { t } = useTexts()
  const { study, error } = useStudy(studyInstanceUid)
  // What is not looked at any longer has no place in memory.
  useEffect(() => () => void setTimeout(freeUnopened, LEFT_AFTER), [])
  // Another study is another room: nothing of one patient stays on screen with the next.
  if (study !== undefined) return <OpenStudy key={studyInstanceUid} opening={study} />
  if (error?.code === 'study-not-found') {
    return <Message title={t('reading.not-found')} text={t('reading.not-found-text')} />
  }
  if (error !== undefined) return <Message title={t('reading.failed')} text={t('reading.failed-text')} />
  return (
    <div className={styles.message} role="status">
      {t('reading.opening')}
    </div>
  )
}

function Message({ title, text }: { title: string; text: string }): ReactNode {
  const { t } = useTexts()
  return (
    <div className={styles.message}>
      <Notice
        title={title}
        text={text}
        action={<Button onClick={() => window.location.assign('/')}>{t('reading.back')}</Button>}
      />
    </div>
  )
}
