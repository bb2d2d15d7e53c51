import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DicomJsonPersonName } from '../../core/dicom/dicom-json.ts'
import { parsePersonName } from '../../core/dicom/person-name.ts'
import { sharedDicom } from './shared-dicom.ts'

/** A reference scan whose patient's name is known, whatever character set it is written in. */
export interface ExpectedName {
  /** As in the manifest. */
  readonly path: string
  readonly name: DicomJsonPersonName
}

/** The names as the authors of these files have them (PS3.5 Annexes H, I, J and K have most of them). */
const BY_THEIR_AUTHORS: Readonly<Record<string, DicomJsonPersonName>> = {
  'chrArab.dcm': { Alphabetic: 'قباني^لنزار' },
  'chrFren.dcm': { Alphabetic: 'Buc^Jérôme' },
  'chrGB2312.dcm': { Alphabetic: 'Zhang^XiaoDong', Ideographic: '张^小东' },
  'chrGerm.dcm': { Alphabetic: 'Äneas^Rüdiger' },
  'chrGreek.dcm': { Alphabetic: 'Διονυσιος' },
  'chrH31.dcm': { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
  'chrH32.dcm': { Alphabetic: 'ﾔﾏﾀﾞ^ﾀﾛｳ', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
  'chrHbrw.dcm': { Alphabetic: 'שרון^דבורה' },
  'chrI2.dcm': { Alphabetic: 'Hong^Gildong', Ideographic: '洪^吉洞', Phonetic: '홍^길동' },
  'chrKoreanMulti.dcm': { Alphabetic: '김희중' },
  'chrRuss.dcm': { Alphabetic: 'Люкceмбypг' },
  'chrX1.dcm': { Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小東' },
  'chrX2.dcm': { Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小东' },
}

/** Names of the reference scans in every character set; none where there are no reference scans. */
export function expectedNames(): ExpectedName[] {
  const folder = sharedDicom()
  if (folder === undefined) return []
  const [, ...lines] = readFileSync(join(folder, 'charsets/made/expected.tsv'), 'utf8').trimEnd().split('\n')
  return [
    ...lines.map((line) => {
      const [file = '', , name = ''] = line.split('\t')
      return { path: `charsets/made/${file}`, name: parsePersonName(name) }
    }),
    ...Object.entries(BY_THEIR_AUTHORS).map(([file, name]) => ({
      path: `charsets/clunie-32px/${file}`,
      name,
    })),
  ]
}
