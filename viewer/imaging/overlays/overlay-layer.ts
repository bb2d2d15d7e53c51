import { Enums } from '@cornerstonejs/core'
import { overlayPlanes, type OverlayPlane } from '../../../core/dicom/overlay-planes.ts'
import { layoutOf, type StackImage } from '../stack-image.ts'
import { imagePlane } from '../marks/image-plane.ts'
import type { EnginePane } from '../shared-engine.ts'
import { overlayBits } from './overlay-bits.ts'

/** `missing`: they could not be had. */
export type OverlayState = 'none' | 'shown' | 'hidden' | 'missing'

/** The overlay planes over what a pane shows. The standard leaves their look to us: a colour that no grey image has. */
export interface OverlayLayer {
  /** The frame that is drawn now. */
  shows(image: StackImage | undefined): void
  setVisible(visible: boolean): void
  readonly state: OverlayState
  close(): void
}

/** Not the colour of marks. 12.1 : 1 against black; on white its hue tells it. As the bytes R, G, B, A lie in memory. */
const COLOUR = 0xff_c0_db_3d

/** @param onChange told when it is known whether the planes of a frame can be had */
export function openOverlayLayer({ viewport }: EnginePane, onChange: () => void): OverlayLayer {
  const { element } = viewport
  /** Over the image, under the marks: the library's own drawing comes after it. */
  const sheet = document.createElement('div')
  sheet.style.cssText = 'position: absolute; inset: 0; overflow: hidden; pointer-events: none'
  viewport.canvas.after(sheet)
  let shown: StackImage | undefined
  let planes: readonly OverlayPlane[] = []
  let missing = false

  async function draw(image: StackImage): Promise<void> {
    const drawn = await Promise.all(
      planes.map((plane) => overlayBits(plane).then((bits) => drawnPlane(plane, bits, image))),
      // The image is worth showing without them, and the pane says what is missing.
    ).catch(() => undefined)
    if (image !== shown) return
    missing = drawn === undefined
    sheet.replaceChildren(...(drawn ?? []).filter((canvas) => canvas !== undefined))
    place()
    onChange()
  }

  /** Moves the drawings to where the image is. */
  function place(): void {
    const plane = imagePlane(viewport)
    if (plane === undefined || sheet.childElementCount === 0) return
    const at = (point: [number, number]) => viewport.worldToCanvas(plane.toWorld(point))
    const [[x, y], [right, rightDown], [below, down]] = [at([0, 0]), at([1, 0]), at([0, 1])]
    const matrix = [right - x, rightDown - y, below - x, down - y, x, y]
    for (const canvas of sheet.children as HTMLCollectionOf<HTMLElement>)
      canvas.style.transform = `matrix(${matrix.join(',')})`
  }

  element.addEventListener(Enums.Events.IMAGE_RENDERED, place)
  return {
    get state() {
      if (planes.length === 0) return 'none'
      if (missing) return 'missing'
      return sheet.style.display === 'none' ? 'hidden' : 'shown'
    },
    shows(image) {
      if (image === shown) return
      shown = image
      planes = image === undefined ? [] : overlayPlanes(image.metadata, image.frameNumber)
      // Those of the image before are not this one's.
      sheet.replaceChildren()
      missing = false
      if (image !== undefined && planes.length > 0) void draw(image)
    },
    setVisible(visible) {
      sheet.style.display = visible ? 'block' : 'none'
      onChange()
    },
    close() {
      shown = undefined
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, place)
      sheet.remove()
    },
  }
}

/** The plane as far as it lies over the image, in image pixels from the image's corner. */
function drawnPlane(
  { rows, columns, top, left, firstBit }: OverlayPlane,
  bits: Uint8Array,
  image: StackImage,
): HTMLCanvasElement | undefined {
  const size = layoutOf(image.metadata)
  if (size === undefined) return undefined
  const [startRow, startColumn] = [Math.max(0, -top), Math.max(0, -left)]
  const height = Math.min(rows, size.rows - top) - startRow
  const width = Math.min(columns, size.columns - left) - startColumn
  if (width <= 0 || height <= 0) return undefined
  const pixels = new ImageData(width, height)
  const words = new Uint32Array(pixels.data.buffer)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const bit = firstBit + (startRow + row) * columns + startColumn + column
      if ((((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1) words[row * width + column] = COLOUR
    }
  }
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.style.cssText = `position: absolute; left: 0; top: 0; width: ${width}px; height: ${height}px; image-rendering: pixelated`
  // About the image's corner, not about its own.
  canvas.style.marginLeft = `${left + startColumn}px`
  canvas.style.marginTop = `${top + startRow}px`
  canvas.style.transformOrigin = `${-(left + startColumn)}px ${-(top + startRow)}px`
  canvas.getContext('2d')?.putImageData(pixels, 0, 0)
  return canvas
}
