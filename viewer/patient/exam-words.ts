import type { PatientStudy } from '../../core/contract/patient.ts'
import type { TextKey } from '../locales/text-key.ts'
import type { Texts } from '../locales/texts.ts'

/** Documents and marks: nothing that a patient was examined by. */
const NOT_EXAMS = ['SR', 'PR', 'KO', 'SEG', 'DOC', 'OT', 'RTSTRUCT', 'RTDOSE', 'RTPLAN', 'REG']

/** What kind of examination it was, in words: “CT scan, head”. Codes that have no word are left out. */
export function examWords(
  t: Texts['t'],
  { modalities, bodyParts }: Pick<PatientStudy, 'modalities' | 'bodyParts'>,
): string {
  const kinds = modalities
    .filter((modality) => !NOT_EXAMS.includes(modality))
    .map((modality) => wordOf(t, `patient.modality.${modality}`) ?? t('patient.modality.other'))
  const parts = bodyParts.flatMap((part) => wordOf(t, `patient.part.${part.replace(/[\s_-]/g, '')}`) ?? [])
  const named = kinds.length === 0 ? [t('patient.modality.other')] : kinds
  return [...new Set([...named, ...parts])].join(t('patient.exam.comma'))
}

/** The codes are DICOM's: whether there is a word is only known now; `t` answers the key when there is none. */
function wordOf(t: Texts['t'], key: string): string | undefined {
  const word = t(key as TextKey)
  return word === key ? undefined : word
}
