import { useSyncExternalStore, type ReactNode } from 'react'
import { isWhole } from '../../../core/volume/crop-box.ts'
import type { VolumeLooks } from '../../imaging/volume/volume-look.ts'
import type { PictureAnswer } from '../../imaging/volume/volume-messages.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import styles from '../mpr/mpr.module.css'

interface VolumeCaptionProps {
  readonly looks: VolumeLooks
  /** How it is painted; undefined until it is. */
  readonly painted: Pick<PictureAnswer, 'paintedBy' | 'shrink'> | undefined
}

/** What a pane shows of a volume, and what of it is not as it seems. */
export function VolumeCaption({ looks, painted }: VolumeCaptionProps): ReactNode {
  const { t } = useTexts()
  const { volume } = looks
  // Each for itself: what turns renders nothing.
  const preset = useSyncExternalStore(looks.subscribe, () => looks.now().preset)
  const crop = useSyncExternalStore(looks.subscribe, () => looks.now().crop)
  const arrived = useSyncExternalStore(looks.subscribe, () => volume.counts().arrived)
  const failed = useSyncExternalStore(looks.subscribe, () => volume.counts().failed)
  const { all } = volume.counts()
  const notes = [
    arrived + failed < all && t('volume.arriving', { arrived, all }),
    failed > 0 && t('mpr.failed', { count: failed }),
    volume.grid.filled > 0 && t('mpr.filled', { count: volume.grid.filled }),
    volume.grid.leftOut > 0 && t('mpr.left-out', { count: volume.grid.leftOut }),
    volume.shrink > 1 && t('mpr.shrunk', { factor: volume.shrink }),
    painted !== undefined && painted.shrink > 1 && t('volume.card-shrunk', { factor: painted.shrink }),
    painted?.paintedBy === 'processor' && t('volume.processor'),
    !isWhole(crop) && t('volume.cropped'),
  ].filter((note) => note !== false)
  return (
    <div className={styles.caption} data-volume={preset.name}>
      <span className={styles.name}>
        {t('volume.name')} · {t(`volume.preset-${preset.name}`)}
      </span>
      {notes.length > 0 && <span className={styles.note}>{notes.join(' · ')}</span>}
    </div>
  )
}
