import { Star } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './key-star.module.css'

/** On what a key object selection names. It says why when it is pointed at. */
export function KeyStar({
  text,
  inPane = false,
}: {
  readonly text: string
  readonly inPane?: boolean
}): ReactNode {
  return (
    <span className={inPane ? styles.pane : styles.rail} title={text} role="img" aria-label={text}>
      <Star size={inPane ? 16 : 13} strokeWidth={2} aria-hidden="true" />
    </span>
  )
}
