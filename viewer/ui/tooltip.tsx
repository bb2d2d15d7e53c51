import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './overlay.module.css'

const DELAY_MS = 400

/** Once, around the whole page: the next tooltip comes at once while one is shown. */
export function TooltipProvider({ children }: { children: ReactNode }): ReactNode {
  return <Radix.Provider delayDuration={DELAY_MS}>{children}</Radix.Provider>
}

interface TooltipProps {
  readonly text: ReactNode
  /** The key that does the same. */
  readonly shownKey?: string
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  readonly children: ReactNode
}

/** A few words about a control, after 400 ms of hovering or on focus. */
export function Tooltip({ text, shownKey, side = 'bottom', children }: TooltipProps): ReactNode {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.tooltip} side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {shownKey !== undefined && <kbd>{shownKey}</kbd>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
