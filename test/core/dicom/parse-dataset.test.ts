import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DicomFault } from '../../../core/dicom/dicom-fault.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { InstanceScanner } from '../../../core/dicom/instance-scanner.ts'
import { toNativeXml } from '../../../core/dicom/native-xml.ts'
import { bulkDataRange, datasetToJson, findBulkValue } from '../../../core/dicom/parse-dataset.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, sharedDicom } from '../../support/shared-dicom.ts'

const uri = { bulkDataUri: (path: string): string => `bulk/${path}` }
const binary = (byte: number, length: number): { vr: string; InlineBinary: string } => ({
  vr: 'OB',
  InlineBinary: Buffer.alloc(length, byte).toString('base64'),
})

function withBinary(): Buffer {
  const builder = dicom().ct({ rows: 2, columns: 2 })
  const item: DicomJson = { '00420011': binary(7, 40_000) }
  builder.set('00089215', 'SQ', [{}, item])
  builder.json()['00420011'] = binary(5, 30_000)
  builder.json()['00420013'] = binary(6, 10)
  return builder.build()
}

describe('datasetToJson', () => {
  it('gives back what was written', () => {
    const builder = dicom()
      .ct({ rows: 2, columns: 2 })
      .set('PixelSpacing', 'DS', [0.5, 0.25])
      .set('ImageType', 'CS', ['ORIGINAL', 'PRIMARY'])
      .set('00091001', 'LO', ['private'])
      .set('ReferencedStudySequence', 'SQ', [{ '00081155': { vr: 'UI', Value: ['1.2.3'] } }, {}])
    const { '7FE00010': pixelData, ...rest } = datasetToJson(builder.build(), uri)
    expect(rest).toEqual(builder.json())
    expect(pixelData).toEqual({ vr: 'OW', BulkDataURI: 'bulk/7FE00010' })
  })

  it('has the tags in ascending order', () => {
    const tags = Object.keys(datasetToJson(withBinary(), uri))
    expect(tags).toEqual(tags.toSorted())
  })

  it('inlines small binary values and names the large ones', () => {
    const json = datasetToJson(withBinary(), uri)
    expect(json['00420013']).toEqual(binary(6, 10))
    expect(json['00420011']).toEqual({ vr: 'OB', BulkDataURI: 'bulk/00420011' })
    expect(json['00089215']?.Value?.[1]).toEqual({
      '00420011': { vr: 'OB', BulkDataURI: 'bulk/00089215/1/00420011' },
    })
  })

  it('reads a deflated data set', () => {
    const builder = dicom().ct({ rows: 2, columns: 2 })
    expect(datasetToJson(builder.deflated().build(), uri)).toMatchObject(builder.json())
  })

  it('refuses what is no DICOM', () => {
    expect(() => datasetToJson(Buffer.alloc(500, 'x'), uri)).toThrow(DicomFault)
  })
})

describe('bulkDataRange', () => {
  it.each([
    ['00420011', 5, 30_000],
    ['00089215/1/00420011', 7, 40_000],
  ])('finds %s again', (path, byte, length) => {
    const bytes = withBinary()
    const range = bulkDataRange(bytes, path)
    expect(range).toMatchObject({ length, vr: 'OB' })
    const offset = range?.offset ?? 0
    expect(bytes.subarray(offset, offset + length).every((each) => each === byte)).toBe(true)
    expect(findBulkValue(bytes, path)?.bytes).toEqual(new Uint8Array(bytes.subarray(offset, offset + length)))
  })

  it.each(['00420012', '00089215/2/00420011', '00089215/x/00420011', '00420011/0/00420011', '', '../..'])(
    'finds nothing at %j',
    (path) => expect(bulkDataRange(withBinary(), path)).toBeUndefined(),
  )

  it('has no range in a deflated data set, whose value findBulkValue finds', () => {
    const bytes = dicom().ct({ rows: 2, columns: 2 }).deflated().build()
    expect(bulkDataRange(bytes, '7FE00010')).toBeUndefined()
    expect(findBulkValue(bytes, '7FE00010')?.bytes).toHaveLength(8)
  })
})

describe('toNativeXml', () => {
  it('escapes markup and leaves out what XML cannot carry', () => {
    const xml = toNativeXml({ '00081030': { vr: 'LO', Value: ['<a href="x">&\u0000\u001b'] } })
    expect(xml).toContain(
      '<DicomAttribute tag="00081030" vr="LO" keyword="StudyDescription"><Value number="1">&lt;a href=&quot;x&quot;&gt;&amp;</Value></DicomAttribute>',
    )
  })

  it('has person names in components, and items numbered', () => {
    const xml = toNativeXml({
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Zhang^San', Ideographic: '张^三' }] },
      '00081110': { vr: 'SQ', Value: [{}, { '00081155': { vr: 'UI', Value: ['1.2'] } }] },
    })
    expect(xml).toContain(
      '<PersonName number="1"><Alphabetic><FamilyName>Zhang</FamilyName><GivenName>San</GivenName></Alphabetic><Ideographic><FamilyName>张</FamilyName><GivenName>三</GivenName></Ideographic></PersonName>',
    )
    expect(xml).toContain('<Item number="2">')
  })
})

const folder = sharedDicom()
describeWith(
  { name: 'the reference scans', remedy: 'set YUNYING_SHARED', found: folder !== undefined },
  'datasetToJson and the reference scans',
  () => {
    it('reads all metadata from the header alone, and agrees with the scanner on every indexed attribute', () => {
      for (const row of manifest()) {
        if (row.path.startsWith('hostile/') || row.StudyInstanceUID === '' || row.SeriesInstanceUID === '')
          continue
        const bytes = readFileSync(join(folder ?? '', row.path))
        const scanner = new InstanceScanner()
        scanner.write(bytes)
        const { header, headerEnd } = scanner.end()
        const json = datasetToJson(bytes.subarray(0, headerEnd), uri)
        expect(json['0020000D']?.Value, row.path).toEqual([row.StudyInstanceUID])
        const indexed = Object.fromEntries(Object.keys(header).map((tag) => [tag, json[tag]]))
        expect(indexed, row.path).toEqual(header)
      }
    }, 60_000)
  },
)
