import { Gauge } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Clip } from '../imaging/cine/clip.ts'
import type { Pace } from '../imaging/cine/pace.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './cine-pace.module.css'

interface CinePaceProps {
  readonly pace: Pace
  /** What is kept of the clip instead. */
  readonly keeps: Clip['keeps']
}

/** That a clip is not played at its rate, why, and what is done about it. */
export function CinePace({ pace: { shown, wanted, because }, keeps }: CinePaceProps): ReactNode {
  const { t } = useTexts()
  const text = t(`quality.pace-${because}`, { shown, wanted })
  return (
    <Tooltip
      tapped
      side="top"
      text={`${t(`quality.pace-${because}-why`)} ${t(`quality.pace-keeps-${keeps}`)}`}
    >
      <button
        type="button"
        className={styles.pace}
        data-pace={`${shown}/${wanted}`}
        data-because={because}
        // A click is not to take the focus from the image.
        onMouseDown={(event) => event.preventDefault()}
      >
        <Gauge size={13} strokeWidth={2} aria-hidden />
        {text}
      </button>
    </Tooltip>
  )
}
