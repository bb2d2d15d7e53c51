import { Tooltip as Radix } from 'radix-ui'
import { useRef, useState, type MouseEvent, type PointerEvent, type ReactNode } from 'react'
import styles from './overlay.module.css'

const DELAY_MS = 400

/** Once, around the whole page: the next tooltip comes at once while one is shown. */
export function TooltipProvider({ children }: { children: ReactNode }): ReactNode {
  return <Radix.Provider delayDuration={DELAY_MS}>{children}</Radix.Provider>
}

interface TooltipProps {
  readonly text: ReactNode
  /** The key that does the same. */
  readonly shownKey?: string | undefined
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  /** What it says is said nowhere else: a finger, which cannot hover, gets it by a tap. */
  readonly tapped?: boolean
  readonly children: ReactNode
}

const isByFinger = (event: Event): boolean =>
  event instanceof globalThis.PointerEvent && event.pointerType === 'touch'

/** A few words about a control, after 400 ms of hovering or on focus. */
export function Tooltip({
  text,
  shownKey,
  side = 'bottom',
  tapped = false,
  children,
}: TooltipProps): ReactNode {
  const [open, setOpen] = useState(false)
  /** Whether it was shown when the finger came down: by the click it may be closed, for a press outside of it. */
  const wasOpen = useRef(false)
  // Prevented, neither the press nor the click of a finger closes it.
  const press = (event: PointerEvent): void => {
    if (!tapped || event.pointerType !== 'touch') return
    event.preventDefault()
    wasOpen.current = open
  }
  const click = (event: MouseEvent): void => {
    if (!tapped || !isByFinger(event.nativeEvent)) return
    event.preventDefault()
    setOpen(!wasOpen.current)
  }
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Trigger asChild onPointerDown={press} onClick={click}>
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.tooltip} side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {shownKey !== undefined && <kbd>{shownKey}</kbd>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
