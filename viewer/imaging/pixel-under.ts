import { getEnabledElement, type Types } from '@cornerstonejs/core'
import type { FrameImage } from './frames/frame-image.ts'
import { imagePlane } from './marks/image-plane.ts'
import type { ImagingViewport } from './viewport.ts'

/** A pixel of the image that a pane shows. */
export interface PixelUnder {
  readonly column: number
  readonly row: number
  /** After the modality transformation; undefined: padding, or a colour. */
  readonly value: number | undefined
}

/** The pixel that lies under a place of the window, CSS pixels; undefined: none does. */
export function pixelUnder(
  { surface }: Pick<ImagingViewport, 'surface'>,
  x: number,
  y: number,
): PixelUnder | undefined {
  const viewport = getEnabledElement(surface)?.viewport as Types.IStackViewport | undefined
  const plane = viewport && imagePlane(viewport)
  const image = viewport?.getCornerstoneImage() as FrameImage | undefined
  if (viewport === undefined || plane === undefined || image === undefined) return undefined
  const { left, top } = viewport.canvas.getBoundingClientRect()
  const [column, row] = plane.toImage(viewport.canvasToWorld([x - left, y - top])).map(Math.floor) as [
    number,
    number,
  ]
  if (column < 0 || row < 0 || column >= image.columns || row >= image.rows) return undefined
  const value = image.measured?.values[row * image.columns + column]
  const { from, to } = image.measured?.padding ?? { from: Infinity, to: -Infinity }
  return { column, row, value: value === undefined || (value >= from && value <= to) ? undefined : value }
}
