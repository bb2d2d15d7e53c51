import { useEffect, useRef, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import type { Mark } from '../marks/mark.ts'
import styles from './arrow-text.module.css'

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
  const field = useRef<HTMLInputElement>(null)
  const done = useRef(false)
  useEffect(() => {
    done.current = false
    // After the click that ended the arrow, which would take the focus away again.
    const timer = setTimeout(() => field.current?.select(), 0)
    return () => clearTimeout(timer)
  }, [mark.trackingUid])
  const finish = (label: string | undefined): void => {
    if (done.current) return
    done.current = true
    if (label !== undefined && label !== mark.label) onWritten(label)
    onClose()
  }
  return (
    <input
      ref={field}
      key={mark.trackingUid}
      className={styles.field}
      style={{ left: at[0], top: at[1] }}
      aria-label={t('reading.arrow-text')}
      placeholder={t('reading.arrow-text')}
      defaultValue={mark.label}
      maxLength={64}
      onBlur={(event) => finish(event.target.value.trim())}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') finish(event.currentTarget.value.trim())
        if (event.key === 'Escape') finish(undefined)
      }}
    />
  )
}
