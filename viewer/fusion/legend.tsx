import { useRef, type PointerEvent, type ReactNode } from 'react'
import { colourAt, COLOURS } from '../../core/volume/colour-map.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayEnd, displayUnit } from './amounts.ts'
import { isodosesOf, washOf, type FusionLook, type OverlayRange } from './fusion-look.ts'
import styles from './fusion.module.css'
import { levelColour } from './paint-fusion.ts'

interface LegendProps {
  readonly look: FusionLook
  readonly range: OverlayRange
  readonly onChange: (parts: Partial<FusionLook>) => void
}

/** So long a drag is the whole window. Pixels. */
const WHOLE_DRAG = 200

/** The colours with the ends of the window in units. Its upper half is taken hold of to move the upper end, its lower half the lower. */
export function Legend({ look, range, onChange }: LegendProps): ReactNode {
  const { t } = useTexts()
  const drag = useRef<{ readonly y: number; readonly isUpper: boolean }>(undefined)
  const wash = washOf(look, range)
  const { lower, upper } = wash
  const unit = displayUnit(range.unit)
  const isodoses = isodosesOf(look, range)
  const start = useRef({ lower, upper })

  const onDown = (event: PointerEvent<HTMLDivElement>): void => {
    const { top, height } = event.currentTarget.getBoundingClientRect()
    drag.current = { y: event.clientY, isUpper: event.clientY < top + height / 2 }
    start.current = { lower, upper }
    event.currentTarget.setPointerCapture(event.pointerId)
    event.stopPropagation()
  }
  const onMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag.current === undefined) return
    const from = start.current
    const span = from.upper - from.lower
    const by = ((drag.current.y - event.clientY) / WHOLE_DRAG) * span
    if (drag.current.isUpper) onChange({ upper: Math.max(from.lower + span / 50, from.upper + by) })
    else onChange({ lower: Math.min(from.upper - span / 50, Math.max(0, from.lower + by)) })
  }
  const colours = Array.from({ length: 33 }, (_, at) => {
    const entry = Math.round((at / 32) * (COLOURS - 1))
    return `rgb(${colourAt(look.map, entry).join(' ')}) ${((at / 32) * 100).toFixed(1)}%`
  })
  return (
    <div
      className={styles.legend}
      data-legend
      title={t('fusion.legend-drag')}
      onDoubleClick={(event) => {
        event.stopPropagation()
        onChange({ lower: undefined, upper: undefined })
      }}
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={() => (drag.current = undefined)}
      onPointerCancel={() => (drag.current = undefined)}
    >
      <span className={styles.end}>{displayEnd(upper)}</span>
      <span className={styles.unit}>{unit}</span>
      <div
        className={styles.bar}
        role="img"
        aria-label={t('fusion.legend', {
          map: t(`fusion.map-${look.map}`),
          lower: displayEnd(lower),
          upper: displayEnd(upper),
          unit,
        })}
        style={{ background: `linear-gradient(to top, ${colours.join(', ')})` }}
      />
      <span className={styles.end}>{displayEnd(lower)}</span>
      {isodoses.length > 0 && (
        <ul className={styles.levels} aria-label={t('fusion.isodoses')}>
          {isodoses.map(({ percent, level }) => (
            <li key={percent}>
              <i style={{ background: levelColour(wash, level) }} aria-hidden="true" />
              {range.unit === '%' ? `${displayEnd(level)} %` : `${percent} %  ${displayEnd(level)}`}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
