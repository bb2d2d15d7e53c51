import { describe, expect, it } from 'vitest'
import { encapsulatedPixels } from '../../../core/dicom/encapsulated-pixels.ts'
import { linesForOpenJph, linesFromOpenJph } from '../../../core/dicom/openjph-lines.ts'

describe('encapsulatedPixels', () => {
  it('makes odd frames even, and says where each begins', () => {
    const layout = encapsulatedPixels([3, 4])
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
    expect(hex(layout.head)).toBe('e07f10004f420000ffffffff' + 'feff00e008000000' + '000000000c000000')
    expect([hex(layout.itemHead(0)), hex(layout.itemHead(1))]).toEqual([
      'feff00e004000000',
      'feff00e004000000',
    ])
    expect([layout.padding(0).length, layout.padding(1).length]).toEqual([1, 0])
    expect(hex(layout.end)).toBe('feffdde000000000')
    expect(layout.size).toBe(layout.head.length + 2 * 12 + 8)
  })

  it('has an empty table where an offset would not fit it', () => {
    expect(encapsulatedPixels([0xfffffff0, 8]).head.length).toBe(28)
    expect(encapsulatedPixels([0xfffffff0, 8, 8]).head.length).toBe(20)
  })
})

describe('lines of OpenJPH', () => {
  it.each([1, 2] as const)('are told and read as planes, samples of %i bytes', (bytesPerSample) => {
    const image = { rows: 5, columns: 4, components: 3, bytesPerSample }
    const samples = Uint8Array.from({ length: 60 * bytesPerSample }, (_, index) => index)
    const given = linesForOpenJph(samples, image)
    expect(given).not.toEqual(samples)
    expect(linesFromOpenJph(given, image)).toEqual(samples)
    // The second line that it is given is the second row of the first component, not the first row of the second.
    expect(given[bytesPerSample]).toBe(samples[4 * 3 * bytesPerSample])
  })
})
