import { openSync, readSync, closeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sniff, SNIFFED_BYTES } from '../../../viewer/upload/sniff.ts'
import { manifest, sharedDicom } from '../../support/shared-dicom.ts'
import { describeWith } from '../../support/require.ts'

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const part10 = (rest = ''): string => `${'\0'.repeat(128)}DICM${rest}`
const directory = '\x02\x00\x02\x00UI\x14\x001.2.840.10008.1.3.10\0'

describe('sniff', () => {
  it.each([
    ['I0001', part10(), 'dicom'],
    ['prefixed.pdf', part10(), 'dicom'],
    ['no-preamble', '\x08\x00\x05\x00CS\x0a\x00', 'dicom'],
    ['big-endian', '\x00\x08\x00\x05CS\x00\x0a', 'dicom'],
    ['odd.dcm', 'whatever this is', 'dicom'],
    ['DICOMDIR', 'whatever this is', 'dicomdir'],
    ['CD/INDEX', part10(directory), 'dicomdir'],
    ['report.pdf', '%PDF-1.7', 'pdf'],
    ['photo.jpg', '\xff\xd8\xff\xe0', 'picture'],
    ['viewer.exe', 'MZ\x90\x00', 'program'],
    ['readme.txt', 'Please insert disk 2', 'text'],
    ['packed.rar', 'Rar!\x1a\x07', 'archive'],
    ['CD/.DS_Store', '\x00\x00\x00\x01Bud1', 'system-file'],
    ['a.zip › __MACOSX/I1', 'x', 'system-file'],
    ['Thumbs.db', '\xd0\xcf', 'system-file'],
    ['random', '\x91\x82\x03\x64\x05\x46\x37\x28', 'not-dicom'],
  ])('takes %s for what it is', (name, content, kind) => {
    const head = bytes(content)
    expect(sniff(name, head.length, head)).toBe(kind)
  })

  it('says of a file without bytes that it is empty', () => {
    expect(sniff('a.dcm', 0, new Uint8Array())).toBe('empty')
  })
})

describeWith(
  { name: 'the reference scans', remedy: 'see YUNYING_SHARED', found: sharedDicom() !== undefined },
  'sniff on real files',
  () => {
    it('skips none that has a SOP class, but directories', () => {
      const root = sharedDicom() ?? ''
      const skipped = manifest()
        .filter((row) => row.SOPClassUID !== '' && row.SOPClassUID !== '1.2.840.10008.1.3.10')
        .filter((row) => !/\.(?:zip|tsv|py|md)$/.test(row.path))
        .map((row) => ({
          path: row.path,
          kind: sniff(row.path, Number(row.bytes), headOf(join(root, row.path))),
        }))
        .filter(({ kind }) => kind !== 'dicom' && kind !== 'empty')
      expect(skipped).toEqual([])
    })
  },
)

function headOf(path: string): Uint8Array {
  const head = new Uint8Array(SNIFFED_BYTES)
  const file = openSync(path, 'r')
  const length = readSync(file, head, 0, SNIFFED_BYTES, 0)
  closeSync(file)
  return head.subarray(0, length)
}
