import type { ReactNode } from 'react'
import type { ComputedView } from '../../../core/contract/hanging.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import styles from './mpr.module.css'
import type { ReformatSession } from './reformat-session.ts'
import { PLANE_COLOURS } from './use-places.ts'

interface PlaneCaptionProps {
  readonly plane: ComputedView
  readonly session: ReformatSession
}

/** What is computed: its name in the colour of its line, how thick, and what of its volume is not as it seems. */
export function PlaneCaption({ plane, session }: PlaneCaptionProps): ReactNode {
  const { t } = useTexts()
  const { volume } = session
  const { arrived, failed, all } = volume.counts()
  const { mode, thickness } = session.slab()
  const isPlane = plane !== 'projection'
  const name =
    isPlane && session.isTurned(plane) ? t('mpr.oblique', { plane: t(`mpr.${plane}`) }) : t(`mpr.${plane}`)
  const notes = [
    arrived + failed < all && t('mpr.computing', { arrived, all }),
    failed > 0 && t('mpr.failed', { count: failed }),
    volume.grid.filled > 0 && t('mpr.filled', { count: volume.grid.filled }),
    volume.grid.leftOut > 0 && t('mpr.left-out', { count: volume.grid.leftOut }),
    volume.shrink > 1 && t('mpr.shrunk', { factor: volume.shrink }),
  ].filter((note) => note !== false)
  return (
    <div className={styles.caption} data-plane={plane}>
      <span className={styles.name}>
        {isPlane && <i style={{ background: PLANE_COLOURS[plane] }} aria-hidden="true" />}
        {name}
        {isPlane && thickness > 0 && ` · ${t(`mpr.slab-${mode}`)} ${t('mpr.millimetres', { thickness })}`}
      </span>
      {notes.length > 0 && <span className={styles.note}>{notes.join(' · ')}</span>}
    </div>
  )
}
