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
const GRAY = {
  rows: 8,
  columns: 8,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 0,
  numberOfFrames: 1,
  sampleKind: 'integer',
} as const
/** An image that is stored so: with a rendition, and without one where it could be made or could not. */
const kept = (stored: string) => ({ stored, pixels: GRAY, hasRendition: true, canMake: true })
const makeable = (stored: string) => ({ ...kept(stored), hasRendition: false })
const unmade = (stored: string) => ({ ...makeable(stored), canMake: false })
const HTJ2K = '1.2.840.10008.1.2.4.201'
const ANY_HTJ2K = '1.2.840.10008.1.2.4.203'
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
    [`image/jphc; transfer-syntax=${RPCL}`, RPCL, 1, 'as-stored', false],
    ['image/jphc', RPCL, 1, 'as-stored', false],
  ])('%s of %s, %i at once: %s', (accept, stored, count, encoding, multipart) => {
    expect(frameRepresentation(parseAccept(accept, NONE), kept(stored), count)).toEqual({
      encoding,
      multipart,
    })
  })

  it.each([
    [`image/jphc; transfer-syntax=${RPCL}`, J2K, 'htj2k', RPCL],
    [`multipart/related; type="image/jphc"; transfer-syntax=${HTJ2K}`, EXPLICIT, 'htj2k', HTJ2K],
    [`image/jphc; transfer-syntax=${ANY_HTJ2K}`, EXPLICIT, 'htj2k', ANY_HTJ2K],
    // PS3.18 Table 8.7.3-5: the default of this media type.
    ['image/jphc', EXPLICIT, 'htj2k', HTJ2K],
    // What promises more is also of those that promise less, and never the other way.
    [`image/jphc; transfer-syntax=${HTJ2K}`, RPCL, 'as-stored', HTJ2K],
    [`image/jphc; transfer-syntax=${ANY_HTJ2K}`, HTJ2K, 'as-stored', ANY_HTJ2K],
    [`image/jphc; transfer-syntax=${RPCL}`, HTJ2K, 'htj2k', RPCL],
  ])('%s of %s: %s, called %s', (accept, stored, encoding, transferSyntaxUid) => {
    const ranges = parseAccept(accept, NONE)
    expect(frameRepresentation(ranges, kept(stored), 1)).toMatchObject({ encoding, transferSyntaxUid })
    expect(frameRepresentation(ranges, makeable(stored), 1)).toMatchObject({ encoding, transferSyntaxUid })
  })

  it.each([
    ['1.2.840.10008.1.2.4.50', RPCL],
    ['1.2.840.10008.1.2.4.91', HTJ2K],
    ['1.2.840.10008.1.2.4.91', ANY_HTJ2K],
    [ANY_HTJ2K, HTJ2K],
    [ANY_HTJ2K, RPCL],
  ])('%s, which may have lost something, is never %s', (stored, wanted) => {
    const ranges = parseAccept(`image/jphc; transfer-syntax=${wanted}`, NONE)
    expect(code(() => frameRepresentation(ranges, kept(stored), 1))).toBe(REFUSED)
    const whole = parseAccept(`application/dicom; transfer-syntax=${wanted}`, NONE)
    expect(code(() => instanceRepresentation(whole, true)(kept(stored)))).toBe(REFUSED)
  })

  it('of a palette are only of syntaxes that lose nothing', () => {
    const pixels = { ...GRAY, photometricInterpretation: 'PALETTE COLOR' }
    const of = (stored: string, wanted: string) =>
      code(() =>
        frameRepresentation(
          parseAccept(`image/jphc; transfer-syntax=${wanted}`, NONE),
          { ...kept(stored), pixels },
          1,
        ),
      )
    expect(of(EXPLICIT, HTJ2K)).toMatchObject({ encoding: 'htj2k' })
    expect(of(EXPLICIT, ANY_HTJ2K)).toBe(REFUSED)
    expect(of(RPCL, ANY_HTJ2K)).toBe(REFUSED)
  })

  it('are not made now for one who takes what is there too', () => {
    const ranges = parseAccept(
      `image/jphc; transfer-syntax=${RPCL}, application/octet-stream; transfer-syntax=*; q=0.5`,
      NONE,
    )
    expect(frameRepresentation(ranges, kept(J2K), 1).encoding).toBe('htj2k')
    expect(frameRepresentation(ranges, makeable(J2K), 1).encoding).toBe('as-stored')
    expect(frameRepresentation(ranges.slice(0, 1), makeable(J2K), 1).encoding).toBe('htj2k')
    expect(code(() => frameRepresentation(ranges.slice(0, 1), unmade(J2K), 1))).toBe(REFUSED)
  })

  it.each([
    ['application/octet-stream', EXPLICIT, 2],
    ['multipart/related; type="image/jpeg"', J2K, 1],
    [`${octets}; transfer-syntax=1.2.840.10008.1.2.4.50`, J2K, 1],
    ['text/html', EXPLICIT, 1],
  ])('%s of %s, %i at once, cannot be had', (accept, stored, count) => {
    expect(code(() => frameRepresentation(parseAccept(accept, NONE), kept(stored), count))).toBe(REFUSED)
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
    expect(instanceRepresentation(parseAccept(accept, NONE), single)(kept(J2K))).toEqual({
      encoding,
      multipart,
    })
  })

  it.each([RPCL, HTJ2K, ANY_HTJ2K])('are had in %s', (syntax) => {
    const ranges = parseAccept(`${dicom}; transfer-syntax=${syntax}`, NONE)
    const answer = { encoding: 'htj2k', multipart: true, transferSyntaxUid: syntax }
    expect(instanceRepresentation(ranges, false)(kept(J2K))).toEqual(answer)
    expect(instanceRepresentation(ranges, true)(makeable(J2K))).toEqual(answer)
    expect(code(() => instanceRepresentation(ranges, false)({ ...kept(J2K), pixels: undefined }))).toBe(
      REFUSED,
    )
  })

  it('come as the client would have them best', () => {
    const accept = (last: string) =>
      parseAccept(`${dicom}; transfer-syntax=${RPCL}; q=0.9, ${dicom}; transfer-syntax=${last}; q=0.5`, NONE)
    expect(instanceRepresentation(accept('*'), false)(kept(J2K)).encoding).toBe('htj2k')
    expect(instanceRepresentation(accept('*'), false)(makeable(J2K)).encoding).toBe('as-stored')
    const video = { ...kept('1.2.840.10008.1.2.4.102'), hasRendition: false }
    expect(instanceRepresentation(accept('*'), false)(video).encoding).toBe('as-stored')
    expect(instanceRepresentation(accept(EXPLICIT), false)(video).encoding).toBe('explicit-little-endian')
  })

  it.each([
    ['application/dicom', false],
    ['application/dicom; transfer-syntax=1.2.840.10008.1.2.4.50', true],
    ['multipart/related; type="image/jpeg"', true],
  ])('%s, one: %s, cannot be had', (accept, single) => {
    expect(code(() => instanceRepresentation(parseAccept(accept, NONE), single)(kept(J2K)))).toBe(REFUSED)
  })
})
