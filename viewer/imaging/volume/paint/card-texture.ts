import { holeOf, type ScalarVolume } from '../../../../core/volume/reslice.ts'
import { CardLost, type PaintedVolume } from './brush.ts'

/** A volume on the graphics card. */
export interface CardTexture {
  readonly texture: WebGLTexture
  /** Voxels along a row and a column that are one. */
  readonly shrink: number
  /** A texel is so much, from the floor. */
  unit(): number
  /** Voxels that it covers. */
  readonly cover: readonly [number, number, number]
  /** Copies slices. */
  fill(slices: ReadonlySet<number>, volume: ScalarVolume): void
}

/** A share of the memory of a common card: two bytes a voxel. */
const BYTES_MOST = 256 << 20
/** Numbers of half precision are exact to one part in this. */
const EXACT = 2048
/** What half precision can hold at most, and a little less. */
const HALF_MOST = 60_000

/**
 * Room for a volume, of half precision: the one kind of 16 bits that every WebGL 2 can keep and interpolate. Everything is at
 * the floor until slices are filled in. Undefined: the card takes no volume of that size. Errors: CardLost.
 */
export function openCardTexture(
  gl: WebGL2RenderingContext,
  { grid, floor }: PaintedVolume,
): CardTexture | undefined {
  const [columns, rows, slices] = grid.size
  const longest = gl.getParameter(gl.MAX_3D_TEXTURE_SIZE) as number
  if (slices > longest) return undefined
  let shrink = 1
  while (
    Math.max(columns, rows) / shrink > longest ||
    Math.floor(columns / shrink) * Math.floor(rows / shrink) * slices * 2 > BYTES_MOST
  )
    shrink++
  const [width, height] = [Math.floor(columns / shrink), Math.floor(rows / shrink)]
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_3D, texture)
  for (const axis of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R])
    gl.texParameteri(gl.TEXTURE_3D, axis, gl.CLAMP_TO_EDGE)
  for (const way of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_3D, way, gl.LINEAR)
  // Zeros, says WebGL: the floor.
  gl.texStorage3D(gl.TEXTURE_3D, 1, gl.R16F, width, height, slices)
  if (gl.isContextLost()) throw new CardLost()
  if (gl.getError() !== gl.NO_ERROR) return undefined

  let unit = 1
  const filled = new Set<number>()
  const texels = new Float32Array(width * height)

  /** Whole numbers as they are; others so that the largest is well within half precision. */
  function unitFor({ values }: ScalarVolume, changed: Iterable<number>): number {
    if (values instanceof Int16Array) return 1
    const perSlice = columns * rows
    let most = 0
    for (const slice of changed)
      for (let at = slice * perSlice; at < (slice + 1) * perSlice; at++) {
        const value = Math.abs(values[at]! - floor)
        if (value > most && values[at] !== holeOf(values)) most = value
      }
    const needed = most === 0 ? unit : 2 ** Math.ceil(Math.log2(most / EXACT))
    const isFirst = filled.size === 0
    // Grown in leaps: all that is there has to be copied anew.
    return isFirst ? needed : most > HALF_MOST * unit ? needed * 4 : unit
  }

  function upload(slice: number, { values }: ScalarVolume): void {
    const hole = holeOf(values)
    const start = slice * columns * rows
    for (let row = 0, to = 0; row < height; row++)
      for (let column = 0; column < width; column++, to++) {
        let sum = 0
        for (let y = row * shrink; y < (row + 1) * shrink; y++)
          for (let x = column * shrink; x < (column + 1) * shrink; x++) {
            const value = values[start + y * columns + x]!
            if (value !== hole) sum += value - floor
          }
        texels[to] = sum / (shrink * shrink * unit)
      }
    gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, slice, width, height, 1, gl.RED, gl.FLOAT, texels)
    filled.add(slice)
  }

  return {
    texture,
    shrink,
    unit: () => unit,
    cover: [width * shrink, height * shrink, slices],
    fill(changed, volume) {
      gl.bindTexture(gl.TEXTURE_3D, texture)
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4)
      const needed = unitFor(volume, changed)
      const isOther = needed !== unit
      unit = needed
      for (const slice of isOther ? new Set([...filled, ...changed]) : changed) upload(slice, volume)
    },
  }
}
