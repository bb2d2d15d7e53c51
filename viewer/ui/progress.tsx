import type { ReactNode } from 'react'
import styles from './progress.module.css'

interface ProgressProps {
  /** What is under way. */
  readonly label: string
  readonly value: number
  /** 0: nobody knows yet. */
  readonly most: number
  /** How far it is, in words. */
  readonly text: string
}

/** How far something is, as a bar and in words. */
export function Progress({ label, value, most, text }: ProgressProps): ReactNode {
  const known = most > 0 ? { value: Math.min(value, most), max: most } : {}
  return (
    <div className={styles.progress}>
      <progress {...known} aria-label={label} />
      <span>{text}</span>
    </div>
  )
}
