/** Red, green, blue: 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** For what names no colour: told apart by those who see colours differently, too; none is grey. */
const OWN: readonly Rgb[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 190, 130],
  [240, 228, 66],
  [70, 130, 230],
  [233, 100, 30],
  [214, 130, 180],
  [150, 220, 90],
]

/** The colour of the nth (from 0) thing that names none. */
export const ownColour = (index: number): Rgb => OWN[index % OWN.length] ?? [255, 255, 0]

/**
 * A colour in the profile connection space, as a file writes it (PS3.3 C.10.7.1.1: L* of 0 to 100 and a*, b* of -128 to
 * 127 in 16 bits), in sRGB. The space is lit by D50; the matrix takes it to the D65 of a screen (Bradford). Colours that
 * a screen does not have are clipped.
 */
export function rgbOfLab(written: readonly number[]): Rgb | undefined {
  const [l, a, b] = written
  if (l === undefined || a === undefined || b === undefined) return undefined
  const [lightness, red, yellow] = [(l / 65535) * 100, (a / 65535) * 255 - 128, (b / 65535) * 255 - 128]
  const fy = (lightness + 16) / 116
  const inverse = (t: number): number => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29))
  const x = 0.96422 * inverse(fy + red / 500)
  const y = inverse(fy)
  const z = 0.82521 * inverse(fy - yellow / 200)
  return [
    companded(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
    companded(-0.9787684 * x + 1.9161415 * y + 0.033454 * z),
    companded(0.0719453 * x - 0.2289914 * y + 1.4052427 * z),
  ]
}

/** Linear light to the values of a screen (IEC 61966-2-1). */
function companded(light: number): number {
  const clipped = Math.min(1, Math.max(0, light))
  const value = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055
  return Math.round(value * 255)
}

/** A colour of a screen as a file writes it: the way back of `rgbOfLab`. */
export function labOfRgb([red, green, blue]: Rgb): [lightness: number, a: number, b: number] {
  const [r, g, b] = [linear(red), linear(green), linear(blue)]
  const forward = (t: number): number => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29)
  const fx = forward((0.4360747 * r + 0.3850649 * g + 0.1430804 * b) / 0.96422)
  const fy = forward(0.2225045 * r + 0.7168786 * g + 0.0606169 * b)
  const fz = forward((0.0139322 * r + 0.0971045 * g + 0.7141733 * b) / 0.82521)
  const chroma = (value: number): number => Math.round(((value + 128) / 255) * 65535)
  return [Math.round(((116 * fy - 16) / 100) * 65535), chroma(500 * (fx - fy)), chroma(200 * (fy - fz))]
}

/** The values of a screen to linear light (IEC 61966-2-1). */
function linear(value: number): number {
  const share = value / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
