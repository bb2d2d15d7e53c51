import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './overlay.module.css'

interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  /** A sentence under the title. */
  readonly description?: string
  readonly wide?: boolean
  /** As wide as the page has room for: a table. */
  readonly full?: boolean
  readonly children: ReactNode
}

/** A dialog over the page: takes the focus, gives it back, closes on Escape. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  wide,
  full,
  children,
}: DialogProps): ReactNode {
  const { t } = useTexts()
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content
          className={classNames(styles.dialog, wide === true && styles.wide, full === true && styles.full)}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className={styles.head}>
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={t('shell.close')}>
                <X size={18} strokeWidth={1.5} />
              </IconButton>
            </Radix.Close>
          </div>
          <div className={styles.body}>
            {description !== undefined && (
              <Radix.Description className={styles.description}>{description}</Radix.Description>
            )}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The row of buttons at the foot of a dialog. */
export function DialogActions({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles.actions}>{children}</div>
}
