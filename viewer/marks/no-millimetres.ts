import { isMeasured } from '../../core/measurements/shapes.ts'
import type { TextKey } from '../locales/text-key.ts'
import type { Mark } from './mark.ts'

/**
 * Why a mark that measures lengths or areas gives no millimetres, in a sentence; undefined where it does, and where it
 * measures something else.
 */
export function noMillimetres({ geometry, calibration, values }: Mark): TextKey | undefined {
  if (['probe', 'arrow', 'vertebra'].includes(geometry.kind) || !isMeasured(geometry)) return undefined
  if (calibration.kind === 'ultrasound-region') {
    // On no plane a line measures along its axes, each in its own unit, and nothing else measures anything.
    return values.some(({ unit }) => ['mm', 'mm2', 'deg'].includes(unit)) ? undefined : 'reading.no-mm-region'
  }
  if (!values.some(({ unit }) => unit === '{pixels}')) return undefined
  return calibration.kind === 'detector' ? 'reading.no-mm-detector' : 'reading.no-mm-unknown'
}
