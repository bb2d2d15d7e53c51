import { useEffect, useState, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { PageNotAllowed } from '../shell/page-states.tsx'
import { Button } from '../ui/button.tsx'
import { DropZone } from './drop-zone.tsx'
import { FileList } from './file-list.tsx'
import { RoomNotice } from './room-notice.tsx'
import { SummaryView } from './summary-view.tsx'
import { useUploadDesk } from './upload-context.tsx'
import styles from './upload-page.module.css'
import { UploadProgress } from './upload-progress.tsx'

const SHOWN_NAMES = 3

export function UploadPage(): ReactNode {
  return useMay('instance.store') ? <Upload /> : <PageNotAllowed />
}

/** Files go in here: what to drop, how it goes, what came of it. */
function Upload(): ReactNode {
  const { t } = useTexts()
  const desk = useUploadDesk()
  const { snapshot, interrupted } = desk.getState()
  const { phase } = snapshot
  const isOver = phase === 'finished' || phase === 'cancelled'

  useEffect(() => {
    document.title = `${t('upload.title')} · Yunying 云影`
  }, [t])

  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <h1 className={styles.title}>{t('upload.title')}</h1>
        <QueriesProvider>
          <RoomNotice bytesToSend={isOver ? 0 : snapshot.bytes - snapshot.bytesDone} />
        </QueriesProvider>
        {phase === 'idle' && interrupted !== undefined && <Interrupted />}
        {phase !== 'idle' && <UploadProgress />}
        {isOver && snapshot.files > 0 && (
          <QueriesProvider>
            <SummaryView queue={desk.queue} version={snapshot.version} />
          </QueriesProvider>
        )}
        <DropZone small={phase !== 'idle'} />
        {snapshot.files > 0 && <FileList queue={desk.queue} version={snapshot.version} />}
      </div>
    </div>
  )
}

/** After a reload in mid-upload: one press to go on, where the browser kept the folder. */
function Interrupted(): ReactNode {
  const { t } = useTexts()
  const desk = useUploadDesk()
  const { interrupted } = desk.getState()
  const [refused, setRefused] = useState(false)
  if (interrupted === undefined) return null
  const names = [
    ...interrupted.names.slice(0, SHOWN_NAMES),
    ...(interrupted.names.length > SHOWN_NAMES ? ['…'] : []),
  ]
  const canGoOn = interrupted.handles.length > 0 && !refused
  return (
    <div className={styles.banner} role="status">
      <div>
        <p>{t('upload.interrupted', { names: names.join(', ') })}</p>
        <p>
          {t('upload.interrupted.done', { count: interrupted.done })}{' '}
          {!canGoOn && t('upload.interrupted.drop-again')}
        </p>
      </div>
      {canGoOn && (
        <Button
          kind="primary"
          onClick={() => void desk.goOn().then((answer) => setRefused(answer === 'not-permitted'))}
        >
          {t('upload.continue')}
        </Button>
      )}
      <Button kind="quiet" onClick={() => void desk.forgetInterrupted()}>
        {t('upload.forget')}
      </Button>
    </div>
  )
}
