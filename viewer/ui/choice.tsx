import type { ReactNode } from 'react'

export interface ChoiceProps<Value extends string> {
  readonly id: string
  readonly value: Value
  readonly options: readonly (readonly [value: Value, text: string])[]
  readonly onChange: (value: Value) => void
}

/** One of a few; its label stands beside it. */
export function Choice<Value extends string>({
  id,
  value,
  options,
  onChange,
}: ChoiceProps<Value>): ReactNode {
  return (
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
  )
}
