import { useEffect, useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes, displayDuration } from '../ui/amounts.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { percentDone } from './percent-done.ts'
import { useUploadDesk } from './upload-context.tsx'
import styles from './upload-page.module.css'
import type { UploadSnapshot } from './upload-phase.ts'

/** How far the upload is, how fast, how long still; and the ways to stop it. */
export function UploadProgress(): ReactNode {
  const { t } = useTexts()
  const desk = useUploadDesk()
  const { snapshot } = desk.getState()
  const { phase, counts } = snapshot
  const percent = percentDone(snapshot)
  const isHalted = phase === 'paused' || phase === 'waiting-for-network' || phase === 'signed-out'
  const isOver = phase === 'finished' || phase === 'cancelled'

  return (
    <section className={classNames(styles.panel, styles.progress)} aria-label={t('upload.progress')}>
      <div className={styles.line}>
        <div className={styles.headline}>
          <span className={styles.percent}>{percent} %</span>
          <span className={styles.phase} role="status">
            <PhaseText snapshot={snapshot} />
          </span>
        </div>
        <div className={styles.controls}>
          {phase === 'running' && <Button onClick={() => desk.queue.pause()}>{t('upload.pause')}</Button>}
          {phase === 'paused' && (
            <Button kind="primary" onClick={() => desk.queue.resume()}>
              {t('upload.resume')}
            </Button>
          )}
          {phase === 'waiting-for-network' && (
            <Button kind="primary" onClick={() => desk.queue.tryNow()}>
              {t('upload.try-now')}
            </Button>
          )}
          {counts.failed > 0 && phase !== 'cancelled' && (
            <Button onClick={() => desk.queue.retryFailed()}>
              {t('upload.retry-failed', { count: counts.failed })}
            </Button>
          )}
          {!isOver && (
            <Button kind="danger" onClick={() => void desk.cancel()}>
              {t('shell.cancel')}
            </Button>
          )}
          {isOver && (
            <Button kind="quiet" onClick={() => desk.startOver()}>
              {t('upload.clear')}
            </Button>
          )}
        </div>
      </div>
      <div
        role="progressbar"
        aria-label={t('upload.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className={classNames(
          styles.bar,
          phase === 'finished' && styles.done,
          (isHalted || phase === 'cancelled') && styles.halted,
        )}
      >
        <div style={{ transform: `scaleX(${percent / 100})` }} />
      </div>
      <Numbers snapshot={snapshot} />
    </section>
  )
}

function Numbers({ snapshot }: { snapshot: UploadSnapshot }): ReactNode {
  const { t, language } = useTexts()
  const { files, ended, counts, bytes, bytesDone, bytesPerSecond, secondsLeft, phase } = snapshot
  const count = (value: number): string => new Intl.NumberFormat(language).format(value)
  const refused = counts.rejected + counts.conflict
  return (
    <div className={styles.numbers}>
      <span>
        <b>{count(ended)}</b> {t('upload.of-files', { files: count(files) })}
      </span>
      <span>
        <b>{displayBytes(bytesDone)}</b> {t('upload.of-bytes', { bytes: displayBytes(bytes) })}
      </span>
      {phase === 'running' && bytesPerSecond !== undefined && bytesPerSecond > 0 && (
        <span>
          <b>{displayBytes(bytesPerSecond)}/s</b>
        </span>
      )}
      {phase === 'running' && secondsLeft !== undefined && secondsLeft > 0 && (
        <span>{t('upload.time-left', { time: displayDuration(secondsLeft) })}</span>
      )}
      {counts.stored > 0 && <span>{t('upload.count.stored', { count: counts.stored })}</span>}
      {counts.duplicate > 0 && <span>{t('upload.count.duplicate', { count: counts.duplicate })}</span>}
      {counts.skipped > 0 && <span>{t('upload.count.skipped', { count: counts.skipped })}</span>}
      {refused > 0 && <span className={styles.warning}>{t('upload.count.refused', { count: refused })}</span>}
      {counts.failed > 0 && (
        <span className={styles.fault}>{t('upload.count.failed', { count: counts.failed })}</span>
      )}
    </div>
  )
}

function PhaseText({ snapshot }: { snapshot: UploadSnapshot }): ReactNode {
  const { t } = useTexts()
  const { phase, walking, files, retryAt } = snapshot
  if (phase === 'waiting-for-network') return <Countdown until={retryAt} />
  if (phase === 'running' && walking) return t('upload.phase.reading', { count: files })
  if (phase === 'idle') return null
  return t(`upload.phase.${phase}`)
}

function Countdown({ until }: { until: number | undefined }): ReactNode {
  const { t } = useTexts()
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = until === undefined ? 0 : Math.max(0, Math.ceil((until - now) / 1000))
  return t('upload.phase.waiting-for-network', { seconds })
}
