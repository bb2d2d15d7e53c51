import { firstString, type DicomJson } from '../dicom/dicom-json.ts'
import type { Intensity } from './shapes.ts'

const MODALITY = '00080060'
const RESCALE_TYPE = '00281054'
const UNITS = '00541001'

/**
 * What the values of an instance's pixels mean after the modality transformation, and their unit as a UCUM code. Attenuation
 * in Hounsfield units only of computed tomography that names no other unit. Source: PS3.3 C.11.1.1.2, C.8.9.1.1.3.
 */
export function intensityOf(instance: DicomJson): { readonly intensity: Intensity; readonly unit: string } {
  const modality = firstString(instance, MODALITY)
  const type = firstString(instance, RESCALE_TYPE) ?? ''
  if (modality === 'CT' && (type === '' || type === 'HU'))
    return { intensity: 'attenuation', unit: "[hnsf'U]" }
  if (modality === 'MR') return { intensity: 'mr-signal', unit: '1' }
  if (modality === 'PT' && firstString(instance, UNITS) === 'BQML')
    return { intensity: 'activity', unit: 'Bq/ml' }
  return { intensity: 'other', unit: '1' }
}
