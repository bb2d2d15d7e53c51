import type { ComponentProps, ReactNode } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'

export type ButtonKind = 'plain' | 'primary' | 'danger' | 'quiet'

type ButtonProps = ComponentProps<'button'> & { kind?: ButtonKind; large?: boolean }

/** A button with words. */
export function Button({
  kind = 'plain',
  large = false,
  className,
  type = 'button',
  ...rest
}: ButtonProps): ReactNode {
  return <button {...rest} type={type} className={buttonClass(kind, large, className)} />
}

/** The looks of a button, for a link that acts as one. */
export function buttonClass(kind: ButtonKind = 'plain', large = false, className?: string): string {
  return classNames(styles.button, kind !== 'plain' && styles[kind], large && styles.large, className)
}

type IconButtonProps = Omit<ButtonProps, 'aria-label' | 'aria-pressed'> & {
  /** What the button does, for those who do not see the icon. */
  label: string
  pressed?: boolean
}

/** A square button with an icon and a name. Put a Tooltip around it. */
export function IconButton({
  label,
  kind = 'quiet',
  pressed,
  className,
  type = 'button',
  large: _large,
  ...rest
}: IconButtonProps): ReactNode {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      aria-pressed={pressed}
      className={classNames(buttonClass(kind), styles.icon, pressed === true && styles.pressed, className)}
    />
  )
}
