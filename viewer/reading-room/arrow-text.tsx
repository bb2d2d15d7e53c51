import { useRef, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import type { Mark } from '../marks/mark.ts'
import styles from './arrow-text.module.css'
import { useFieldFocus } from './measuring/use-field-focus.ts'

/** An arrow whose text is being written, and where its tail is in the pane. CSS pixels. */
export interface WrittenArrow {
  readonly mark: Mark
  readonly at: readonly [number, number]
}

interface ArrowTextProps {
  readonly arrow: WrittenArrow
  readonly onWritten: (label: string) => void
  readonly onClose: () => void
}

/** The field at the tail of an arrow: Enter keeps what was written, and so does going elsewhere; Escape leaves it as it was. */
export function ArrowText({ arrow: { mark, at }, onWritten, onClose }: ArrowTextProps): ReactNode {
  const { t } = useTexts()
  const { field, isSettled } = useFieldFocus()
  const done = useRef(false)
  const finish = (label: string | undefined): void => {
    if (done.current) return
    done.current = true
    if (label !== undefined && label !== mark.label) onWritten(label)
    onClose()
  }
  return (
    <input
      ref={field}
      className={styles.field}
      style={{ left: at[0], top: at[1] }}
      aria-label={t('reading.arrow-text')}
      placeholder={t('reading.arrow-text')}
      defaultValue={mark.label}
      maxLength={64}
      onBlur={(event) => {
        if (isSettled()) finish(event.target.value.trim())
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') finish(event.currentTarget.value.trim())
        if (event.key === 'Escape') finish(undefined)
      }}
    />
  )
}
