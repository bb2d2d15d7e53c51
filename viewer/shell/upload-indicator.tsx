import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { percentDone } from '../upload/percent-done.ts'
import { useUploadDesk } from '../upload/upload-context.tsx'
import styles from './frame.module.css'

/** A small meter in the top bar while an upload runs, wherever one is; leads to its page. */
export function UploadIndicator(): ReactNode {
  const { t } = useTexts()
  const { snapshot } = useUploadDesk().getState()
  const { phase } = snapshot
  if (phase === 'idle' || phase === 'cancelled') return null
  const percent = percentDone(snapshot)
  const text =
    phase === 'finished'
      ? t('shell.upload.finished')
      : phase === 'waiting-for-network'
        ? t('shell.upload.offline')
        : t(phase === 'paused' ? 'shell.upload.paused' : 'shell.upload.running', { percent })
  return (
    <Link to="/upload" className={styles.upload} activeProps={{ hidden: true }}>
      {phase === 'finished' ? (
        <Check size={14} strokeWidth={2} color="var(--ok)" />
      ) : (
        <span className={styles.meter} aria-hidden="true">
          <span className={styles.fill} style={{ transform: `scaleX(${percent / 100})` }} />
        </span>
      )}
      {text}
    </Link>
  )
}
