import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { transferSyntax } from '../../../core/dicom/transfer-syntax.ts'

export const RLE_LOSSLESS = '1.2.840.10008.1.2.5'

/** Codestreams that have a decoder here. What is not among them is asked of the archive decoded: too rare for the codec's weight. */
const CODESTREAMS = [
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.81',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.91',
  '1.2.840.10008.1.2.4.201',
  '1.2.840.10008.1.2.4.202',
  '1.2.840.10008.1.2.4.203',
] as const
export type Codestream = (typeof CODESTREAMS)[number]

export const isNative = (uid: string): boolean => transferSyntax(uid)?.encapsulated === false

/** Whether frames of this syntax can be decoded here at all; else ask the archive for them as Explicit VR Little Endian. */
export function isDecodedHere(transferSyntaxUid: string, pixels: PixelDescription): boolean {
  if (isNative(transferSyntaxUid) || transferSyntaxUid === RLE_LOSSLESS) return true
  return (
    (CODESTREAMS as readonly string[]).includes(transferSyntaxUid) &&
    pixels.bitsAllocated <= 16 &&
    (pixels.samplesPerPixel === 1 || pixels.samplesPerPixel === 3)
  )
}
