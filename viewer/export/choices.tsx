import { useId, type ReactNode } from 'react'
import styles from './export.module.css'

interface ChoiceProps<Value extends string> {
  readonly legend: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly text: string; readonly disabled?: boolean }[]
  readonly onChange: (value: Value) => void
  readonly children?: ReactNode
}

/** One of a few, side by side. */
export function Choice<Value extends string>({
  legend,
  value,
  options,
  onChange,
  children,
}: ChoiceProps<Value>): ReactNode {
  const name = useId()
  return (
    <fieldset className={styles.choice}>
      <legend>{legend}</legend>
      <div className={styles.segments}>
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
            />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
      {children}
    </fieldset>
  )
}

interface TickProps {
  readonly text: string
  readonly hint?: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

/** A box to tick, and what it does. */
export function Tick({ text, hint, checked, onChange }: TickProps): ReactNode {
  const id = useId()
  return (
    <div className={styles.tick}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      <label htmlFor={id}>{text}</label>
      {hint !== undefined && <p id={`${id}-hint`}>{hint}</p>}
    </div>
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly most: number
  readonly onChange: (value: number) => void
}

/** A whole number between two others. */
export function NumberField({ label, value, least, most, onChange }: NumberFieldProps): ReactNode {
  return (
    <label className={styles.number}>
      <span>{label}</span>
      <input
        type="number"
        required
        min={least}
        max={most}
        value={Number.isNaN(value) ? '' : value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </label>
  )
}
