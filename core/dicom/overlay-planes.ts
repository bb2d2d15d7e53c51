import { firstNumber, numbers, type DicomJson, type DicomJsonElement } from './dicom-json.ts'

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
