import type { Touched } from '../../../core/measurements/segments/brush.ts'
import type { Segment } from '../../../core/measurements/segments/segment.ts'

/** A segment on the frame that is shown, one byte a pixel. */
export interface DrawnSegment {
  readonly segment: Segment
  readonly mask: Uint8Array<ArrayBuffer>
}

/** Of the inside, which the image shows through, and of its edge. 0 to 255. */
const [INSIDE, EDGE] = [80, 230] as const

/** The segments of one frame as one picture, of which parts can be drawn anew: a stroke touches few pixels. */
export interface SegmentPicture {
  readonly canvas: HTMLCanvasElement
  /** Later segments lie over earlier ones. */
  draw(segments: readonly DrawnSegment[], touched: Touched): void
}

export function createSegmentPicture(columns: number, rows: number): SegmentPicture {
  const canvas = document.createElement('canvas')
  canvas.width = columns
  canvas.height = rows
  canvas.style.cssText =
    'position: absolute; left: 0; top: 0; transform-origin: 0 0; image-rendering: pixelated'
  const context = canvas.getContext('2d')

  return {
    canvas,
    draw(segments, touched) {
      // A pixel beside one that changed may be an edge now.
      const left = Math.max(0, touched.left - 1)
      const top = Math.max(0, touched.top - 1)
      const width = Math.min(columns, touched.right + 1) - left
      const height = Math.min(rows, touched.bottom + 1) - top
      if (width <= 0 || height <= 0) return
      const picture = new ImageData(width, height)
      const words = new Uint32Array(picture.data.buffer)
      for (const { segment, mask } of segments) {
        if (segment.hidden) continue
        const [red, green, blue] = segment.colour
        const colour = (blue << 16) | (green << 8) | red
        const [inside, edge] = [((INSIDE << 24) | colour) >>> 0, ((EDGE << 24) | colour) >>> 0]
        for (let row = 0; row < height; row++)
          for (let column = 0; column < width; column++) {
            const [x, y] = [left + column, top + row]
            const at = y * columns + x
            if (mask[at] === 0) continue
            const isInside =
              x > 0 &&
              y > 0 &&
              x < columns - 1 &&
              y < rows - 1 &&
              mask[at - 1] !== 0 &&
              mask[at + 1] !== 0 &&
              mask[at - columns] !== 0 &&
              mask[at + columns] !== 0
            words[row * width + column] = isInside ? inside : edge
          }
      }
      context?.putImageData(picture, left, top)
    },
  }
}
