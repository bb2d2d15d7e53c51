import { useId, type ReactNode } from 'react'
import styles from './settings.module.css'

interface ChoiceRowProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly (readonly [value: Value, text: string])[]
  /** What the reader looks for; a row that has nothing of it is not shown. */
  readonly sought: string
  readonly onChange: (value: Value) => void
}

/** One thing that is one of a few. */
export function ChoiceRow<Value extends string>(props: ChoiceRowProps<Value>): ReactNode {
  const { label, value, options, sought, onChange } = props
  const id = useId()
  if (!label.toLowerCase().includes(sought)) return null
  return (
    <div className={styles.row}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const found = options.find(([each]) => each === event.target.value)
          if (found !== undefined) onChange(found[0])
        }}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
