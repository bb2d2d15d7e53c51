import type { PixelLayout } from '../dicom/describe-pixels.ts'

/** Pixels of a frame, from the upper left corner. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Blackout {
  readonly rectangles: readonly Rectangle[]
  /** Stored values of one black pixel, a sample each. */
  readonly black: readonly number[]
}

/**
 * The stored values of black (PS3.3 C.7.6.3.1.2): the lowest for MONOCHROME2, the highest for MONOCHROME1, no luminance and no
 * chrominance for YBR. `darkestIndex`: of PALETTE COLOR.
 */
export function blackOf(pixels: PixelLayout, darkestIndex = 0): number[] {
  const { photometricInterpretation: photometric, bitsStored, samplesPerPixel } = pixels
  const signed = pixels.pixelRepresentation === 1 && pixels.sampleKind === 'integer'
  const lowest = signed ? -(2 ** (bitsStored - 1)) : 0
  const highest = signed ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1
  const middle = 2 ** (bitsStored - 1)
  if (photometric.startsWith('YBR_PARTIAL')) return [2 ** (bitsStored - 4), middle, middle]
  if (photometric === 'YBR_FULL' || photometric === 'YBR_FULL_422') return [0, middle, middle]
  if (photometric === 'PALETTE COLOR') return [darkestIndex]
  if (photometric === 'MONOCHROME1') return [pixels.sampleKind === 'integer' ? highest : 0]
  if (photometric === 'MONOCHROME2') return [pixels.sampleKind === 'integer' ? lowest : 0]
  return Array.from({ length: samplesPerPixel }, () => 0)
}

/**
 * Blackens rectangles of one native little-endian frame, in place. `firstBit`: of 1-bit frames that do not begin on a byte.
 * With half the chrominance (YBR_FULL_422) a rectangle reaches to the pixels that share it.
 */
export function blackOutFrame(
  frame: Uint8Array,
  pixels: PixelLayout,
  { rectangles, black }: Blackout,
  firstBit = 0,
): void {
  for (const rectangle of rectangles) {
    const left = Math.max(0, Math.floor(rectangle.x))
    const right = Math.min(pixels.columns, Math.ceil(rectangle.x + rectangle.width))
    const top = Math.max(0, Math.floor(rectangle.y))
    const bottom = Math.min(pixels.rows, Math.ceil(rectangle.y + rectangle.height))
    for (let row = top; row < bottom; row++) blackenRow(frame, pixels, black, { row, left, right }, firstBit)
  }
}

interface RowSpan {
  readonly row: number
  readonly left: number
  readonly right: number
}

function blackenRow(
  frame: Uint8Array,
  pixels: PixelLayout,
  black: readonly number[],
  { row, left, right }: RowSpan,
  firstBit: number,
): void {
  const { columns, rows, samplesPerPixel, bitsAllocated } = pixels
  const first = row * columns
  if (bitsAllocated === 1) {
    for (let at = firstBit + first + left; at < firstBit + first + right; at++) {
      const mask = 1 << (at & 7)
      const byte = frame[at >> 3] ?? 0
      frame[at >> 3] = black[0] === 0 ? byte & ~mask : byte | mask
    }
    return
  }
  const size = bitsAllocated / 8
  if (isHalved(pixels)) {
    // Y Y Cb Cr of two pixels side by side (PS3.3 C.7.6.3.1.2).
    const [luminance = 0, ...chrominance] = black
    const pair = [luminance, luminance, ...chrominance]
    for (let at = left & ~1; at < right; at += 2)
      pair.forEach((value, index) => writeSample(frame, ((first + at) * 2 + index) * size, size, value))
    return
  }
  const isPlanar = pixels.planarConfiguration === 1 && samplesPerPixel > 1
  for (let column = left; column < right; column++) {
    for (let sample = 0; sample < samplesPerPixel; sample++) {
      const index = isPlanar
        ? sample * rows * columns + first + column
        : (first + column) * samplesPerPixel + sample
      writeSample(frame, index * size, size, black[sample] ?? 0)
    }
  }
}

export const isHalved = (pixels: PixelLayout): boolean =>
  pixels.samplesPerPixel === 3 && pixels.photometricInterpretation.endsWith('_422')

/** Two's complement, little endian. */
function writeSample(frame: Uint8Array, at: number, size: number, value: number): void {
  if (at + size > frame.length) return
  for (let byte = 0; byte < size; byte++) frame[at + byte] = Math.floor(value / 2 ** (8 * byte)) & 0xff
}

/** The darkest entry of a palette of three tables; 0 where they are not there as such (segmented ones). */
export function darkestIndex(tables: readonly (Uint8Array | undefined)[], firstMapped: number): number {
  const [red, green, blue] = tables.map((table) => table && words(table))
  if (red === undefined || green === undefined || blue === undefined) return 0
  let darkest = 0
  let least = Infinity
  for (let index = 0; index < red.length; index++) {
    const light = 0.299 * (red[index] ?? 0) + 0.587 * (green[index] ?? 0) + 0.114 * (blue[index] ?? 0)
    if (light < least) [darkest, least] = [index, light]
  }
  return firstMapped + darkest
}

const words = (bytes: Uint8Array): number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length >> 1 }, (_, index) => view.getUint16(index * 2, true))
}
