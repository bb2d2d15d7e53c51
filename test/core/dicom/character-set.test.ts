import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeText } from '../../../core/dicom/character-set.ts'
import { firstPersonName, items } from '../../../core/dicom/dicom-json.ts'
import { InstanceScanner } from '../../../core/dicom/instance-scanner.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { expectedNames } from '../../support/charset-names.ts'
import { describeWith } from '../../support/require.ts'
import { SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

describe('decodeText', () => {
  it('keeps what is Latin-1 where Latin-1 is declared', () => {
    for (const name of ['Äneas^Rüdiger', 'Buc^Jérôme', 'Müller', 'Ångström^Åsa']) {
      expect(decodeText(latin1(name), ['ISO_IR 100'], 'PN')).toBe(name)
    }
  })

  it('reads UTF-8 and GBK where Latin-1 or nothing is declared', () => {
    expect(decodeText(Buffer.from('欧阳^晓明'), ['ISO_IR 100'], 'PN')).toBe('欧阳^晓明')
    expect(decodeText(Uint8Array.of(0xd5, 0xc5, 0x5e, 0xc8, 0xfd), [], 'PN')).toBe('张^三')
  })

  it('says something for an unknown character set', () => {
    expect(decodeText(Buffer.from('Zoë'), ['ISO_IR 999'], 'LO')).toBe('Zoë')
  })

  it('never throws, whatever the bytes', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    for (const set of ['', 'ISO_IR 192', 'GB18030', 'ISO 2022 IR 87', '\\ISO 2022 IR 149', 'ISO_IR 13']) {
      expect(typeof decodeText(bytes, set.split('\\'), 'PN')).toBe('string')
    }
  })
})

describeWith(SHARED_DICOM, 'names in the character sets of the reference scans', () => {
  const root = sharedDicom() ?? ''

  it.each(expectedNames())('$path reads as its author has it', ({ path, name }) => {
    const bytes = readFileSync(join(root, path))
    expect(firstPersonName(datasetToJson(bytes, { bulkDataUri: (each) => each }), '00100010')).toEqual(name)
    const scanner = new InstanceScanner()
    scanner.write(bytes)
    expect(firstPersonName(scanner.end().header, '00100010')).toEqual(name)
  })

  it('reads an item by the character set inside it', () => {
    const json = datasetToJson(readFileSync(join(root, 'charsets/clunie-32px/chrSQEncoding.dcm')), {
      bulkDataUri: (path) => path,
    })
    const item = items(json, '00321064')[0] ?? {}
    expect(firstPersonName(item, '00100010')).toEqual({
      Alphabetic: 'ﾔﾏﾀﾞ^ﾀﾛｳ',
      Ideographic: '山田^太郎',
      Phonetic: 'やまだ^たろう',
    })
  })
})
