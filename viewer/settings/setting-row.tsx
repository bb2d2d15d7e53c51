import { useId, type ReactNode } from 'react'
import { Choice, type ChoiceProps } from '../ui/choice.tsx'
import styles from './settings.module.css'

interface ChoiceRowProps<Value extends string> extends Omit<ChoiceProps<Value>, 'id'> {
  readonly label: string
  /** What the reader looks for; a row that has nothing of it is not shown. */
  readonly sought: string
}

/** One thing that is one of a few. */
export function ChoiceRow<Value extends string>(props: ChoiceRowProps<Value>): ReactNode {
  const { label, sought, ...choice } = props
  const id = useId()
  if (!label.toLowerCase().includes(sought)) return null
  return (
    <div className={styles.row}>
      <label htmlFor={id}>{label}</label>
      <Choice id={id} {...choice} />
    </div>
  )
}
