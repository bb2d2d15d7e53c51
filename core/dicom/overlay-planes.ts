import { firstNumber, numbers, type DicomJson, type DicomJsonElement } from './dicom-json.ts'
import type { PixelDescription } from './pixel-description.ts'

/** One bit a pixel over an image (PS3.3 C.9.2): marks and text that a device or a person drew. */
export interface OverlayPlane {
  /** '6000' to '601E'. */
  readonly group: string
  readonly rows: number
  readonly columns: number
  /** Image pixels its first pixel is below and right of the image's first; less than 0 above and left. */
  readonly top: number
  readonly left: number
  /** Where its bits are. */
  readonly data: Pick<DicomJsonElement, 'InlineBinary' | 'BulkDataURI'>
  /** Of the data, where this frame's begin: frames follow each other without padding (PS3.5 8.1.2). */
  readonly firstBit: number
}

/** A plane in a bit of the samples that the image does not use, as old images have it (retired; PS3.5-2004 8.1.2). */
export interface EmbeddedOverlay {
  readonly group: string
  /** Of a sample, from the least significant, 0. */
  readonly bit: number
}

const GROUPS = Array.from({ length: 16 }, (_, index) => (0x6000 + 2 * index).toString(16).toUpperCase())
/** Larger ones are mistakes, not drawings. Pixels. */
const LARGEST = 1 << 26

/**
 * The planes over a frame of an instance, those outside the pixel data. What is described wrongly is left out.
 *
 * @param frameNumber 1-based
 */
export function overlayPlanes(instance: DicomJson, frameNumber: number): OverlayPlane[] {
  return GROUPS.flatMap((group) => {
    const data = instance[`${group}3000`]
    const rows = firstNumber(instance, `${group}0010`) ?? 0
    const columns = firstNumber(instance, `${group}0011`) ?? 0
    if (data === undefined || !(rows > 0) || !(columns > 0) || rows * columns > LARGEST) return []
    // Counted from 1, 1; without an origin it is the image's.
    const [row = 1, column = 1] = numbers(instance, `${group}0050`)
    const frame = overlayFrame(instance, group, frameNumber)
    if (frame === undefined) return []
    return { group, rows, columns, top: row - 1, left: column - 1, data, firstBit: frame * rows * columns }
  })
}

/** Which of its frames lies over a frame of the image, 0-based: one to one from an origin on; without a number, one over all (PS3.3 C.9.3). */
function overlayFrame(instance: DicomJson, group: string, frameNumber: number): number | undefined {
  const count = firstNumber(instance, `${group}0015`)
  if (count === undefined) return 0
  const frame = frameNumber - (firstNumber(instance, `${group}0051`) ?? 1)
  return frame >= 0 && frame < count ? frame : undefined
}

/** The planes that lie in the samples themselves: without data of their own, in a bit that the image leaves. */
export function embeddedOverlays({
  presentation,
  bitsAllocated,
  bitsStored,
  highBit,
  samplesPerPixel,
  sampleKind,
}: PixelDescription): EmbeddedOverlay[] {
  if (samplesPerPixel !== 1 || sampleKind !== 'integer') return []
  return GROUPS.flatMap((group) => {
    const bit = firstNumber(presentation, `${group}0102`) ?? 0
    const isLeft = bit < bitsAllocated && (bit > highBit || bit <= highBit - bitsStored)
    const isIn = firstNumber(presentation, `${group}0100`) === bitsAllocated
    return presentation[`${group}3000`] === undefined && isIn && isLeft ? [{ group, bit }] : []
  })
}

/** One bit of every sample, packed (PS3.5 8.1.1). `samples`: as stored, little endian, nothing masked off. */
export function bitPlane(samples: Uint8Array, bytesPerSample: number, bit: number): Uint8Array<ArrayBuffer> {
  const count = Math.floor(samples.length / bytesPerSample)
  const plane = new Uint8Array(Math.ceil(count / 8))
  const [from, mask] = [bit >> 3, 1 << (bit & 7)]
  for (let index = 0; index < count; index++)
    if (((samples[index * bytesPerSample + from] ?? 0) & mask) !== 0)
      plane[index >> 3] = (plane[index >> 3] ?? 0) | (1 << (index & 7))
  return plane
}
