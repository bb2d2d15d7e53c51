import { firstString, type DicomJson } from '../dicom/dicom-json.ts'
import type { Intensity } from './shapes.ts'
import { suvOf } from './suv.ts'

const MODALITY = '00080060'
const RESCALE_TYPE = '00281054'
const UNITS = '00541001'

export interface PixelMeaning {
  readonly intensity: Intensity
  /** UCUM. */
  readonly unit: string
  /** So many of the unit for one of the values after the modality transformation. */
  readonly scale: number
}

/** Of positron emission images whose uptake is known, too. */
export const ACTIVITY: PixelMeaning = { intensity: 'activity', unit: 'Bq/ml', scale: 1 }

/** Whether values are activities as they are. */
export const isActivity = (instance: DicomJson): boolean => firstString(instance, UNITS) === 'BQML'

/**
 * What the values of an instance's pixels mean after the modality transformation, and their unit as a UCUM code. Attenuation
 * in Hounsfield units only of computed tomography that names no other unit; uptake where it can be calculated. Source: PS3.3 C.11.1.1.2, C.8.9.1.1.3.
 */
export function intensityOf(instance: DicomJson): PixelMeaning {
  const modality = firstString(instance, MODALITY)
  const type = firstString(instance, RESCALE_TYPE) ?? ''
  if (modality === 'CT' && (type === '' || type === 'HU'))
    return { intensity: 'attenuation', unit: "[hnsf'U]", scale: 1 }
  if (modality === 'MR') return { intensity: 'mr-signal', unit: '1', scale: 1 }
  const suv = suvOf(instance)
  if (suv?.kind === 'known') return { intensity: 'suv-bw', unit: 'g/ml{SUVbw}', scale: suv.scale }
  if (modality === 'PT' && firstString(instance, UNITS) === 'BQML') return ACTIVITY
  return { intensity: 'other', unit: '1', scale: 1 }
}
