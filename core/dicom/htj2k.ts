import type { PixelDescription } from './pixel-description.ts'
import { HTJ2K, HTJ2K_LOSSLESS, HTJ2K_LOSSLESS_RPCL, renditionRefusal } from './rendition-refusal.ts'

/** Each is all that the ones behind it are: RPCL promises an order besides, and what keeps every value is allowed where some may be lost. */
const STRICTEST_FIRST = [HTJ2K_LOSSLESS_RPCL, HTJ2K_LOSSLESS, HTJ2K]

/** Whether a transfer syntax is one of HTJ2K. */
export const isHtj2k = (transferSyntaxUid: string): boolean => STRICTEST_FIRST.includes(transferSyntaxUid)

type Pixels = Omit<PixelDescription, 'presentation'>

/**
 * The HTJ2K transfer syntaxes that a lossless codestream of these pixels, in the order RPCL, may truly be called; none
 * where there can be no such codestream. Source: PS3.5 10.18; a palette's indices only where nothing may be lost, 8.2.4.
 */
export function htj2kSyntaxes(transferSyntaxUid: string, pixels: Pixels | undefined): readonly string[] {
  if (renditionRefusal(transferSyntaxUid, pixels) !== undefined) return []
  return STRICTEST_FIRST.filter((uid) => uid !== HTJ2K || !isPalette(pixels))
}

/** Whether what is stored in one transfer syntax is, as it is, also of the other: HTJ2K that promises more. */
export function isAlsoOf(stored: string, wanted: string, pixels: Pixels | undefined): boolean {
  const [is, should] = [STRICTEST_FIRST.indexOf(stored), STRICTEST_FIRST.indexOf(wanted)]
  return is >= 0 && should > is && !(wanted === HTJ2K && isPalette(pixels))
}

const isPalette = (pixels: Pixels | undefined): boolean =>
  pixels?.photometricInterpretation === 'PALETTE COLOR'

/** Markers of a JPEG 2000 codestream. Source: ISO/IEC 15444-1 Table A.2. */
const [COD, SOT] = [0xff52, 0xff90]

/** Whether the components of a codestream went through the colour transform (ISO/IEC 15444-1 A.6.1): then its samples are YBR_RCT, which decode to RGB. */
export function usesColourTransform(codestream: Uint8Array): boolean {
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength)
  for (let at = 2; at + 9 < view.byteLength && view.getUint16(at) !== SOT; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === COD) return view.getUint8(at + 8) === 1
  }
  return false
}
