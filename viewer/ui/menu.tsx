import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './overlay.module.css'

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactNode
  readonly align?: 'start' | 'end'
  /** Where something else opens it too. */
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  /** Nothing has the focus after it was closed: where keys are for the page, not for the button. */
  readonly leavesFocus?: boolean
  readonly children: ReactNode
}

/** A menu under a button. */
export function Menu({
  trigger,
  align = 'end',
  leavesFocus = false,
  children,
  ...state
}: MenuProps): ReactNode {
  return (
    <DropdownMenu.Root modal={false} {...state}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={styles.menu}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            if (leavesFocus) event.preventDefault()
          }}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

interface MenuItemProps {
  readonly onSelect: () => void
  readonly icon?: ReactNode
  /** A key or a state, at the right. */
  readonly trailing?: ReactNode
  readonly disabled?: boolean
  readonly children: ReactNode
}

export function MenuItem({ onSelect, icon, trailing, disabled = false, children }: MenuItemProps): ReactNode {
  return (
    <DropdownMenu.Item className={styles.item} onSelect={onSelect} disabled={disabled}>
      {icon}
      {children}
      {trailing !== undefined && <span className={styles.trailing}>{trailing}</span>}
    </DropdownMenu.Item>
  )
}

/** One of several of which one is chosen. */
export function MenuChoice({
  chosen,
  onSelect,
  children,
}: {
  chosen: boolean
  onSelect: () => void
  children: ReactNode
}): ReactNode {
  return (
    <DropdownMenu.CheckboxItem className={styles.item} checked={chosen} onSelect={onSelect}>
      {children}
      <DropdownMenu.ItemIndicator className={styles.trailing}>
        <Check size={16} strokeWidth={2} />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.CheckboxItem>
  )
}

export function MenuLabel({ children }: { children: ReactNode }): ReactNode {
  return <DropdownMenu.Label className={styles.label}>{children}</DropdownMenu.Label>
}

export function MenuSeparator(): ReactNode {
  return <DropdownMenu.Separator className={styles.separator} />
}
