import { Check, Flame, Grid3x3, Layers, Palette, Ruler, TriangleAlert } from 'lucide-react'
import type { ComponentType, ReactNode, WheelEvent } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import type { TrustLine } from './trust.ts'
import styles from './trust-strip.module.css'

interface TrustStripProps {
  readonly lines: readonly TrustLine[]
  /** Nobody wants texts on the image: only what needs care is shown, as signs. */
  readonly quiet: boolean
  /** The strip lies over the image, and is none of the mouse's business. */
  readonly onWheel: (event: WheelEvent) => void
}

const SIGNS: Readonly<Record<TrustLine['about'], ComponentType<{ size?: number; strokeWidth?: number }>>> = {
  pixels: Grid3x3,
  colours: Palette,
  geometry: Layers,
  calibration: Ruler,
  uptake: Flame,
}

/** What a reader may rely on in a pane: dim when all is well. One stop of the Tab key; hovered or focused it says why. */
export function TrustStrip({ lines, quiet, onWheel }: TrustStripProps): ReactNode {
  const { t } = useTexts()
  const needsCare = lines.some((line) => line.needsCare)
  if (quiet && !needsCare) return null
  const spoken = lines.map(({ text }) => text).join(', ')
  return (
    <Tooltip tapped side="top" text={<Reasons lines={lines} />}>
      <button
        type="button"
        className={classNames(styles.strip, quiet && styles.quiet)}
        aria-label={needsCare ? `${t('reading.trust-care')}: ${spoken}` : spoken}
        data-care={needsCare}
        // A click is not to take the focus from the image.
        onMouseDown={(event) => event.preventDefault()}
        onWheel={onWheel}
      >
        {needsCare ? (
          <TriangleAlert className={styles.alert} size={13} strokeWidth={2.25} aria-hidden />
        ) : (
          <Check className={styles.well} size={13} strokeWidth={2.25} aria-hidden />
        )}
        {lines.map((line) => {
          const Sign = SIGNS[line.about]
          return (
            <span key={line.about} className={classNames(styles.line, line.needsCare && styles.care)}>
              <span className={styles.sign}>
                <Sign size={13} strokeWidth={2} />
              </span>
              <span className={styles.text}>{line.text}</span>
            </span>
          )
        })}
      </button>
    </Tooltip>
  )
}

function Reasons({ lines }: { readonly lines: readonly TrustLine[] }): ReactNode {
  return (
    <span className={styles.reasons}>
      {lines.map((line) => {
        const Sign = SIGNS[line.about]
        return (
          <span key={line.about} className={classNames(styles.reason, line.needsCare && styles.care)}>
            <Sign size={14} strokeWidth={2} aria-hidden />
            <span>{line.why}</span>
          </span>
        )
      })}
    </span>
  )
}
