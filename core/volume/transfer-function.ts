/** What a value looks like: light it gives, and how much a millimetre of it hides. */
export interface TransferPoint {
  readonly value: number
  /** Red, green, blue, 0 to 1, as on the screen. */
  readonly colour: readonly [number, number, number]
  /** Of a millimetre, 0 to 1. */
  readonly opacity: number
}

/** Values that are looked at: as for a slice, the middle and the width of the range. */
export interface ValueWindow {
  readonly center: number
  readonly width: number
}

/** Points in the order of their values; between two, by weight of distance. */
export type TransferFunction = readonly TransferPoint[]

/**
 * The function as it is in another window: what lay at the lower and upper end of one lies at those of the other, and all
 * else, beyond them too, moves with it.
 */
export function inWindow(points: TransferFunction, from: ValueWindow, to: ValueWindow): TransferFunction {
  const scale = to.width / from.width
  return points.map((point) => ({ ...point, value: to.center + (point.value - from.center) * scale }))
}

/** Entries of a table. */
export const TABLE_SIZE = 1024

/** A function worked out for evenly spaced values; below and above them as at the ends. */
export interface TransferTable {
  /** Values of the first and the last entry. */
  readonly from: number
  readonly to: number
  /** Red, green, blue, opacity of a step, for each entry. */
  readonly entries: Float32Array<ArrayBuffer>
}

/** @param step between samples, millimetres: the shorter, the less each of them hides */
export function tableOf(points: TransferFunction, step = 1): TransferTable {
  const from = points[0]?.value ?? 0
  const to = Math.max(points.at(-1)?.value ?? 1, from + Number.EPSILON * Math.max(1, Math.abs(from)))
  const entries = new Float32Array(TABLE_SIZE * 4)
  for (let index = 0; index < TABLE_SIZE; index++) {
    const value = from + ((to - from) * index) / (TABLE_SIZE - 1)
    const { colour, opacity } = atValue(points, value)
    entries.set([...colour, 1 - (1 - opacity) ** step], index * 4)
  }
  return { from, to, entries }
}

/** What a value looks like. */
export function atValue(points: TransferFunction, value: number): Omit<TransferPoint, 'value'> {
  const after = points.findIndex((point) => point.value >= value)
  const above = points[after < 0 ? points.length - 1 : after]
  const below = points[after - 1]
  if (above === undefined) return { colour: [0, 0, 0], opacity: 0 }
  if (after < 0 || below === undefined) return above
  const share = above.value === below.value ? 1 : (value - below.value) / (above.value - below.value)
  const mix = (a: number, b: number): number => a + (b - a) * share
  return {
    colour: [
      mix(below.colour[0], above.colour[0]),
      mix(below.colour[1], above.colour[1]),
      mix(below.colour[2], above.colour[2]),
    ],
    opacity: mix(below.opacity, above.opacity),
  }
}

/**
 * Whether anything from a value to another can be seen. In constant time, for a window that moves under a hand asks it of
 * every brick of the volume.
 */
export function visibility({ from, to, entries }: TransferTable): (least: number, most: number) => boolean {
  /** How many entries up to each hide something. */
  const counts = new Int32Array(TABLE_SIZE + 1)
  for (let index = 0; index < TABLE_SIZE; index++)
    counts[index + 1] = (counts[index] ?? 0) + ((entries[index * 4 + 3] ?? 0) > 0 ? 1 : 0)
  const scale = (TABLE_SIZE - 1) / (to - from)
  const clamp = (index: number): number => Math.max(0, Math.min(TABLE_SIZE - 1, index))
  return (least, most) => {
    const first = clamp(Math.floor((least - from) * scale))
    const last = clamp(Math.ceil((most - from) * scale))
    return (counts[last + 1] ?? 0) > (counts[first] ?? 0)
  }
}
