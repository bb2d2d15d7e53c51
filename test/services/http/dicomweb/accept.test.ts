import { describe, expect, it } from 'vitest'
import { choose, parseAccept } from '../../../../services/http/dicomweb/accept.ts'
import {
  frameRepresentation,
  instanceRepresentation,
} from '../../../../services/http/dicomweb/dicom-representation.ts'

const NONE = new URLSearchParams()
const EXPLICIT = '1.2.840.10008.1.2.1'
const RPCL = '1.2.840.10008.1.2.4.202'
const J2K = '1.2.840.10008.1.2.4.90'
const code = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return (error as { code: string }).code
  }
}
const REFUSED = 'media-type-not-acceptable'

describe('parseAccept', () => {
  it('takes the best first, those of equal worth in their order, and none that is refused', () => {
    const ranges = parseAccept('image/png;q=0.2, image/jpeg, image/webp, text/html;q=0', NONE)
    expect(ranges.map((range) => range.type)).toEqual(['image/jpeg', 'image/webp', 'image/png'])
  })

  it('reads parameters in quotes, with commas in them', () => {
    const [range] = parseAccept(`Multipart/Related; Type="application/DICOM"; transfer-syntax="${J2K}"`, NONE)
    expect(range).toEqual({
      type: 'multipart/related',
      part: 'application/dicom',
      transferSyntax: J2K,
      quality: 1,
    })
  })

  it('lets ?accept= come before the header, and takes anything when neither is there', () => {
    const query = new URLSearchParams({ accept: 'image/png' })
    expect(parseAccept('image/jpeg', query).map((range) => range.type)).toEqual(['image/png'])
    expect(parseAccept('', NONE)).toMatchObject([{ type: '*/*' }])
  })
})

it.each([
  ['image/*', 'image/jpeg'],
  ['*/*', 'image/jpeg'],
  ['image/png;q=0.5, image/webp;q=0.9', 'image/webp'],
  ['text/html', REFUSED],
  ['', 'image/jpeg'],
])('choose: %s is answered with %s', (accept, expected) => {
  const offered = ['image/jpeg', 'image/png', 'image/webp'] as const
  expect(code(() => choose(parseAccept(accept, NONE), offered))).toBe(expected)
})

describe('frames', () => {
  const octets = 'multipart/related; type="application/octet-stream"'
  it.each([
    ['', EXPLICIT, 1, 'explicit-little-endian', true],
    ['*/*', J2K, 1, 'explicit-little-endian', true],
    [octets, J2K, 3, 'explicit-little-endian', true],
    [`${octets}; transfer-syntax=${EXPLICIT}`, J2K, 1, 'explicit-little-endian', true],
    [`${octets}; transfer-syntax=*`, J2K, 1, 'as-stored', true],
    ['multipart/related; type="image/jp2"', J2K, 1, 'as-stored', true],
    [`multipart/related; type="image/jp2"; transfer-syntax=${J2K}`, J2K, 1, 'as-stored', true],
    ['application/octet-stream', J2K, 1, 'explicit-little-endian', false],
    ['application/octet-stream; transfer-syntax=*', J2K, 1, 'as-stored', false],
    ['image/jp2', J2K, 1, 'as-stored', false],
    [`image/jpeg, ${octets};q=0.1`, J2K, 1, 'explicit-little-endian', true],
    [`image/jphc; transfer-syntax=${RPCL}`, EXPLICIT, 1, 'rendition', false],
    [`multipart/related; type="image/jphc"; transfer-syntax=${RPCL}`, EXPLICIT, 3, 'rendition', true],
    [`image/jphc; transfer-syntax=${RPCL}`, RPCL, 1, 'as-stored', false],
  ])('%s of %s, %i at once: %s', (accept, stored, count, encoding, multipart) => {
    expect(frameRepresentation(parseAccept(accept, NONE), stored, count, true)).toEqual({
      encoding,
      multipart,
    })
  })

  it('come from a rendition only where there is one', () => {
    const ranges = parseAccept(
      `image/jphc; transfer-syntax=${RPCL}, application/octet-stream; transfer-syntax=*; q=0.5`,
      NONE,
    )
    expect(frameRepresentation(ranges, J2K, 1, true).encoding).toBe('rendition')
    expect(frameRepresentation(ranges, J2K, 1, false).encoding).toBe('as-stored')
    expect(code(() => frameRepresentation(ranges.slice(0, 1), J2K, 1, false))).toBe(REFUSED)
  })

  it.each([
    ['application/octet-stream', EXPLICIT, 2],
    ['multipart/related; type="image/jpeg"', J2K, 1],
    [`${octets}; transfer-syntax=1.2.840.10008.1.2.4.50`, J2K, 1],
    ['text/html', EXPLICIT, 1],
  ])('%s of %s, %i at once, cannot be had', (accept, stored, count) => {
    expect(code(() => frameRepresentation(parseAccept(accept, NONE), stored, count, true))).toBe(REFUSED)
  })
})

describe('instances', () => {
  const dicom = 'multipart/related; type="application/dicom"'
  it.each([
    ['', true, 'as-stored', true],
    ['application/dicom', true, 'as-stored', false],
    [`application/dicom; transfer-syntax=${EXPLICIT}`, true, 'explicit-little-endian', false],
    [`${dicom}; transfer-syntax=*`, false, 'as-stored', true],
    [`${dicom}; transfer-syntax=${J2K}`, false, 'as-stored', true],
    [`${dicom}; transfer-syntax=${EXPLICIT}`, false, 'explicit-little-endian', true],
  ])('%s, one: %s: %s', (accept, single, encoding, multipart) => {
    expect(instanceRepresentation(parseAccept(accept, NONE), single)(J2K)).toEqual({ encoding, multipart })
  })

  it.each([
    ['application/dicom', false],
    ['application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50', true],
    ['multipart/related; type="image/jpeg"', true],
  ])('%s, one: %s, cannot be had', (accept, single) => {
    expect(code(() => instanceRepresentation(parseAccept(accept, NONE), single)(J2K))).toBe(REFUSED)
  })
})
