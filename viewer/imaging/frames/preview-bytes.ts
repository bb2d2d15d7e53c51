import type { FetchedFrame } from './fetch-frame.ts'

/** Frames that are smaller as stored come at once. Bytes; as core/archive/rendition-table.ts. */
const SMALL_FRAME = 64 << 10
/** A bit a pixel shows a slice of 512 × 512 with the resolutions up to 128 and a part of 256: 32 KB. */
const PIXELS_A_BYTE = 8
/** Larger images are shown smaller than they are: of them less is enough. */
const LARGE = 512 * 512
const PIXELS_A_BYTE_LARGE = 32
/** Colours have three times the samples, and are mostly cines: as much as comes 30 times a second over 20 Mbit/s. */
const COLOURS_MOST = 64 << 10

/**
 * How much of an HTJ2K RPCL codestream is fetched for a preview of the frame; undefined where a preview gains nothing. Units:
 * bytes.
 */
export function previewBytes(pixels: {
  readonly rows: number
  readonly columns: number
  readonly bitsAllocated: number
  readonly samplesPerPixel: number
}): number | undefined {
  const count = pixels.rows * pixels.columns
  if ((count * pixels.samplesPerPixel * pixels.bitsAllocated) / 8 <= SMALL_FRAME) return undefined
  if (pixels.samplesPerPixel > 1) return Math.min(COLOURS_MOST, Math.ceil(count / PIXELS_A_BYTE))
  if (count <= LARGE) return Math.ceil(count / PIXELS_A_BYTE)
  return Math.ceil(Math.max(LARGE / PIXELS_A_BYTE, count / PIXELS_A_BYTE_LARGE))
}

/** Whether all of the frame is here. */
export const isWhole = ({ bytes, size }: FetchedFrame): boolean => bytes.length >= size

/** How much of the frame is here, in whole percent and never all: a few words, not a measurement. */
export function previewPercent({ bytes, size }: Pick<FetchedFrame, 'bytes' | 'size'>): number {
  const percent = (100 * bytes.length) / size
  // By fives: the images of a stack differ by a little, and what is said of them is not to flicker.
  return percent < 10 ? Math.max(1, Math.round(percent)) : Math.min(95, Math.round(percent / 5) * 5)
}
