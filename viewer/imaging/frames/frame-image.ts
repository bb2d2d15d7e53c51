import { Enums, utilities, type Types } from '@cornerstonejs/core'
import { firstNumber } from '../../../core/dicom/dicom-json.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import type { ProfileUse } from './colour-profile.ts'
import type { Drawing } from './decode-frame.ts'
import { lookOf, rangeOf, type FrameLook, type ValueRange } from './frame-look.ts'
import { LevelTable, type WordScale } from './level-table.ts'
import type { FetchedFrame } from './fetch-frame.ts'
import type { MeasuredFrame } from './measure.ts'

/** An image of the library, with what it measures and how its file asks to be shown; colour has neither. */
export interface FrameImage extends Types.IImage {
  readonly measured: MeasuredFrame | undefined
  readonly look: FrameLook | undefined
  readonly drawings: readonly Drawing[]
  /** What became of its colours. */
  readonly profile: ProfileUse
  /** The transfer syntax in which the archive keeps the frame. */
  readonly storedAs: string
  /** The beginning of the frame, when that is all this is made of: a preview, to be looked at and for nothing else. */
  readonly beginning: FetchedFrame | undefined
  /** The range to give the library for a range of values. */
  toRange(values: ValueRange): ValueRange
}

export interface FrameShape {
  readonly imageId: string
  readonly pixels: PixelDescription
  readonly spacing: { readonly row: number; readonly column: number }
  readonly storedAs: string
  readonly beginning: FetchedFrame | undefined
  /** The renderer draws on a canvas: by a table of whole numbers. Else on a graphics card. */
  readonly onCanvas: boolean
}

/** What a curve's levels become on a graphics card, where only straight windows are. */
const CURVE_LEVELS = 65_535
/** Beyond whatever window a person sets: padding on a graphics card. */
const FAR = 1e9
/** Words of 16 bits for values that are none: the first is kept for padding. */
const WORDS = 65_536
const LAST_STEP = WORDS - 2
/** A window of one value has a range of none, and the renderer on a graphics card divides by it. */
const LEAST_RANGE = 1e-3

/** A grey frame as the renderer takes it. */
export function grayImage(
  shape: FrameShape,
  measured: MeasuredFrame,
  drawings: readonly Drawing[],
): FrameImage {
  const look = lookOf(shape.pixels, measured)
  const prepared = shape.onCanvas ? forCanvas(shape.pixels, measured, look) : forCard(measured, look)
  const { lower, upper } = prepared.toRange(rangeOf(look.window))
  return {
    ...common(shape, prepared.data, 1),
    // What the cache counts: what is drawn, what is measured where that is not the same, and what the rest is put behind.
    sizeInBytes:
      prepared.data.byteLength +
      (prepared.data === measured.values ? 0 : measured.values.byteLength) +
      (shape.beginning?.bytes.byteLength ?? 0),
    minPixelValue: prepared.least,
    maxPixelValue: prepared.most,
    color: false,
    rgba: false,
    invert: look.inverted,
    windowCenter: (lower + upper + 1) / 2,
    windowWidth: upper - lower + 1,
    measured,
    look,
    drawings,
    profile: 'none',
    toRange: prepared.toRange,
    ...(prepared.table === undefined ? {} : { cachedLut: prepared.table }),
  }
}

/** A frame in colour, as opaque RGBA. */
export function colourImage(
  shape: FrameShape,
  rgba: Uint8ClampedArray<ArrayBuffer>,
  profile: ProfileUse,
): FrameImage {
  const { rows, columns } = shape.pixels
  const data = shape.onCanvas ? rgba : withoutAlpha(rgba)
  return {
    ...common(shape, data, shape.onCanvas ? 4 : 3),
    minPixelValue: 0,
    maxPixelValue: 255,
    color: true,
    rgba: shape.onCanvas,
    invert: false,
    windowCenter: 128,
    windowWidth: 256,
    measured: undefined,
    look: undefined,
    drawings: [],
    profile,
    toRange: (range) => range,
    // The renderer asks for it only where colours are shown as they are.
    getCanvas: () => drawn(rgba, columns, rows),
  }
}

interface Prepared {
  readonly data: Types.PixelDataTypedArray
  readonly least: number
  readonly most: number
  readonly table: LevelTable | undefined
  readonly toRange: (values: ValueRange) => ValueRange
}

function forCanvas(pixels: PixelDescription, measured: MeasuredFrame, look: FrameLook): Prepared {
  const { data, words } = wordsOf(pixels, measured)
  return {
    data,
    // The renderer's own table is drawn from `least` to `most`: not at all. It adds what `least` is below zero.
    least: Math.min(0, words.first),
    most: Math.min(0, words.first) - 1,
    table: new LevelTable(words, (range) => look.levels(range)),
    toRange: (range) => range,
  }
}

/** Values as words a table can be indexed by: as they are; by the steps of the rescale; or in as many steps as there are words. */
function wordsOf(
  pixels: PixelDescription,
  { values, least, most, padding }: MeasuredFrame,
): { data: Types.PixelDataTypedArray; words: WordScale } {
  const isPadding = (value: number): boolean =>
    padding !== undefined && value >= padding.from && value <= padding.to
  const first = FIRST_WORD.get(values.constructor)
  if (first !== undefined) {
    const words = {
      first,
      size: 2 ** (values.BYTES_PER_ELEMENT * 8),
      valueOf: (word: number) => (isPadding(word) ? NaN : word),
    }
    return { data: values as Types.PixelDataTypedArray, words }
  }
  const { start, step } = rescaleSteps(pixels, least, most) ?? {
    start: least,
    step: most > least ? (most - least) / LAST_STEP : 1,
  }
  // Not `from`: with a function it takes ten times as long, and mammograms have twelve million pixels.
  const data = new Uint16Array(values.length)
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN
    if (Number.isNaN(value) || isPadding(value)) continue
    data[index] = 1 + Math.max(0, Math.min(LAST_STEP, Math.round((value - start) / step)))
  }
  const valueOf = (word: number): number => (word === 0 ? NaN : start + (word - 1) * step)
  return { data, words: { first: 0, size: WORDS, valueOf } }
}

/** What was stored in whole numbers and rescaled (PS3.3 C.11.1.1.2): each step is one of the stored values. */
function rescaleSteps(
  { sampleKind, presentation }: PixelDescription,
  least: number,
  most: number,
): { start: number; step: number } | undefined {
  const slope = firstNumber(presentation, Tag.RescaleSlope) ?? 1
  const intercept = firstNumber(presentation, Tag.RescaleIntercept) ?? 0
  const step = Math.abs(slope)
  if (sampleKind !== 'integer' || !(step > 0) || (most - least) / step > LAST_STEP) return undefined
  return { start: Math.round((least - intercept) / step) * step + intercept, step }
}

const FIRST_WORD: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  [Uint8Array, 0],
  [Int8Array, -128],
  [Uint16Array, 0],
  [Int16Array, -32_768],
])

function forCard(measured: MeasuredFrame, look: FrameLook): Prepared {
  const { values, least, most, padding } = measured
  const same = ({ lower, upper }: ValueRange): ValueRange => ({
    lower,
    upper: upper > lower ? upper : lower + LEAST_RANGE,
  })
  if (look.isStraight && padding === undefined && values.BYTES_PER_ELEMENT < 4)
    return { data: values as Types.PixelDataTypedArray, least, most, table: undefined, toRange: same }
  const background = look.inverted ? FAR : -FAR
  const own = rangeOf(look.window)
  const levelOf = look.isStraight ? undefined : look.levels(own)
  const { from, to } = padding ?? { from: Infinity, to: -Infinity }
  const data = new Float32Array(values.length)
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN
    if (Number.isNaN(value) || (value >= from && value <= to)) data[index] = background
    else data[index] = levelOf === undefined ? value : (levelOf(value) / 255) * CURVE_LEVELS
  }
  if (levelOf === undefined) return { data, least, most, table: undefined, toRange: same }
  const scale = CURVE_LEVELS / Math.max(own.upper - own.lower, Number.MIN_VALUE)
  return {
    data,
    least: 0,
    most: CURVE_LEVELS,
    table: undefined,
    toRange: ({ lower, upper }) => ({
      lower: (lower - own.lower) * scale,
      upper: (upper - own.lower) * scale,
    }),
  }
}

function common(
  { imageId, pixels: { rows, columns }, spacing, storedAs, beginning }: FrameShape,
  data: Types.PixelDataTypedArray,
  numberOfComponents: number,
): Omit<
  FrameImage,
  | 'color'
  | 'rgba'
  | 'invert'
  | 'windowCenter'
  | 'windowWidth'
  | 'minPixelValue'
  | 'maxPixelValue'
  | 'look'
  | 'drawings'
  | 'profile'
  | 'measured'
  | 'toRange'
> {
  return {
    imageId,
    storedAs,
    beginning,
    rows,
    columns,
    height: rows,
    width: columns,
    rowPixelSpacing: spacing.row,
    columnPixelSpacing: spacing.column,
    numberOfComponents,
    // The values are measured already.
    slope: 1,
    intercept: 0,
    preScale: { enabled: false, scaled: false },
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    dataType: data.constructor.name as Types.PixelDataTypedArrayString,
    sizeInBytes: data.byteLength,
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      scalarData: data,
      width: columns,
      height: rows,
      numberOfComponents,
    }) as NonNullable<Types.IImage['voxelManager']>,
    getPixelData: () => data,
    getCanvas: () => document.createElement('canvas'),
  }
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const out = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    out[to++] = rgba[from] ?? 0
    out[to++] = rgba[from + 1] ?? 0
    out[to++] = rgba[from + 2] ?? 0
  }
  return out
}

/** What was drawn last: one of their own would double what the frames of a cine hold. */
let last: { readonly canvas: HTMLCanvasElement; readonly rgba: Uint8ClampedArray } | undefined

/** The colours on a canvas, until others are asked for: the renderer takes them at once. */
function drawn(rgba: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): HTMLCanvasElement {
  if (last?.rgba === rgba) return last.canvas
  const canvas = last?.canvas ?? document.createElement('canvas')
  last = { canvas, rgba }
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0)
  return canvas
}
