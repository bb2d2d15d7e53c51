import { firstNumber, items } from '../../../core/dicom/dicom-json.ts'
import type { Samples } from '../../../core/dicom/frame-samples.ts'
import { modalityTransform, paddingLimits } from '../../../core/dicom/grayscale.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { Tag } from '../../../core/dicom/tag.ts'

/** What a grey frame measures: the values after the modality transform, as narrow as they are exact. */
export interface MeasuredFrame {
  readonly values: MeasuredValues
  /** Of what is not padding; 0 and 0 where all of it is. */
  readonly least: number
  readonly most: number
  /** Values from and up to these are padding; undefined where nothing is. */
  readonly padding: { readonly from: number; readonly to: number } | undefined
}

export type MeasuredValues = (
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array
) & { readonly buffer: ArrayBuffer }

/** No entry of a modality table is below zero: so padding stays apart from what it maps to. */
const PADDING_OF_TABLE = -1

/** Measures every pixel of a frame. */
export function measure(stored: Samples, pixels: PixelDescription): MeasuredFrame {
  const { presentation } = pixels
  const limits = paddingLimits(pixels)
  const isPadding = (each: number): boolean => limits !== undefined && each >= limits[0] && each <= limits[1]
  const isPadded = limits !== undefined && stored.some(isPadding)
  const valueOf = modalityTransform(pixels)
  if (items(presentation, Tag.ModalityLUTSequence).length > 0) {
    const values = isPadded
      ? transformed(stored, (each) => (isPadding(each) ? PADDING_OF_TABLE : valueOf(each)))
      : transformed(stored, valueOf)
    return withRange(values, isPadded ? { from: PADDING_OF_TABLE, to: PADDING_OF_TABLE } : undefined)
  }
  const slope = firstNumber(presentation, Tag.RescaleSlope) ?? 1
  const intercept = firstNumber(presentation, Tag.RescaleIntercept) ?? 0
  const asStored = slope === 0 || (slope === 1 && intercept === 0)
  const values = asStored ? inSinglePrecision(stored) : transformed(stored, valueOf)
  return withRange(values, isPadded ? asMeasured(limits, values, valueOf) : undefined)
}

/** Double precision is beyond what is drawn or read off. */
function inSinglePrecision(stored: Samples): MeasuredValues {
  return (stored instanceof Float64Array ? Float32Array.from(stored) : stored) as MeasuredValues
}

function transformed(stored: Samples, valueOf: (stored: number) => number): MeasuredValues {
  let least = Infinity
  let most = -Infinity
  let whole = true
  for (let index = 0; index < stored.length; index++) {
    const value = valueOf(stored[index] ?? 0)
    if (value < least) least = value
    if (value > most) most = value
    whole &&= Number.isInteger(value)
  }
  const values = new (whole ? wholeNumbers(least, most) : Float32Array)(stored.length)
  for (let index = 0; index < stored.length; index++) values[index] = valueOf(stored[index] ?? 0)
  return values as MeasuredValues
}

function wholeNumbers(
  least: number,
  most: number,
): Uint16ArrayConstructor | Int16ArrayConstructor | Int32ArrayConstructor | Float32ArrayConstructor {
  if (least >= 0 && most <= 0xffff) return Uint16Array
  if (least >= -0x8000 && most <= 0x7fff) return Int16Array
  return least >= -0x8000_0000 && most <= 0x7fff_ffff ? Int32Array : Float32Array
}

/** The padding as it measures, rounded as the values were. */
function asMeasured(
  limits: readonly [number, number],
  values: MeasuredValues,
  valueOf: (stored: number) => number,
): { from: number; to: number } {
  const rounded = (stored: number): number => {
    const value = valueOf(stored)
    return values instanceof Float32Array ? Math.fround(value) : value
  }
  const [one, other] = [rounded(limits[0]), rounded(limits[1])]
  return { from: Math.min(one, other), to: Math.max(one, other) }
}

function withRange(values: MeasuredValues, padding: MeasuredFrame['padding']): MeasuredFrame {
  const { from, to } = padding ?? { from: Infinity, to: -Infinity }
  let least = Infinity
  let most = -Infinity
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0
    // Infinity in float pixels says nothing of what can be seen.
    if ((value >= from && value <= to) || value === Infinity || value === -Infinity) continue
    if (value < least) least = value
    if (value > most) most = value
  }
  return least <= most ? { values, padding, least, most } : { values, padding, least: 0, most: 0 }
}
