import { signedDistance, type Mask } from './signed-distance.ts'

/** A rectangle of pixels; up to and without `right` and `bottom`. */
interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * What lies between two painted frames of one size, by the distances to their edges: at `share` of the way from one to the
 * other (0 to 1) the edge is where the mean of both distances, weighted by nearness, is zero. Frames whose paint does not
 * overlap are laid over each other by their centres of gravity first, or there would be nothing in between.
 *
 * @param aspect of a pixel: how far apart columns and rows are, in any unit
 * Source: Raya and Udupa, Shape-Based Interpolation of Multidimensional Objects (1990).
 */
export function fillBetween(
  one: Mask,
  other: Mask,
  shares: readonly number[],
  aspect: readonly [column: number, row: number],
): Uint8Array<ArrayBuffer>[] {
  const { columns, rows } = one
  const empty = (): Uint8Array<ArrayBuffer> => new Uint8Array(columns * rows)
  const [from, to] = [boxOf(one), boxOf(other)]
  if (from === undefined || to === undefined) return shares.map(empty)
  const shift = overlaps(one, other) ? ([0, 0] as const) : between(centreOf(one), centreOf(other))
  // Each in its own place, and large enough for both: the distances of the second are those of where it is laid.
  const laid = moved(to, [-shift[0], -shift[1]])
  const box = {
    left: Math.min(from.left, laid.left),
    top: Math.min(from.top, laid.top),
    right: Math.max(from.right, laid.right),
    bottom: Math.max(from.bottom, laid.bottom),
  }
  const distances = [
    signedDistance(cut(one, box), aspect),
    signedDistance(cut(other, moved(box, shift)), aspect),
  ]
  const width = box.right - box.left
  return shares.map((share) => {
    const filled = empty()
    const [right, down] = [Math.round(shift[0] * share), Math.round(shift[1] * share)]
    for (let row = box.top; row < box.bottom; row++)
      for (let column = box.left; column < box.right; column++) {
        const at = (row - box.top) * width + column - box.left
        const distance = (1 - share) * (distances[0]?.[at] ?? 0) + share * (distances[1]?.[at] ?? 0)
        const [x, y] = [column + right, row + down]
        if (distance > 0 && x >= 0 && y >= 0 && x < columns && y < rows) filled[y * columns + x] = 1
      }
    return filled
  })
}

const moved = (box: Box, [right, down]: readonly [number, number]): Box => ({
  left: box.left + right,
  top: box.top + down,
  right: box.right + right,
  bottom: box.bottom + down,
})

/** The smallest that has all paint in it; undefined: there is none. */
function boxOf({ columns, rows, pixels }: Mask): Box | undefined {
  let [left, top, right, bottom] = [columns, rows, 0, 0]
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] === 0) continue
    const [column, row] = [at % columns, Math.floor(at / columns)]
    left = Math.min(left, column)
    right = Math.max(right, column + 1)
    top = Math.min(top, row)
    bottom = Math.max(bottom, row + 1)
  }
  return right > left ? { left, top, right, bottom } : undefined
}

/** What is beyond the mask is clear. */
function cut({ columns, rows, pixels }: Mask, { left, top, right, bottom }: Box): Mask {
  const [width, height] = [right - left, bottom - top]
  const part = new Uint8Array(width * height)
  for (let row = Math.max(0, top); row < Math.min(rows, bottom); row++)
    for (let column = Math.max(0, left); column < Math.min(columns, right); column++)
      part[(row - top) * width + column - left] = pixels[row * columns + column] ?? 0
  return { columns: width, rows: height, pixels: part }
}

const overlaps = (one: Mask, other: Mask): boolean =>
  one.pixels.some((value, at) => value !== 0 && other.pixels[at] !== 0)

function centreOf({ columns, pixels }: Mask): readonly [number, number] {
  let [x, y, count] = [0, 0, 0]
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] === 0) continue
    x += at % columns
    y += Math.floor(at / columns)
    count++
  }
  return [x / count, y / count]
}

const between = (
  [x, y]: readonly [number, number],
  [toX, toY]: readonly [number, number],
): readonly [number, number] => [Math.round(toX - x), Math.round(toY - y)]
