import { firstNumber, firstString, type DicomJson } from '../dicom/dicom-json.ts'
import { Tag } from '../dicom/tag.ts'

export const RT_DOSE = '1.2.840.10008.5.1.4.1.1.481.2'

/** What a dose grid says besides its values. */
export interface DoseGrid {
  /** UCUM. Relative dose in hundredths of whatever the plan calls the whole. */
  readonly unit: 'Gy' | '%'
  /** So many of the unit for one of the stored values. */
  readonly scale: number
  /** PLAN, FRACTION, BEAM, RECORD …; empty where it does not say. */
  readonly summation: string
  /** PHYSICAL, EFFECTIVE or ERROR; empty where it does not say. */
  readonly type: string
  readonly comment: string
}

/**
 * What the values of a dose grid are worth; undefined where they have no scale, or it is no dose. Source: PS3.3 C.8.8.3.
 */
export function doseGridOf(instance: DicomJson): DoseGrid | undefined {
  const scaling = firstNumber(instance, Tag.DoseGridScaling) ?? 0
  const units = firstString(instance, Tag.DoseUnits)
  if (!(scaling > 0) || (units !== 'GY' && units !== 'RELATIVE')) return undefined
  return {
    unit: units === 'GY' ? 'Gy' : '%',
    scale: units === 'GY' ? scaling : scaling * 100,
    summation: firstString(instance, Tag.DoseSummationType) ?? '',
    type: firstString(instance, Tag.DoseType) ?? '',
    comment: firstString(instance, Tag.DoseComment) ?? '',
  }
}
