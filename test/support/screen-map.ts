import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { FIDUCIALS, type Point } from './phantoms.ts'

/** Where a place of the image is on the page, CSS pixels. */
export type ScreenMap = (point: Point) => Point

/** Of the brightness of a fiducial, and nothing else that lies over the image. */
const BRIGHT = 250
/** Squares of five pixels of the image, however small they are shown. CSS pixels. */
const LEAST_SIDE = 8

/** Finds the phantom's bright squares in what is on the screen: nothing of the application is asked where the image is. */
export async function screenMap(page: Page): Promise<ScreenMap> {
  const box = await page.locator('section canvas').first().boundingBox()
  if (box === null) throw new Error('There is no image.')
  const picture = await page.screenshot({ clip: box })
  const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true })
  const squares = brightSquares(data, info.width, info.height)
  if (squares.length !== FIDUCIALS.length) throw new Error(`There are ${squares.length} bright squares.`)
  const [first, ...others] = squares.sort((a, b) => a[0] + a[1] - b[0] - b[1]) as [Point, Point, Point]
  const [right, bottom] = others.sort((a, b) => b[0] - a[0]) as [Point, Point]
  const [a, b, c] = FIDUCIALS
  const across = (right[0] - first[0]) / (b[0] - a[0])
  const down = (bottom[1] - first[1]) / (c[1] - a[1])
  return ([column, row]) => [
    box.x + first[0] + (column - a[0]) * across,
    box.y + first[1] + (row - a[1]) * down,
  ]
}

/** The middles of what is bright and square, from the corner of the first pixel. */
function brightSquares(grey: Uint8Array, width: number, height: number): Point[] {
  const seen = new Uint8Array(grey.length)
  const found: Point[] = []
  for (let start = 0; start < grey.length; start++) {
    if (seen[start] === 1 || (grey[start] ?? 0) < BRIGHT) continue
    let [left, right, top, bottom, count] = [width, 0, height, 0, 0]
    const waiting = [start]
    seen[start] = 1
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const [x, y] = [at % width, Math.floor(at / width)]
      count += 1
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= grey.length || seen[next] === 1 || (grey[next] ?? 0) < BRIGHT) continue
        seen[next] = 1
        waiting.push(next)
      }
    }
    const [wide, high] = [right - left + 1, bottom - top + 1]
    if (wide >= LEAST_SIDE && high >= LEAST_SIDE && count > 0.9 * wide * high)
      found.push([(left + right + 1) / 2, (top + bottom + 1) / 2])
  }
  return found
}
