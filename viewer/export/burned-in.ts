import { firstString, type DicomJson } from '../../core/dicom/dicom-json.ts'

const BURNED_IN = '00280301'
const MODALITY = '00080060'
const CONVERSION_TYPE = '00080064'
/** Of these, pixels often carry words: screens, scanned paper and film. */
const WRITTEN_ON = ['US', 'SC', 'OT', 'ES', 'XC', 'DOC', 'IVUS', 'ECG', 'BMD']

/** What is known of words in the pixels themselves: `said` so by the file; `likely` where it does not say. */
export type BurnedIn = 'said' | 'likely' | 'no'

/** Whether the pixels may name the patient (PS3.3 C.7.6.1, Burned In Annotation). */
export function burnedIn(metadata: DicomJson): BurnedIn {
  const said = firstString(metadata, BURNED_IN)?.trim().toUpperCase()
  if (said === 'YES') return 'said'
  if (said === 'NO') return 'no'
  const isConverted = (firstString(metadata, CONVERSION_TYPE) ?? '').trim() !== ''
  return isConverted || WRITTEN_ON.includes(firstString(metadata, MODALITY) ?? '') ? 'likely' : 'no'
}
