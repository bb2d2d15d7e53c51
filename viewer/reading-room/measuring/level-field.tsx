import { useId, useState, type ReactNode } from 'react'
import { vertebralLevel, type VertebralLevel } from '../../../core/measurements/vertebrae.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import styles from './asked.module.css'
import { askedPlace } from './asked-place.ts'
import { useFieldFocus } from './use-field-focus.ts'

interface LevelFieldProps {
  readonly at: readonly [number, number]
  readonly onSaid: (level: VertebralLevel) => void
  /** Nothing was said. */
  readonly onClose: () => void
}

/** Asks which vertebra was clicked, where others do not say. Enter takes it, Escape gives it up. */
export function LevelField({ at, onSaid, onClose }: LevelFieldProps): ReactNode {
  const { t } = useTexts()
  const { field } = useFieldFocus()
  const fault = useId()
  const [isWrong, setWrong] = useState(false)
  return (
    <form
      className={classNames(styles.asked, styles.narrow)}
      style={askedPlace(at, 190, 96)}
      onSubmit={(event) => {
        event.preventDefault()
        const level = vertebralLevel(field.current?.value ?? '')
        if (level === undefined) setWrong(true)
        else onSaid(level)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <b>{t('measuring.level-ask')}</b>
      <input
        ref={field}
        defaultValue="L5"
        maxLength={4}
        autoComplete="off"
        aria-label={t('measuring.level')}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? fault : undefined}
        onChange={() => setWrong(false)}
      />
      {isWrong && (
        <p id={fault} className={styles.fault} role="alert">
          {t('measuring.level-fault')}
        </p>
      )}
    </form>
  )
}
