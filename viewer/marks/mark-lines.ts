import type { Calibration, MeasuredValue, Quantity } from '../../core/measurements/shapes.ts'
import type { TextKey } from '../locales/text-key.ts'
import type { Texts } from '../locales/texts.ts'
import type { Mark } from './mark.ts'

/** Digits behind the point. Finer would claim more than a screen and a hand can do. */
const DIGITS: Readonly<Partial<Record<Quantity, number>>> = { minimum: 0, maximum: 0, duration: 3, speed: 0 }

const UPTAKE = 'g/ml{SUVbw}'

const SHOWN_UNITS: Readonly<Record<string, string>> = {
  mm2: 'mm²',
  deg: '°',
  '{pixels}': 'px',
  "[hnsf'U]": 'HU',
  [UPTAKE]: 'SUVbw',
  '1': '',
  '{ratio}': '',
}

/** A mark shows by itself what these are. */
const isNameless = (quantity: Quantity): quantity is 'length' | 'angle' | 'value' =>
  ['length', 'angle', 'value'].includes(quantity)

/** Whose millimetres they are, where they are not simply those of the patient. */
function whose(calibration: Calibration): TextKey | undefined {
  if (calibration.kind === 'known-length') return 'measuring.by-known-length'
  return calibration.kind === 'detector' && calibration.accepted ? 'measuring.at-detector' : undefined
}

/** What a mark says by itself, not by its figures. */
function ownLines({ geometry }: Mark, t: Texts['t']): string[] {
  if (geometry.kind === 'vertebra') return [geometry.level]
  return geometry.kind === 'known-length'
    ? [t('measuring.is-known', { millimetres: geometry.millimetres })]
    : []
}

/** What stands beside a mark: its name, then its figures, those that belong together on one line. */
export function markLines(mark: Mark, t: Texts['t']): string[] {
  const { label, values, calibration } = mark
  const spread: Quantity[] = ['minimum', 'maximum']
  const line = (value: MeasuredValue): string => {
    const { quantity, unit } = value
    const figure = isNameless(quantity)
      ? displayValue(value)
      : `${t(`reading.quantity-${quantity}`)} ${displayValue(value)}`
    const of = unit === 'mm' || unit === 'mm2' ? whose(calibration) : undefined
    return of === undefined || figure === '' ? figure : `${figure} ${t(of)}`
  }
  return [
    ...ownLines(mark, t),
    label,
    ...values.filter(({ quantity }) => !spread.includes(quantity)).map(line),
    values
      .filter(({ quantity }) => spread.includes(quantity))
      .map(line)
      .join('  '),
  ].filter((each) => each !== '')
}

/** A figure with its unit; nothing for one that is no number. */
export function displayValue({ quantity, value, unit }: MeasuredValue): string {
  if (!Number.isFinite(value)) return ''
  if (quantity === 'cardiothoracic-ratio') return `${value.toFixed(2)} (${(value * 100).toFixed(0)} %)`
  const shown = SHOWN_UNITS[unit] ?? unit
  const digits =
    unit === UPTAKE ? 2 : unit === '{pixels}' && quantity === 'area' ? 0 : (DIGITS[quantity] ?? 1)
  // A minus sign, not a hyphen; and no figure of nothing.
  const text = value
    .toFixed(digits)
    .replace(/^-(?=0(\.0+)?$)/, '')
    .replace('-', '−')
  return shown === '°' ? `${text}°` : `${text} ${shown}`.trimEnd()
}
