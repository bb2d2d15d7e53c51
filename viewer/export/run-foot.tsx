import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { DialogActions } from '../ui/dialog.tsx'
import { Progress } from '../ui/progress.tsx'
import styles from './export.module.css'
import type { Run } from './use-run.ts'

interface RunFootProps {
  readonly run: Run
  /** Images that are to be made. */
  readonly total: number
  /** What the button says that begins it. */
  readonly begin: string
  readonly onClose: () => void
}

/** How far it is, what went wrong, and the buttons. */
export function RunFoot({ run, total, begin, onClose }: RunFootProps): ReactNode {
  const { t } = useTexts()
  const { done, fault } = run
  const isRunning = done !== undefined
  return (
    <div className={styles.foot}>
      {fault !== undefined && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
      {isRunning && total > 1 && (
        <Progress
          label={begin}
          value={done}
          most={total}
          text={t('export.progress', { done, count: total })}
        />
      )}
      <DialogActions>
        <Button onClick={() => (isRunning ? run.cancel() : onClose())}>{t('export.cancel')}</Button>
        <Button kind="primary" type="submit" autoFocus disabled={isRunning || total < 1}>
          {begin}
        </Button>
      </DialogActions>
    </div>
  )
}
