import { describe, expect, it } from 'vitest'
import { openPart10Writer } from '../../../core/dicom/write-part10.ts'

const bytesOf = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks)

const dataset = {
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Zhang^Wei', Ideographic: '张^伟' }] },
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
  '00080018': { vr: 'UI', Value: ['2.25.1'] },
  '00280010': { vr: 'US', Value: [1] },
  '00280100': { vr: 'US', Value: [16] },
}

describe('openPart10Writer', () => {
  it('begins with an empty preamble, DICM and a file meta group whose length is right', () => {
    const file = bytesOf(openPart10Writer('GB18030')({ dataset }))
    expect(file.subarray(0, 128)).toEqual(Buffer.alloc(128))
    expect(file.toString('latin1', 128, 132)).toBe('DICM')
    const metaLength = file.readUInt32LE(140)
    expect(file.readUInt16LE(144 + metaLength)).toBe(0x0008)
  })

  it('orders elements by tag and writes the character set first', () => {
    const file = bytesOf(openPart10Writer('GB18030')({ dataset })).toString('latin1')
    const start = file.indexOf('CS\x08\x00GB18030 ')
    expect(start).toBeGreaterThan(0)
    expect(file.indexOf('Zhang^Wei=')).toBeGreaterThan(start)
  })

  it('encodes names in GB18030, which the platform decodes again', () => {
    const file = bytesOf(openPart10Writer('GB18030')({ dataset }))
    expect(new TextDecoder('gb18030').decode(file)).toContain('Zhang^Wei=张^伟')
  })

  it('encodes names in UTF-8 and Latin-1', () => {
    expect(bytesOf(openPart10Writer('ISO_IR 192')({ dataset })).toString('utf8')).toContain('张^伟')
    const latin = { ...dataset, '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Jürgen' }] } }
    expect(bytesOf(openPart10Writer('ISO_IR 100')({ dataset: latin })).toString('latin1')).toContain(
      'Müller^Jürgen',
    )
  })

  it('refuses text that the character set cannot hold', () => {
    expect(() => openPart10Writer('ISO_IR 100')({ dataset })).toThrow(RangeError)
  })

  it('hands the pixels through without copying them, after a header with their length', () => {
    const pixels = new Uint8Array([1, 2, 3, 4])
    const chunks = openPart10Writer('ISO_IR 192')({ dataset, pixels })
    expect(chunks.at(-1)).toBe(pixels)
    const header = Buffer.from(chunks[0] ?? [])
    expect(header.subarray(-12).toString('hex')).toBe('e07f10004f57000004000000')
  })

  it('pads odd pixels to an even length', () => {
    const eightBit = { ...dataset, '00280100': { vr: 'US', Value: [8] } }
    const file = bytesOf(openPart10Writer('ISO_IR 192')({ dataset: eightBit, pixels: new Uint8Array([7]) }))
    expect(file.subarray(-14).toString('hex')).toBe('e07f10004f420000020000000700')
  })

  it('writes sequences with items of defined length', () => {
    const nested = {
      ...dataset,
      '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['2.25.7'] } }] },
    }
    const file = bytesOf(openPart10Writer('ISO_IR 192')({ dataset: nested })).toString('hex')
    expect(file).toContain(
      '08004011' + '5351' + '0000' + '16000000' + 'feff00e0' + '0e000000' + '08005511' + '5549',
    )
  })
})
