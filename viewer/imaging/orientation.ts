import type { Types } from '@cornerstonejs/core'

/** What lies towards each edge of the pane: patient directions (PS3.3 C.7.6.2.1.1), up to two letters. */
export interface EdgeLetters {
  readonly top: string
  readonly right: string
  readonly bottom: string
  readonly left: string
}

type Vector = readonly [number, number, number]

/** Below this share of a direction its letter says nothing. */
const LEAST_SHARE = 0.2

/** The letters of the edges, by how the image's rows and columns lie on the screen now; undefined without an orientation. */
export function edgeLetters(
  viewport: Pick<Types.IStackViewport, 'worldToCanvas' | 'getImageData'>,
  orientation: readonly number[],
): EdgeLetters | undefined {
  if (orientation.length < 6) return undefined
  const row = orientation.slice(0, 3) as unknown as Vector
  const column = orientation.slice(3, 6) as unknown as Vector
  const origin = (viewport.getImageData()?.origin ?? [0, 0, 0]) as Types.Point3
  const onCanvas = (direction: Vector): [number, number] => {
    const away = origin.map((value, axis) => value + 10 * (direction[axis] ?? 0)) as Types.Point3
    const [x0, y0] = viewport.worldToCanvas(origin)
    const [x1, y1] = viewport.worldToCanvas(away)
    const length = Math.hypot(x1 - x0, y1 - y0) || 1
    return [(x1 - x0) / length, (y1 - y0) / length]
  }
  const [rx, ry] = onCanvas(row)
  const [cx, cy] = onCanvas(column)
  const determinant = rx * cy - cx * ry
  if (Math.abs(determinant) < 1e-6) return undefined
  // The patient direction that points along (x, y) on the screen.
  const towards = (x: number, y: number): string => {
    const alongRow = (x * cy - cx * y) / determinant
    const alongColumn = (rx * y - x * ry) / determinant
    return letters(
      row.map((value, axis) => alongRow * value + alongColumn * (column[axis] ?? 0)) as unknown as Vector,
    )
  }
  return { right: towards(1, 0), left: towards(-1, 0), bottom: towards(0, 1), top: towards(0, -1) }
}

/** A direction in patient coordinates by its strongest parts, the strongest first: L/R, P/A, H/F. */
export function letters(direction: Vector): string {
  const [x, y, z] = direction
  const parts = [
    { share: Math.abs(x), letter: x > 0 ? 'L' : 'R' },
    { share: Math.abs(y), letter: y > 0 ? 'P' : 'A' },
    { share: Math.abs(z), letter: z > 0 ? 'H' : 'F' },
  ]
  return parts
    .filter((part) => part.share > LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, 2)
    .map((part) => part.letter)
    .join('')
}
