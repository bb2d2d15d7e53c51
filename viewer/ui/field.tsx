import { useId, type ComponentProps, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './field.module.css'

interface FieldProps extends Omit<ComponentProps<'input'>, 'className' | 'id'> {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with it. */
  readonly error?: string | undefined
  readonly large?: boolean
}

/** A labelled line of text, with its hint or its fault read out with it. */
export function Field({ label, hint, error, large = false, ...input }: FieldProps): ReactNode {
  const id = useId()
  const note = error ?? hint
  return (
    <div className={classNames(styles.field, large && styles.large)}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        {...input}
        id={id}
        className={styles.input}
        aria-invalid={error !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
      />
      {note !== undefined && (
        <p id={`${id}-note`} className={classNames(styles.hint, error !== undefined && styles.error)}>
          {note}
        </p>
      )}
    </div>
  )
}

/** The class of a bare input that looks like a Field's. */
export const inputClass = styles.input
