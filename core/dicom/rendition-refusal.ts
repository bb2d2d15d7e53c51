import type { PixelDescription } from './pixel-description.ts'
import { transferSyntax } from './transfer-syntax.ts'

export const HTJ2K_LOSSLESS = '1.2.840.10008.1.2.4.201'
export const HTJ2K_LOSSLESS_RPCL = '1.2.840.10008.1.2.4.202'
export const HTJ2K = '1.2.840.10008.1.2.4.203'

/**
 * Why frames cannot be told again in HTJ2K without losing anything.
 *
 * - `lossy`: what is stored lost something already; a lossless codestream of it would claim too much.
 * - `not-integer`: float and double samples.
 * - `one-bit`, `too-deep`: 1 bit, and more than 16 bits, a sample.
 * - `signed-bytes`, `deep-colour`: what the encoder cannot do (signed 8-bit samples; colours of more than 8 bits).
 * - `colour-space`: the decoder converts these colours, which rounds, or stored samples are shared between pixels.
 * - `too-large`: a frame that would not fit the encoder's memory.
 * - `unreadable`: no pixels, or a transfer syntax that is not decoded here.
 */
export type RenditionRefusal =
  | 'lossy'
  | 'not-integer'
  | 'one-bit'
  | 'too-deep'
  | 'signed-bytes'
  | 'deep-colour'
  | 'colour-space'
  | 'too-large'
  | 'unreadable'

/** Of one frame, decoded. The encoder's memory holds the frame, a copy of it and the codestream at a time. Bytes. */
const LARGEST_FRAME = 256 << 20

const RLE_LOSSLESS = '1.2.840.10008.1.2.5'

/** Why the frames of an instance have no lossless HTJ2K rendition; undefined when they can have one. */
export function renditionRefusal(
  transferSyntaxUid: string,
  pixels: Omit<PixelDescription, 'presentation'> | undefined,
): RenditionRefusal | undefined {
  const syntax = transferSyntax(transferSyntaxUid)
  if (syntax === undefined || pixels === undefined) return 'unreadable'
  if (syntax.lossy) return 'lossy'
  if (pixels.sampleKind !== 'integer') return 'not-integer'
  if (pixels.bitsAllocated === 1) return 'one-bit'
  if (pixels.bitsAllocated > 16) return 'too-deep'
  if (pixels.bitsAllocated === 8 && pixels.pixelRepresentation === 1) return 'signed-bytes'
  if (pixels.samplesPerPixel !== 1) {
    if (pixels.samplesPerPixel !== 3 || !keepsColours(transferSyntaxUid, pixels)) return 'colour-space'
    if (pixels.bitsAllocated !== 8) return 'deep-colour'
  }
  const bytes = pixels.rows * pixels.columns * pixels.samplesPerPixel * (pixels.bitsAllocated / 8)
  return bytes > LARGEST_FRAME ? 'too-large' : undefined
}

/** Whether decoding gives back the very samples that were compressed (PS3.5 8.2, PS3.3 C.7.6.3.1.2). */
function keepsColours(transferSyntaxUid: string, pixels: Omit<PixelDescription, 'presentation'>): boolean {
  const colours = pixels.photometricInterpretation
  if (!colours.startsWith('YBR')) return true
  if (colours === 'YBR_RCT') return true
  const asStored =
    transferSyntax(transferSyntaxUid)?.encapsulated === false || transferSyntaxUid === RLE_LOSSLESS
  return colours === 'YBR_FULL' && asStored
}
