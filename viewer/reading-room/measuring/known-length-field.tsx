import { useId, useState, type ReactNode } from 'react'
import type { CalibratingGeometry } from '../../../core/measurements/shapes.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import styles from './asked.module.css'
import { askedPlace } from './asked-place.ts'
import { useFieldFocus } from './use-field-focus.ts'

type Reach = CalibratingGeometry['reach']

interface KnownLengthFieldProps {
  readonly at: readonly [number, number]
  /** The series has others that it could hold for. */
  readonly severalAlike: boolean
  readonly onSaid: (millimetres: number, reach: Reach) => void
  /** Nothing was said. */
  readonly onClose: () => void
}

const [LEAST, MOST] = [0.1, 2000]

/** Asks how long what a line was drawn on is, and for which images that holds. Enter takes it, Escape gives it up. */
export function KnownLengthField({ at, severalAlike, onSaid, onClose }: KnownLengthFieldProps): ReactNode {
  const { t } = useTexts()
  const { field } = useFieldFocus()
  const fault = useId()
  const [typed, setTyped] = useState('')
  const [reach, setReach] = useState<Reach>('image')
  const [isWrong, setWrong] = useState(false)
  return (
    <form
      className={styles.asked}
      style={askedPlace(at, 264, severalAlike ? 132 : 96)}
      aria-label={t('measuring.known-ask')}
      onSubmit={(event) => {
        event.preventDefault()
        const millimetres = Number(typed.trim().replace(',', '.') || NaN)
        if (millimetres >= LEAST && millimetres <= MOST) onSaid(millimetres, reach)
        else setWrong(true)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <b>{t('measuring.known-ask')}</b>
      <div className={styles.row}>
        <input
          ref={field}
          inputMode="decimal"
          autoComplete="off"
          aria-label={t('measuring.known-millimetres')}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? fault : undefined}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setWrong(false)
          }}
        />
        mm
        <Button type="submit" kind="primary">
          {t('measuring.known-apply')}
        </Button>
      </div>
      {severalAlike && (
        <label className={styles.row}>
          {t('measuring.reach')}
          <select
            value={reach}
            onChange={(event) => setReach(event.target.value === 'series' ? 'series' : 'image')}
          >
            <option value="image">{t('measuring.reach-image')}</option>
            <option value="series">{t('measuring.reach-series')}</option>
          </select>
        </label>
      )}
      {isWrong && (
        <p id={fault} className={styles.fault} role="alert">
          {t('measuring.known-fault')}
        </p>
      )}
    </form>
  )
}
