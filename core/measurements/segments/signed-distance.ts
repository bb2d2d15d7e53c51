/** A mask of one byte a pixel. */
export interface Mask {
  readonly columns: number
  readonly rows: number
  readonly pixels: Uint8Array
}

/** Farther than anything on an image; squared it is a number still. */
const FAR = 1e9

/**
 * How far each pixel's centre is from the edge of what is painted: inside above zero, outside below. What lies beyond the
 * mask is outside.
 *
 * @param aspect how far apart columns and rows are, in the unit of the answer
 * Source: Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions (2012), exact in two passes.
 */
export function signedDistance(
  { columns, rows, pixels }: Mask,
  aspect: readonly [column: number, row: number],
): Float64Array {
  // A ring of what is outside, so that what touches the edge has one.
  const [width, height] = [columns + 2, rows + 2]
  const inside = new Float64Array(width * height)
  const outside = new Float64Array(width * height).fill(FAR)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (pixels[row * columns + column] === 0) continue
      const at = (row + 1) * width + column + 1
      inside[at] = FAR
      outside[at] = 0
    }
  // To the nearest clear pixel, and to the nearest painted one; squared.
  for (const field of [inside, outside]) transform(field, width, height, aspect)
  const distance = new Float64Array(columns * rows)
  // The edge runs between the centres of the two.
  const half = Math.min(...aspect) / 2
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = (row + 1) * width + column + 1
      const [within, beyond] = [Math.sqrt(inside[at] ?? 0), Math.sqrt(outside[at] ?? 0)]
      distance[row * columns + column] = within > 0 ? within - half : half - beyond
    }
  return distance
}

function transform(
  field: Float64Array,
  width: number,
  height: number,
  [column, row]: readonly [number, number],
): void {
  const line = new Float64Array(Math.max(width, height))
  for (let x = 0; x < width; x++) alongLine(field, line, x, width, height, row)
  for (let y = 0; y < height; y++) alongLine(field, line, y * width, 1, width, column)
}

/** The lower envelope of parabolas along one line of the field, in place. */
function alongLine(
  field: Float64Array,
  line: Float64Array,
  start: number,
  stride: number,
  count: number,
  step: number,
): void {
  const square = step * step
  for (let at = 0; at < count; at++) line[at] = field[start + at * stride] ?? FAR
  const places = new Int32Array(count)
  const bounds = new Float64Array(count + 1)
  let last = 0
  bounds[0] = -Infinity
  bounds[1] = Infinity
  const meeting = (a: number, b: number): number =>
    ((line[b] ?? 0) + square * b * b - (line[a] ?? 0) - square * a * a) / (2 * square * (b - a))
  for (let at = 1; at < count; at++) {
    let where = meeting(places[last] ?? 0, at)
    while (where <= (bounds[last] ?? -Infinity)) where = meeting(places[--last] ?? 0, at)
    places[++last] = at
    bounds[last] = where
    bounds[last + 1] = Infinity
  }
  let index = 0
  for (let at = 0; at < count; at++) {
    while ((bounds[index + 1] ?? Infinity) < at) index++
    const from = places[index] ?? 0
    field[start + at * stride] = square * (at - from) ** 2 + (line[from] ?? 0)
  }
}
