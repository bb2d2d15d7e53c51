import { findBulkValue, datasetToJson } from '../../core/dicom/parse-dataset.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'

/** Bytes that name a person or an instance, and what they are. */
export interface IdentityMark {
  readonly what: string
  readonly bytes: Buffer
}

const TEXTS: Readonly<Record<string, string>> = {
  '00100020': 'patient ID',
  '00101000': 'other patient IDs',
  '00100030': 'birth date',
  '00101040': 'address',
  '00080050': 'accession number',
  '00080080': 'institution',
  '00080081': 'institution address',
  '0020000D': 'study UID',
  '0020000E': 'series UID',
  '00080018': 'instance UID',
  '00200052': 'frame of reference UID',
}
const NAMES = new Set([
  ...['00100010', '00101001', '00080090', '00081050', '00081048', '00081060', '00081070', '00321032'],
])
/** Values that are everywhere: they name nobody. */
const OF_NOBODY =
  /^(anon.*|anonymous|none|unknown|test|patient|phantom|0+|1900.*|name|doe|ct|mr|us|removed|no name|control|patientname|head|knee|00000000|12345678)$/i

/**
 * What the top level of a file says of people and of itself: the bytes as they are in the file, whatever its character set,
 * and as UTF-8. Read apart from the code under test.
 */
export function identityOf(file: Uint8Array): IdentityMark[] {
  const json = datasetToJson(file, { bulkDataUri: () => '' })
  const marks: IdentityMark[] = []
  const add = (what: string, bytes: Buffer): void => {
    const text = bytes.toString('latin1').trim()
    if (bytes.length >= (/^[0-9]+$/.test(text) ? 5 : 4) && !OF_NOBODY.test(text)) marks.push({ what, bytes })
  }
  for (const [tag, what] of Object.entries(TEXTS))
    for (const text of texts(json, tag)) add(what, Buffer.from(text))
  for (const tag of NAMES) {
    const raw = findBulkValue(file, tag)?.bytes ?? new Uint8Array(0)
    for (const group of Buffer.from(raw).toString('latin1').split(/[=\\]/))
      for (const part of group.replace(/[\s\0]+$/, '').split('^'))
        add('name', Buffer.from(part.trim(), 'latin1'))
    for (const name of json[tag]?.Value ?? [])
      if (typeof name === 'object' && name !== null)
        for (const group of Object.values(name as Record<string, string>))
          for (const part of String(group).split('^')) add('name', Buffer.from(part.trim()))
  }
  return marks
}

/** The marks that the bytes have; none is what is wanted. */
export const marksIn = (bytes: Uint8Array, marks: readonly IdentityMark[]): string[] => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return marks
    .filter((mark) => buffer.includes(mark.bytes))
    .map(({ what, bytes: mark }) => `${what}: ${mark.toString()}`)
}

/**
 * As `marksIn`, in what was de-identified: what was drawn in place of the identity names nobody, but twelve hexadecimal
 * digits have an `ACC1` in them by chance, and 39 decimal ones a patient's `99000`. An original UID below 2.25 is still found.
 */
export function marksBesideDrawn(bytes: Uint8Array, marks: readonly IdentityMark[]): string[] {
  const withoutNames = latin1(bytes).replace(/ANON-[0-9A-F]{12}/g, 'ANON')
  const withoutUids = withoutNames.replace(/2\.25\.\d+/g, '2.25')
  const isUid = ({ bytes: mark }: IdentityMark): boolean =>
    /^[0-9]+(\.[0-9]+)+$/.test(mark.toString('latin1'))
  return [
    ...marksIn(Buffer.from(withoutNames, 'latin1'), marks.filter(isUid)),
    ...marksIn(
      Buffer.from(withoutUids, 'latin1'),
      marks.filter((mark) => !isUid(mark)),
    ),
  ]
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

const texts = (json: DicomJson, tag: string): string[] =>
  (json[tag]?.Value ?? []).flatMap((value) =>
    typeof value === 'string' || typeof value === 'number' ? [String(value).trim()] : [],
  )
