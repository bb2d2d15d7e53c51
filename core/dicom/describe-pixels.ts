import { firstNumber, firstString, type DicomJson } from './dicom-json.ts'
import type { PixelDescription } from './pixel-description.ts'
import { Tag } from './tag.ts'

export type PixelLayout = Omit<PixelDescription, 'presentation'>

const WORDS = new Set([1, 8, 16, 32, 64])

/** How the samples are laid out (PS3.3 C.7.6.3), or undefined when the attributes do not say it or say nonsense. */
export function describePixels(header: DicomJson, pixelTag: string): PixelLayout | undefined {
  const rows = firstNumber(header, Tag.Rows) ?? 0
  const columns = firstNumber(header, Tag.Columns) ?? 0
  const sampleKind =
    pixelTag === Tag.FloatPixelData ? 'float' : pixelTag === Tag.DoubleFloatPixelData ? 'double' : 'integer'
  const bitsAllocated =
    sampleKind === 'double' ? 64 : sampleKind === 'float' ? 32 : (firstNumber(header, Tag.BitsAllocated) ?? 0)
  if (rows < 1 || columns < 1 || !WORDS.has(bitsAllocated)) return undefined
  const bitsStored = within(firstNumber(header, Tag.BitsStored), 1, bitsAllocated) ?? bitsAllocated
  const samplesPerPixel = within(firstNumber(header, Tag.SamplesPerPixel), 1, 4) ?? 1
  return {
    rows,
    columns,
    samplesPerPixel,
    photometricInterpretation:
      firstString(header, Tag.PhotometricInterpretation) ?? (samplesPerPixel >= 3 ? 'RGB' : 'MONOCHROME2'),
    planarConfiguration: firstNumber(header, Tag.PlanarConfiguration) === 1 ? 1 : 0,
    bitsAllocated,
    bitsStored,
    highBit: within(firstNumber(header, Tag.HighBit), bitsStored - 1, bitsAllocated - 1) ?? bitsStored - 1,
    pixelRepresentation: firstNumber(header, Tag.PixelRepresentation) === 1 ? 1 : 0,
    numberOfFrames: Math.max(1, Math.floor(firstNumber(header, Tag.NumberOfFrames) ?? 1)),
    sampleKind,
  }
}

/** Bits of one native frame (PS3.5 8.1.1, 8.2; YBR_FULL_422 has two samples a pixel, PS3.3 C.7.6.3.1.2). */
export function bitsPerFrame(pixels: PixelLayout): number {
  const subsampled = pixels.samplesPerPixel === 3 && /_42[02]$/.test(pixels.photometricInterpretation)
  const samples = subsampled
    ? pixels.photometricInterpretation.endsWith('420')
      ? 1.5
      : 2
    : pixels.samplesPerPixel
  return pixels.rows * pixels.columns * samples * pixels.bitsAllocated
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined
}
