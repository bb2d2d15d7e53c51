import { layoutOf } from '../../../core/reading/reading-order.ts'
import { overlayPlanes, type OverlayPlane } from '../../../core/dicom/overlay-planes.ts'
import type { FrameImage } from '../frames/frame-image.ts'
import type { StackImage } from '../stack-image.ts'
import { bulkBytes } from '../frames/bulk-bytes.ts'

/** A plane with its bits. */
export interface FilledPlane extends Omit<OverlayPlane, 'data'> {
  readonly bits: Uint8Array
}

/** Not the colour of marks. 12.1 : 1 against black; on white its hue tells it. As the bytes R, G, B, A lie in memory. */
const COLOUR = 0xff_c0_db_3d

/** The planes of a frame: those with data of their own, to be fetched, and those that lay in its samples. */
export function planesOf(image: StackImage, drawn: FrameImage | undefined): Promise<FilledPlane>[] {
  const apart = overlayPlanes(image.metadata, image.frameNumber).map(async ({ data, ...plane }) => ({
    ...plane,
    bits: await bulkBytes(data),
  }))
  const { rows = 0, columns = 0, drawings = [] } = drawn ?? {}
  const embedded = drawings.map(({ group, bits }) =>
    Promise.resolve({ group, rows, columns, top: 0, left: 0, firstBit: 0, bits }),
  )
  return [...apart, ...embedded]
}

/**
 * The plane as far as it lies over the image, in image pixels from the image's corner.
 *
 * @param step image pixels that share a pixel of the drawing, to the right and down: one is set when any of them is, so
 *   that no thin line is lost where an image is shown smaller than it is
 */
export function drawnPlane(
  { rows, columns, top, left, firstBit, bits }: FilledPlane,
  image: StackImage,
  step: number,
): HTMLCanvasElement | undefined {
  const size = layoutOf(image.metadata)
  if (size === undefined) return undefined
  const [startRow, startColumn] = [Math.max(0, -top), Math.max(0, -left)]
  const height = Math.min(rows, size.rows - top) - startRow
  const width = Math.min(columns, size.columns - left) - startColumn
  if (width <= 0 || height <= 0) return undefined
  const pixels = new ImageData(Math.ceil(width / step), Math.ceil(height / step))
  const words = new Uint32Array(pixels.data.buffer)
  for (let row = 0; row < height; row++) {
    const line = Math.floor(row / step) * pixels.width
    for (let column = 0; column < width; column++) {
      const bit = firstBit + (startRow + row) * columns + startColumn + column
      if ((((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1) words[line + Math.floor(column / step)] = COLOUR
    }
  }
  const canvas = document.createElement('canvas')
  canvas.width = pixels.width
  canvas.height = pixels.height
  canvas.getContext('2d')?.putImageData(pixels, 0, 0)
  const [x, y] = [left + startColumn, top + startRow]
  Object.assign(canvas.style, {
    position: 'absolute',
    left: `${x}px`,
    top: `${y}px`,
    width: `${pixels.width * step}px`,
    height: `${pixels.height * step}px`,
    imageRendering: 'pixelated',
    // About the image's corner, not about its own.
    transformOrigin: `${-x}px ${-y}px`,
  })
  return canvas
}
