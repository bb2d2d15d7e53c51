import { firstNumber, firstString, items, numbers, type DicomJson } from './dicom-json.ts'
import { lookupTable, type LookupTable } from './lookup-table.ts'
import type { PixelDescription } from './pixel-description.ts'
import { Tag } from './tag.ts'

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID'

/** Centre and width are in the units after the modality transform. */
export interface VoiWindow {
  readonly center: number
  readonly width: number
  readonly function: VoiFunction
}

/** From a stored value to what it measures (Hounsfield units and the like). Source: PS3.3 C.11.1. */
export function modalityTransform(pixels: PixelDescription): (stored: number) => number {
  const sequence = items(pixels.presentation, Tag.ModalityLUTSequence)[0]
  const table = sequence === undefined ? undefined : lookupTable(sequence, pixels.pixelRepresentation)
  if (table !== undefined) return (stored) => table.at(stored)
  const slope = firstNumber(pixels.presentation, Tag.RescaleSlope) ?? 1
  const intercept = firstNumber(pixels.presentation, Tag.RescaleIntercept) ?? 0
  if (slope === 0) return (stored) => stored
  return (stored) => stored * slope + intercept
}

/** The window the instance asks for first, or undefined. Source: PS3.3 C.11.2. */
export function storedWindow(presentation: DicomJson): VoiWindow | undefined {
  const center = numbers(presentation, Tag.WindowCenter)[0]
  const width = numbers(presentation, Tag.WindowWidth)[0]
  if (center === undefined || width === undefined || !(width > 0)) return undefined
  const asked = firstString(presentation, Tag.VOILUTFunction)
  const voiFunction = asked === 'SIGMOID' || asked === 'LINEAR_EXACT' ? asked : 'LINEAR'
  if (voiFunction === 'LINEAR' && width < 1) return undefined
  return { center, width, function: voiFunction }
}

/** From a value to 0…255 by a window. Source: PS3.3 C.11.2.1.2 (linear), C.11.2.1.3 (sigmoid, linear exact). */
export function windowTransform({ center, width, function: kind }: VoiWindow): (value: number) => number {
  if (kind === 'SIGMOID') return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / width))
  if (kind === 'LINEAR_EXACT') {
    return (value) => clamp(((value - center) / width + 0.5) * 255)
  }
  const least = center - 0.5 - (width - 1) / 2
  const most = center - 0.5 + (width - 1) / 2
  if (width === 1) return (value) => (value <= least ? 0 : 255)
  return (value) => {
    if (value <= least) return 0
    if (value > most) return 255
    return ((value - (center - 0.5)) / (width - 1) + 0.5) * 255
  }
}

/**
 * The stored values that are padding, from the first up to the second; undefined when the instance names none. Many files
 * tell a signed value as unsigned, or the other way round. Source: PS3.3 C.7.5.1.1.2.
 */
export function paddingLimits(pixels: PixelDescription): readonly [number, number] | undefined {
  const { presentation, sampleKind } = pixels
  // Float pixels have attributes of their own (PS3.3 C.7.6.24).
  const tags =
    sampleKind === 'float'
      ? (['00280122', '00280124'] as const)
      : sampleKind === 'double'
        ? (['00280123', '00280125'] as const)
        : ([Tag.PixelPaddingValue, Tag.PixelPaddingRangeLimit] as const)
  const value = firstNumber(presentation, tags[0])
  if (value === undefined) return undefined
  const limit = firstNumber(presentation, tags[1]) ?? value
  const [one, other] = [asStored(value, pixels), asStored(limit, pixels)]
  return [Math.min(one, other), Math.max(one, other)]
}

function asStored(
  value: number,
  { sampleKind, bitsAllocated, pixelRepresentation }: PixelDescription,
): number {
  if (sampleKind !== 'integer' || bitsAllocated > 16) return value
  if (pixelRepresentation === 1) return value > 0x7fff ? value - 0x10000 : value
  return value < 0 ? value + 0x10000 : value
}

/** Whether a stored value is padding, not image. */
export function paddingTest(pixels: PixelDescription): ((stored: number) => boolean) | undefined {
  const limits = paddingLimits(pixels)
  if (limits === undefined) return undefined
  const [least, most] = limits
  return (stored) => stored >= least && stored <= most
}

/** Shown dark where it measures much: MONOCHROME1, or Presentation LUT Shape INVERSE (PS3.3 C.11.6). */
export function isInverted(pixels: PixelDescription): boolean {
  const shape = firstString(pixels.presentation, Tag.PresentationLUTShape)
  if (shape === 'INVERSE') return true
  return shape !== 'IDENTITY' && pixels.photometricInterpretation === 'MONOCHROME1'
}

/** The table of the first VOI LUT the instance names; undefined when there is none, or none that can be used. */
export function voiTable(pixels: PixelDescription): LookupTable | undefined {
  const sequence = items(pixels.presentation, Tag.VOILUTSequence)[0]
  return sequence === undefined ? undefined : lookupTable(sequence, pixels.pixelRepresentation)
}

/**
 * From a stored value to the grey level 0…255 it is shown at: modality transform, VOI (the override, the stored window,
 * the VOI LUT, else what the frame's own values span), inversion. `samples` are the stored values of the frame.
 */
export function grayscaleTransform(
  pixels: PixelDescription,
  samples: ArrayLike<number>,
  override?: VoiWindow,
): (stored: number) => number {
  const modality = modalityTransform(pixels)
  const voi = override === undefined ? ownVoi(pixels, samples, modality) : windowTransform(override)
  const padding = paddingTest(pixels)
  const inverted = isInverted(pixels)
  return (stored) => {
    if (padding?.(stored) === true) return 0
    const level = Math.round(voi(modality(stored)))
    return inverted ? 255 - level : level
  }
}

/** The same for integers of at most 16 bits as a table: index it with `stored - first`. Undefined for other pixels. */
export function grayscaleTable(
  pixels: PixelDescription,
  samples: ArrayLike<number>,
  override?: VoiWindow,
): { readonly first: number; readonly levels: Uint8Array } | undefined {
  if (pixels.sampleKind !== 'integer' || pixels.bitsAllocated > 16) return undefined
  const transform = grayscaleTransform(pixels, samples, override)
  const size = 2 ** pixels.bitsAllocated
  const first = pixels.pixelRepresentation === 1 ? -size / 2 : 0
  return { first, levels: Uint8Array.from({ length: size }, (_, index) => transform(first + index)) }
}

/** As `grayscaleTransform`, by a table where the pixels allow one: fast for a whole frame, wasteful for a few values. */
export function grayscaleLookup(
  pixels: PixelDescription,
  samples: ArrayLike<number>,
  override?: VoiWindow,
): (stored: number) => number {
  const table = grayscaleTable(pixels, samples, override)
  if (table === undefined) return grayscaleTransform(pixels, samples, override)
  return (stored) => table.levels[stored - table.first] ?? 0
}

function ownVoi(
  pixels: PixelDescription,
  samples: ArrayLike<number>,
  modality: (stored: number) => number,
): (value: number) => number {
  const window = storedWindow(pixels.presentation)
  if (window !== undefined) return windowTransform(window)
  const table = voiTable(pixels)
  if (table !== undefined) return (value) => (table.at(value) / table.largest) * 255
  return windowTransform(spanOf(pixels, samples, modality))
}

/** A window from the 0.5th to the 99.5th percentile of what is not padding: a few extreme values must not darken the rest. */
export function spanOf(
  pixels: PixelDescription,
  samples: ArrayLike<number>,
  modality: (stored: number) => number,
): VoiWindow {
  const padding = paddingTest(pixels)
  return spanOfValues(
    samples,
    (stored) => (padding?.(stored) === true ? NaN : modality(stored)),
    pixels.sampleKind === 'integer',
  )
}

/** The same of samples whose value `valueOf` tells: NaN for what does not count. `whole`: they count in whole numbers. */
export function spanOfValues(
  samples: ArrayLike<number>,
  valueOf: (sample: number) => number,
  whole: boolean,
): VoiWindow {
  const step = Math.max(1, Math.floor(samples.length / 65_536))
  const values: number[] = []
  for (let index = 0; index < samples.length; index += step) {
    const value = valueOf(samples[index] ?? 0)
    if (Number.isFinite(value)) values.push(value)
  }
  values.sort((a, b) => a - b)
  const at = (share: number): number => values[Math.floor(share * (values.length - 1))] ?? 0
  let [least, most] = [at(0.005), at(0.995)]
  // A mask or a drawing: nearly all of it is one value.
  if (least === most) [least, most] = [at(0), at(1)]
  const width = Math.max(most - least, whole ? 1 : Number.MIN_VALUE)
  return { center: least + width / 2, width, function: 'LINEAR_EXACT' }
}

const clamp = (level: number): number => (level < 0 ? 0 : level > 255 ? 255 : level)
