import type { PixelDescription } from './pixel-description.ts'
import { numbers } from './dicom-json.ts'
import { lutEntries } from './lookup-table.ts'
import { Tag } from './tag.ts'
import type { DecodedFrame } from './decoded-frame.ts'
import { samplesOf, type Samples } from './frame-samples.ts'

/** RGB, 8 bits a sample, for any frame in colour; undefined when its palette is missing. Source: PS3.3 C.7.6.3.1.2, C.7.9 (palettes). */
export function toRgb(frame: DecodedFrame, pixels: PixelDescription): Uint8Array | undefined {
  const samples = samplesOf(frame, pixels)
  const kind = frame.photometricInterpretation
  if (kind === 'PALETTE COLOR') return fromPalette(samples, pixels)
  const eight = toEightBits(samples, pixels)
  if (kind === 'YBR_FULL_422' && eight.length < pixels.rows * pixels.columns * 3)
    return from422(eight, pixels)
  if (kind.startsWith('YBR_FULL') || kind === 'YBR_PARTIAL_422') return fromYbr(eight)
  return pixels.samplesPerPixel === 4 ? withoutFourth(eight) : eight
}

function toEightBits(samples: Samples, pixels: PixelDescription): Uint8Array {
  if (samples instanceof Uint8Array && pixels.bitsStored === 8) return samples
  const out = new Uint8Array(samples.length)
  const scale = 255 / (2 ** pixels.bitsStored - 1)
  for (let index = 0; index < samples.length; index++) out[index] = Math.round((samples[index] ?? 0) * scale)
  return out
}

/** Two luminances share one pair of chrominances: Y1 Y2 Cb Cr. */
function from422(bytes: Uint8Array, pixels: PixelDescription): Uint8Array {
  const full = new Uint8Array(pixels.rows * pixels.columns * 3)
  for (let from = 0, to = 0; to + 5 < full.length && from + 3 < bytes.length; from += 4, to += 6) {
    const [first = 0, second = 0, blue = 0, red = 0] = bytes.subarray(from, from + 4)
    full.set([first, blue, red, second, blue, red], to)
  }
  return fromYbr(full)
}

function fromYbr(bytes: Uint8Array): Uint8Array {
  const out = new Uint8ClampedArray(bytes.length)
  for (let at = 0; at + 2 < bytes.length; at += 3) {
    const y = bytes[at] ?? 0
    const cb = (bytes[at + 1] ?? 0) - 128
    const cr = (bytes[at + 2] ?? 0) - 128
    out[at] = y + 1.402 * cr
    out[at + 1] = y - 0.344136 * cb - 0.714136 * cr
    out[at + 2] = y + 1.772 * cb
  }
  return new Uint8Array(out.buffer)
}

function withoutFourth(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length / 4) * 3)
  for (let from = 0, to = 0; from < bytes.length; from += 4, to += 3)
    out.set(bytes.subarray(from, from + 3), to)
  return out
}

function fromPalette(samples: Samples, pixels: PixelDescription): Uint8Array | undefined {
  const palettes = [
    [Tag.RedPaletteColorLookupTableDescriptor, Tag.RedPaletteColorLookupTableData, '00281221'],
    [Tag.GreenPaletteColorLookupTableDescriptor, Tag.GreenPaletteColorLookupTableData, '00281222'],
    [Tag.BluePaletteColorLookupTableDescriptor, Tag.BluePaletteColorLookupTableData, '00281223'],
  ].map(([descriptor = '', plain = '', segmented = '']) => paletteOf(pixels, descriptor, plain, segmented))
  const out = new Uint8Array(samples.length * 3)
  for (const [channel, palette] of palettes.entries()) {
    if (palette === undefined) return undefined
    const { entries, first } = palette
    for (let index = 0; index < samples.length; index++) {
      const entry = Math.min(entries.length - 1, Math.max(0, (samples[index] ?? 0) - first))
      out[index * 3 + channel] = entries[entry] ?? 0
    }
  }
  return out
}

function paletteOf(
  pixels: PixelDescription,
  descriptor: string,
  plain: string,
  segmented: string,
): { entries: Uint8Array; first: number } | undefined {
  const [count = 0, first = 0, bits = 16] = numbers(pixels.presentation, descriptor)
  const size = count === 0 ? 65_536 : count
  const words =
    lutEntries(pixels.presentation[plain], size, bits) ??
    expandSegments(lutEntries(pixels.presentation[segmented], Infinity, 16), size)
  if (words === undefined || words.length === 0) return undefined
  // Some writers fill 16-bit entries with 8-bit values: the palette itself shows its depth.
  const deep = bits > 8 && words.some((word) => word > 255)
  return {
    entries: Uint8Array.from(words, (word) => (deep ? word >> 8 : word)),
    first: pixels.pixelRepresentation === 1 && first > 32_767 ? first - 65_536 : first,
  }
}

/** Discrete (0), linear (1) and indirect (2) segments (PS3.3 C.7.9.2). */
function expandSegments(words: number[] | undefined, size: number): number[] | undefined {
  if (words === undefined) return undefined
  const out: number[] = []
  const run = (at: number, segments: number, mayJump: boolean): number => {
    let position = at
    for (let done = 0; done < segments && position + 1 < words.length && out.length < size; done++) {
      const kind = words[position] ?? 0
      const length = words[position + 1] ?? 0
      if (kind === 0) {
        out.push(...words.slice(position + 2, position + 2 + length))
        position += 2 + length
      } else if (kind === 1) {
        const from = out[out.length - 1] ?? 0
        const to = words[position + 2] ?? 0
        for (let step = 1; step <= length; step++) out.push(Math.round(from + ((to - from) * step) / length))
        position += 3
      } else if (kind === 2 && mayJump) {
        const target = ((words[position + 2] ?? 0) + (words[position + 3] ?? 0) * 65_536) / 2
        run(target, length, false)
        position += 4
      } else return position
    }
    return position
  }
  run(0, Infinity, true)
  return out.slice(0, size)
}
