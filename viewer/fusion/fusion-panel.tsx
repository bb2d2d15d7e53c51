import { X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { colourAt, COLOUR_MAPS, COLOURS, type ColourMapName } from '../../core/volume/colour-map.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { IconButton } from '../ui/button.tsx'
import { displayEnd, displayUnit } from './amounts.ts'
import { windowOf, type FusionLook, type OverlayRange } from './fusion-look.ts'
import styles from './fusion.module.css'

/** One that can lie over the pane. */
export interface OverlayOption {
  readonly overlay: string
  readonly name: string
}

interface FusionPanelProps {
  readonly look: FusionLook
  readonly range: OverlayRange | undefined
  readonly overlay: string
  readonly options: readonly OverlayOption[]
  readonly onChoose: (overlay: string | undefined) => void
  readonly onChange: (parts: Partial<FusionLook>) => void
}

/** What lies over the pane, and how. */
export function FusionPanel({
  look,
  range,
  overlay,
  options,
  onChoose,
  onChange,
}: FusionPanelProps): ReactNode {
  const { t } = useTexts()
  const window = range && windowOf(look, range)
  const unit = range === undefined ? '' : displayUnit(range.unit)
  return (
    <div className={styles.panel} role="group" aria-label={t('fusion.panel')}>
      <div className={styles.head}>
        <select
          aria-label={t('fusion.overlay')}
          value={overlay}
          onChange={(event) => onChoose(event.target.value)}
        >
          {options.map((each) => (
            <option key={each.overlay} value={each.overlay}>
              {each.name}
            </option>
          ))}
        </select>
        <IconButton
          label={t('fusion.remove')}
          title={`${t('fusion.remove')} (⇧F)`}
          onClick={() => onChoose(undefined)}
        >
          <X size={14} strokeWidth={2} />
        </IconButton>
      </div>
      <label className={styles.field}>
        {t('fusion.opacity', { percent: Math.round(look.opacity * 100) })}
        <input
          type="range"
          min={0.1}
          max={1}
          step={0.05}
          value={look.opacity}
          onChange={(event) => onChange({ opacity: Number(event.target.value) })}
          // The keys are the image's again.
          onPointerUp={(event) => event.currentTarget.blur()}
        />
      </label>
      <div className={styles.maps} role="radiogroup" aria-label={t('fusion.map')}>
        {COLOUR_MAPS.map((map) => (
          <button
            key={map}
            type="button"
            role="radio"
            aria-checked={look.map === map}
            onClick={() => onChange({ map })}
          >
            <i style={{ background: stripe(map) }} aria-hidden="true" />
            {t(`fusion.map-${map}`)}
          </button>
        ))}
      </div>
      {window !== undefined && (
        <div className={styles.ends}>
          <EndField
            key={`lower ${window.lower}`}
            label={t('fusion.lower', { unit })}
            value={window.lower}
            onChange={(lower) => onChange({ lower })}
            isFit={(value) => value < window.upper}
          />
          <EndField
            key={`upper ${window.upper}`}
            label={t('fusion.upper', { unit })}
            value={window.upper}
            onChange={(upper) => onChange({ upper })}
            isFit={(value) => value > window.lower}
          />
        </div>
      )}
      {range?.kind === 'dose' && (
        <>
          <label className={styles.tick}>
            <input
              type="checkbox"
              checked={look.hasLines}
              onChange={(event) => onChange({ hasLines: event.target.checked })}
            />
            {t('fusion.isodoses')}
          </label>
          <EndField
            key={`whole ${look.whole ?? range.range?.most ?? 0}`}
            label={t('fusion.whole', { unit })}
            value={look.whole ?? range.range?.most ?? 0}
            onChange={(whole) => onChange({ whole })}
            isFit={(value) => value > 0}
          />
        </>
      )}
    </div>
  )
}

interface EndFieldProps {
  readonly label: string
  readonly value: number
  readonly isFit: (value: number) => boolean
  readonly onChange: (value: number | undefined) => void
}

/** A figure in units, taken when it is left or on Enter; emptied, it is as suits the values. */
function EndField({ label, value, isFit, onChange }: EndFieldProps): ReactNode {
  const [text, setText] = useState(displayEnd(value).replace('−', '-'))
  const take = (): void => {
    const next = Number(text.replace(',', '.'))
    if (text.trim() === '') onChange(undefined)
    else if (Number.isFinite(next) && isFit(next)) onChange(next)
    else setText(displayEnd(value).replace('−', '-'))
  }
  return (
    <label className={styles.field}>
      {label}
      <input
        inputMode="decimal"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
        }}
      />
    </label>
  )
}

function stripe(map: ColourMapName): string {
  const colours = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (share) => `rgb(${colourAt(map, Math.round(share * (COLOURS - 1))).join(' ')})`,
  )
  return `linear-gradient(to right, ${colours.join(', ')})`
}
