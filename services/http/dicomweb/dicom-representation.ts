import { YunyingError } from '../../../core/errors.ts'
import { htj2kSyntaxes, isAlsoOf, isHtj2k } from '../../../core/dicom/htj2k.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { HTJ2K_LOSSLESS } from '../../../core/dicom/rendition-refusal.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import { matches, notAcceptable, type MediaRange } from './accept.ts'

/** How frames or instances are answered. */
export interface Representation {
  readonly multipart: boolean
  /** `as-stored`, transcoded to Explicit VR Little Endian, or HTJ2K: what was made ahead, or is made now. */
  readonly encoding: 'as-stored' | 'explicit-little-endian' | 'htj2k'
  /** What it is called, where that is neither the stored syntax nor Explicit VR Little Endian. */
  readonly transferSyntaxUid?: string
}

/** What frames or an instance can be had as. */
export interface Offer {
  /** The transfer syntax that they are stored in. */
  readonly stored: string
  readonly pixels: Omit<PixelDescription, 'presentation'> | undefined
  /** There is a rendition. */
  readonly hasRendition: boolean
  /** HTJ2K can be made where there is no rendition. */
  readonly canMake: boolean
}

const OCTETS = 'application/octet-stream'
const DICOM = 'application/dicom'
const JPHC = 'image/jphc'

/** Whether a rendition, if there is one, may be the answer. */
export const asksForHtj2k = (ranges: readonly MediaRange[]): boolean =>
  ranges.some(({ type, part, transferSyntax: syntax }) =>
    syntax === undefined ? (part ?? type) === JPHC : isHtj2k(syntax),
  )

/**
 * How to answer a request for frames. PS3.18 8.7.3.3: without a wish it is uncompressed octets; `transfer-syntax=*` is
 * whatever is stored; a compressed media type is met when it is what is stored, or is HTJ2K. HTJ2K that would have to be
 * made now comes last: anything else that will do is at hand. Errors: 'not-acceptable'.
 */
export function frameRepresentation(
  ranges: readonly MediaRange[],
  offer: Offer,
  frames: number,
): Representation {
  const storedType = transferSyntax(offer.stored)?.mediaType ?? OCTETS
  for (const make of [false, true]) {
    for (const range of ranges) {
      const multipart = range.type === 'multipart/related'
      const wanted = multipart ? (range.part ?? '*/*') : range.type
      if (!multipart && frames > 1 && range.type !== '*/*') continue
      const answer =
        frameEncoding(wanted, range.transferSyntax, offer.stored, storedType) ??
        (matches(wanted, JPHC) ? htj2k(wanted, range.transferSyntax, offer, make) : undefined)
      if (answer !== undefined) return { multipart: multipart || range.type === '*/*', ...answer }
    }
  }
  const types = new Set([storedType, OCTETS, ...(mayBeHtj2k(offer) ? [JPHC] : [])])
  throw notAcceptable([...[...types].map((type) => `multipart/related; type="${type}"`), OCTETS])
}

type Answer = Omit<Representation, 'multipart'>

function frameEncoding(
  wanted: string,
  syntax: string | undefined,
  stored: string,
  storedType: string,
): Answer | undefined {
  const asStored = { encoding: 'as-stored' } as const
  if (syntax === '*') return matches(wanted, storedType) || wanted === OCTETS ? asStored : undefined
  if (syntax !== undefined && syntax !== EXPLICIT_VR_LITTLE_ENDIAN) {
    return syntax === stored && matches(wanted, storedType) ? asStored : undefined
  }
  if (matches(wanted, OCTETS)) return { encoding: 'explicit-little-endian' }
  return syntax === undefined && matches(wanted, storedType) ? asStored : undefined
}

/** PS3.18 Table 8.7.3-5: image/jphc alone is HTJ2K Lossless. */
function htj2k(wanted: string, named: string | undefined, offer: Offer, make: boolean): Answer | undefined {
  const syntax = named ?? (wanted === JPHC ? HTJ2K_LOSSLESS : undefined)
  if (syntax === undefined) return undefined
  if (isAlsoOf(offer.stored, syntax, offer.pixels))
    return { encoding: 'as-stored', transferSyntaxUid: syntax }
  if (!offer.hasRendition && !(make && offer.canMake)) return undefined
  return htj2kSyntaxes(offer.stored, offer.pixels).includes(syntax)
    ? { encoding: 'htj2k', transferSyntaxUid: syntax }
    : undefined
}

const mayBeHtj2k = ({ hasRendition, canMake, stored, pixels }: Offer): boolean =>
  (hasRendition || canMake) && htj2kSyntaxes(stored, pixels).length > 0

/** How to answer a request for whole instances; HTJ2K that would have to be made now comes last. Errors: 'not-acceptable'. */
export function instanceRepresentation(
  ranges: readonly MediaRange[],
  single: boolean,
): (offer: Offer) => Representation {
  return (offer) => {
    for (const make of [false, true]) {
      for (const range of ranges) {
        const multipart = range.type === 'multipart/related'
        if (!multipart && !single && range.type !== '*/*') continue
        if (!matches(multipart ? (range.part ?? '*/*') : range.type, DICOM)) continue
        const answer =
          instanceEncoding(range.transferSyntax, offer.stored) ??
          htj2k(DICOM, range.transferSyntax, offer, make)
        if (answer !== undefined) return { multipart: multipart || range.type === '*/*', ...answer }
      }
    }
    const type = `multipart/related; type="${DICOM}"`
    throw notAcceptable([
      type,
      `${type}; transfer-syntax=*`,
      `${type}; transfer-syntax=${EXPLICIT_VR_LITTLE_ENDIAN}`,
      ...(single ? [DICOM] : []),
    ])
  }
}

/** Without a wish: as stored. The standard's default is Explicit VR Little Endian, which costs the sender's compression; what is stored is what was made. */
function instanceEncoding(syntax: string | undefined, stored: string): Answer | undefined {
  if (syntax === undefined || syntax === '*' || syntax === stored) return { encoding: 'as-stored' }
  return syntax === EXPLICIT_VR_LITTLE_ENDIAN ? { encoding: 'explicit-little-endian' } : undefined
}

/** The Content-Type of one frame or instance. */
export function partContentType(kind: 'frame' | 'instance', syntax: string): string {
  if (kind === 'instance') return `${DICOM};transfer-syntax=${syntax}`
  const mediaType = transferSyntax(syntax)?.mediaType ?? OCTETS
  return `${mediaType};transfer-syntax=${syntax}`
}

/** Frame numbers of a path: `1,3,5` or `1%2C3`. Errors: 'invalid' code 'frame-list-invalid'. */
export function parseFrameList(text: string): number[] {
  const frames = text.split(',').map((part) => Number(part.trim()))
  if (frames.length === 0 || frames.some((frame) => !Number.isInteger(frame) || frame < 1)) {
    throw new YunyingError(
      'invalid',
      'frame-list-invalid',
      'Name frames by numbers from 1, with commas between them.',
    )
  }
  return frames
}

/** One frame number, where an answer holds one picture. Errors: 'invalid' code 'frame-list-invalid'. */
export function parseOneFrame(text: string): number {
  const [frame = 1, ...more] = parseFrameList(text)
  if (more.length > 0) {
    throw new YunyingError('invalid', 'frame-list-invalid', 'Pictures are answered one frame at a time.')
  }
  return frame
}
