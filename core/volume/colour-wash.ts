import { colourAt, COLOURS, type ColourMapName } from './colour-map.ts'

/** How values become colours over an image. */
export interface Wash {
  readonly map: ColourMapName
  /** Below the lower end it is clear; from the upper end on it has the last colour. In the units of the values. */
  readonly lower: number
  readonly upper: number
  /** 0 to 1. */
  readonly opacity: number
  /** Of the window, from its lower end: so far the opacity rises, so that what is next to nothing hides nothing. 0 to 1. */
  readonly foot: number
}

/** Values on the pixels of an image, and which of them are none. */
export interface WashedValues {
  readonly values: ArrayLike<number>
  readonly padding: { readonly from: number; readonly to: number } | undefined
}

/**
 * The colours of values, a pixel each: red, green, blue and opacity, 0 to 255. Clear where there is no value, or one below
 * the window.
 *
 * @param scale of a value to the units of the wash
 */
export function washed(
  { values, padding }: WashedValues,
  scale: number,
  wash: Wash,
): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(values.length * 4)
  const words = new Uint32Array(out.buffer)
  const table = tableOf(wash)
  const { from, to } = padding ?? { from: Infinity, to: -Infinity }
  const lower = wash.lower / scale
  const perStep = COLOURS / Math.max((wash.upper - wash.lower) / scale, Number.MIN_VALUE)
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? NaN
    if (!(value >= lower) || (value >= from && value <= to)) continue
    words[at] = table[Math.min(COLOURS - 1, Math.floor((value - lower) * perStep))] ?? 0
  }
  return out
}

/** Of each colour the four bytes as they lie in memory: red first. */
function tableOf({ map, opacity, foot }: Wash): Uint32Array {
  const bytes = new Uint8ClampedArray(COLOURS * 4)
  for (let entry = 0; entry < COLOURS; entry++) {
    const share = foot > 0 ? Math.min(1, entry / (foot * (COLOURS - 1))) : 1
    bytes.set([...colourAt(map, entry), 255 * opacity * share], entry * 4)
  }
  return new Uint32Array(bytes.buffer)
}
