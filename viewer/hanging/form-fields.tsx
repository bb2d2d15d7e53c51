import { useId, useState, type ReactNode } from 'react'
import { Choice, type ChoiceProps } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import styles from './editor.module.css'
import { listOf } from './wish-text.ts'

interface SelectFieldProps<Value extends string> extends Omit<ChoiceProps<Value>, 'id'> {
  readonly label: string
}

/** A labelled choice of a few. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>): ReactNode {
  const { label, ...choice } = props
  const id = useId()
  return (
    <div className={styles.select}>
      <label htmlFor={id}>{label}</label>
      <Choice id={id} {...choice} />
    </div>
  )
}

interface ListFieldProps {
  readonly label: string
  readonly hint?: string
  readonly value: readonly string[] | undefined
  readonly onChange: (value: string[]) => void
}

/** Words with commas between them; what is typed stays as it is until it is left. */
export function ListField({ label, hint, value = [], onChange }: ListFieldProps): ReactNode {
  const [text, setText] = useState(value.join(', '))
  return (
    <Field
      label={label}
      placeholder={hint}
      autoComplete="off"
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        onChange(listOf(event.target.value))
      }}
    />
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly hint?: string
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
}

/** A number or nothing. */
export function NumberField({ label, hint, value, onChange }: NumberFieldProps): ReactNode {
  const [text, setText] = useState(value === undefined ? '' : String(value))
  return (
    <Field
      label={label}
      placeholder={hint}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        const number = Number(event.target.value)
        onChange(event.target.value.trim() === '' || !Number.isFinite(number) ? undefined : number)
      }}
    />
  )
}

interface CheckProps {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

export function Check({ label, checked, onChange }: CheckProps): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}
