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

const UNSPACED = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}々ー·]+$/u

/**
 * A component group, `family^given^middle^prefix^suffix`, as Chinese, Japanese and Korean write a name: `王^小东` is 王小东, and so is `王 小东`.
 * Undefined for the scripts that put blanks between names.
 */
export function unspacedName(group: string): string | undefined {
  const words = group
    .split('^')
    .slice(0, 3)
    .flatMap((component) => component.split(/\s+/))
    .filter((word) => word !== '')
  return words.length > 0 && words.every((word) => UNSPACED.test(word)) ? words.join('') : undefined
}
