import { useId, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './usage.module.css'

/** Units of the picture; it is stretched to its place. */
const WIDTH = 600
const HEIGHT = 120

interface UsageChartProps {
  readonly title: string
  /** YYYY-MM-DD, oldest first. */
  readonly days: readonly string[]
  /** Of each day; null where nothing was measured. */
  readonly values: readonly (number | null)[]
  readonly display: (value: number) => string
  /** `bars`: of that day alone. `steps`: a state that lasts until the next. */
  readonly kind: 'bars' | 'steps'
  /** What must not be passed, drawn where it is near enough to matter. */
  readonly limit?: { readonly value: number; readonly text: string } | undefined
}

/** One figure over time. Its table is beside it for who cannot see it; a day's value stands at the pointer. */
export function UsageChart({ title, days, values, display, kind, limit }: UsageChartProps): ReactNode {
  const { t } = useTexts()
  const id = useId()
  const most = Math.max(0, ...values.map((value) => value ?? 0))
  const latest = values.findLast((value) => value !== null) ?? 0
  const shownLimit = limit !== undefined && most >= limit.value / 4 ? limit : undefined
  const top = Math.max(most, shownLimit?.value ?? 0) * 1.08 || 1
  const y = (value: number): number => HEIGHT - (value / top) * HEIGHT
  const step = WIDTH / Math.max(1, values.length)
  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <figcaption id={id} className={styles.caption}>
        <span>{title}</span>
        <b>{display(latest)}</b>
      </figcaption>
      <div className={styles.plot}>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t('organisations.usage.latest', { title, value: display(latest), most: display(most) })}
        >
          <line x1={0} x2={WIDTH} y1={y(most)} y2={y(most)} className={styles.rule} />
          {values.map((value, index) =>
            value === null ? null : (
              <rect
                key={days[index]}
                x={index * step + (kind === 'bars' ? step * 0.12 : 0)}
                width={kind === 'bars' ? step * 0.76 : step + 0.3}
                y={y(value)}
                height={HEIGHT - y(value)}
                className={kind === 'bars' ? styles.bar : styles.area}
              >
                <title>{`${days[index] ?? ''}: ${display(value)}`}</title>
              </rect>
            ),
          )}
          {shownLimit !== undefined && (
            <line
              x1={0}
              x2={WIDTH}
              y1={y(shownLimit.value)}
              y2={y(shownLimit.value)}
              className={styles.limit}
            />
          )}
        </svg>
        <span className={styles.most} style={{ top: `${(y(most) / HEIGHT) * 100}%` }}>
          {most > 0 && display(most)}
        </span>
        {shownLimit !== undefined && (
          <span className={styles.limitText} style={{ top: `${(y(shownLimit.value) / HEIGHT) * 100}%` }}>
            {shownLimit.text}
          </span>
        )}
      </div>
      <div className={styles.ends} aria-hidden>
        <span>{days[0]}</span>
        <span>{days.at(-1)}</span>
      </div>
    </figure>
  )
}
