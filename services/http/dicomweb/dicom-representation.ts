import { YunyingError } from '../../../core/errors.ts'
import { HTJ2K_LOSSLESS_RPCL } from '../../../core/dicom/rendition-refusal.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import { matches, notAcceptable, type MediaRange } from './accept.ts'

/** How frames or instances are answered. */
export interface Representation {
  readonly multipart: boolean
  /** `as-stored`, transcoded to Explicit VR Little Endian, or the HTJ2K RPCL that was made ahead (frames only). */
  readonly encoding: 'as-stored' | 'explicit-little-endian' | 'rendition'
}

const OCTETS = 'application/octet-stream'
const DICOM = 'application/dicom'

/** Whether a rendition, if there is one, may be the answer. */
export const asksForRendition = (ranges: readonly MediaRange[]): boolean =>
  ranges.some((range) => range.transferSyntax === HTJ2K_LOSSLESS_RPCL)

/**
 * How to answer a request for frames that are stored in `stored`, with or without a rendition. PS3.18 8.7.3.3: without a wish
 * it is uncompressed octets; `transfer-syntax=*` is whatever is stored; a compressed media type is met when it is what is
 * stored, or what the rendition is. Errors: 'not-acceptable'.
 */
export function frameRepresentation(
  ranges: readonly MediaRange[],
  stored: string,
  frames: number,
  hasRendition: boolean,
): Representation {
  const storedType = transferSyntax(stored)?.mediaType ?? OCTETS
  for (const range of ranges) {
    const multipart = range.type === 'multipart/related'
    const wanted = multipart ? (range.part ?? '*/*') : range.type
    if (!multipart && frames > 1 && range.type !== '*/*') continue
    const encoding =
      frameEncoding(wanted, range.transferSyntax, stored, storedType) ??
      (hasRendition ? renditionEncoding(wanted, range.transferSyntax) : undefined)
    if (encoding === undefined) continue
    return { multipart: multipart || range.type === '*/*', encoding }
  }
  throw notAcceptable([
    `multipart/related; type="${storedType}"`,
    `multipart/related; type="${OCTETS}"`,
    OCTETS,
  ])
}

function frameEncoding(
  wanted: string,
  syntax: string | undefined,
  stored: string,
  storedType: string,
): Representation['encoding'] | undefined {
  if (syntax === '*') return matches(wanted, storedType) || wanted === OCTETS ? 'as-stored' : undefined
  if (syntax !== undefined && syntax !== EXPLICIT_VR_LITTLE_ENDIAN) {
    return syntax === stored && matches(wanted, storedType) ? 'as-stored' : undefined
  }
  if (matches(wanted, OCTETS)) return 'explicit-little-endian'
  return syntax === undefined && matches(wanted, storedType) ? 'as-stored' : undefined
}

function renditionEncoding(wanted: string, syntax: string | undefined): 'rendition' | undefined {
  const type = transferSyntax(HTJ2K_LOSSLESS_RPCL)?.mediaType
  if (syntax !== HTJ2K_LOSSLESS_RPCL || type === undefined) return undefined
  return matches(wanted, type) ? 'rendition' : undefined
}

/** How to answer a request for whole instances. Errors: 'not-acceptable'. */
export function instanceRepresentation(
  ranges: readonly MediaRange[],
  single: boolean,
): (stored: string) => Representation {
  return (stored) => {
    for (const range of ranges) {
      const multipart = range.type === 'multipart/related'
      if (!multipart && !single && range.type !== '*/*') continue
      if (!matches(multipart ? (range.part ?? '*/*') : range.type, DICOM)) continue
      const encoding = instanceEncoding(range.transferSyntax, stored)
      if (encoding === undefined) continue
      return { multipart: multipart || range.type === '*/*', encoding }
    }
    throw notAcceptable([`multipart/related; type="${DICOM}"`, ...(single ? [DICOM] : [])])
  }
}

/** Without a wish: as stored. The standard's default is Explicit VR Little Endian, which costs the sender's compression; what is stored is what was made. */
function instanceEncoding(
  syntax: string | undefined,
  stored: string,
): Representation['encoding'] | undefined {
  if (syntax === undefined || syntax === '*' || syntax === stored) return 'as-stored'
  return syntax === EXPLICIT_VR_LITTLE_ENDIAN ? 'explicit-little-endian' : undefined
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
