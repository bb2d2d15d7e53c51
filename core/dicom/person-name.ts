import type { DicomJsonPersonName } from './dicom-json.ts'

/** Up to three component groups: alphabetic, ideographic, phonetic (PS3.5 6.2.1.2). Empty groups are left out. */
export function parsePersonName(text: string): DicomJsonPersonName {
  const groups = text.split('=').map((group) => group.replace(/[\s\0]+$/, '').replace(/\^+$/, ''))
  const [alphabetic = '', ideographic = '', phonetic = ''] = groups
  return {
    ...(alphabetic === '' ? {} : { Alphabetic: alphabetic }),
    ...(ideographic === '' ? {} : { Ideographic: ideographic }),
    ...(phonetic === '' ? {} : { Phonetic: phonetic }),
  }
}
