import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import type { RenderOptions } from '../../../core/ports/frame-codec.ts'
import { renderPlaceholder } from '../../../workers/codec/placeholder.ts'
import { renderFrame } from '../../../workers/codec/render.ts'

const gray: PixelDescription = {
  rows: 1,
  columns: 4,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 1,
  numberOfFrames: 1,
  sampleKind: 'integer',
  presentation: {},
}
const colour: PixelDescription = {
  ...gray,
  columns: 2,
  samplesPerPixel: 3,
  photometricInterpretation: 'RGB',
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
}
const window = (center: number, width: number): DicomJson => ({
  '00281050': { vr: 'DS', Value: [center] },
  '00281051': { vr: 'DS', Value: [width] },
})

async function shown(
  bytes: Uint8Array,
  pixels: PixelDescription,
  options: Omit<RenderOptions, 'mediaType'> = {},
): Promise<{ values: number[]; width: number; height: number; channels: number }> {
  const source = { bytes, transferSyntaxUid: '1.2.840.10008.1.2.1', pixels }
  const png = await renderFrame(source, { mediaType: 'image/png', ...options })
  const { channels } = await sharp(png).metadata()
  const image = channels === 1 ? sharp(png).extractChannel(0) : sharp(png)
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  return { values: [...data], width: info.width, height: info.height, channels }
}
const words = (...values: number[]): Uint8Array => new Uint8Array(Int16Array.from(values).buffer)

describe('renderFrame', () => {
  it('shows signed values through the stored window, after the rescale', async () => {
    const presentation = {
      ...window(0, 201),
      '00281052': { vr: 'DS', Value: [-1000] },
      '00281053': { vr: 'DS', Value: [1] },
    }
    const { values, channels } = await shown(words(-500, 900, 1000, 1200), { ...gray, presentation })
    expect(channels).toBe(1)
    expect(values[0]).toBe(0)
    expect(values[1]).toBeLessThan(3)
    expect(Math.abs((values[2] ?? 0) - 128)).toBeLessThan(2)
    expect(values[3]).toBe(255)
  })

  it('prefers the window that is asked for', async () => {
    const asked = { center: 50, width: 100, function: 'LINEAR' as const }
    const presentation = window(5000, 10)
    const { values } = await shown(words(0, 25, 75, 100), { ...gray, presentation }, { window: asked })
    expect(values[0]).toBe(0)
    expect(values[1]).toBeLessThan(values[2] ?? 0)
    expect(values[3]).toBe(255)
  })

  it('shows MONOCHROME1 inverted, and spans the values when there is no window', async () => {
    const pixels = { ...gray, photometricInterpretation: 'MONOCHROME1' }
    expect((await shown(words(0, 0, 100, 100), pixels)).values).toEqual([255, 255, 0, 0])
  })

  it('keeps overlay bits above the stored bits out of the picture', async () => {
    const pixels = { ...gray, bitsStored: 12, highBit: 11, pixelRepresentation: 0 as const }
    const presentation = window(2048, 4096)
    const clean = await shown(words(0, 1000, 2000, 4095), { ...pixels, presentation })
    const overlaid = await shown(words(-4096, 1000 - 4096, 2000, 4095), { ...pixels, presentation })
    expect(overlaid.values).toEqual(clean.values)
  })

  it('shows RGB in either planar configuration alike', async () => {
    const mixed = await shown(Uint8Array.of(255, 0, 0, 0, 0, 255), colour)
    const planes = await shown(Uint8Array.of(255, 0, 0, 0, 0, 255), { ...colour, planarConfiguration: 1 })
    expect(mixed.values).toEqual([255, 0, 0, 0, 0, 255])
    expect(planes.values).toEqual(mixed.values)
  })

  it('turns YBR_FULL and YBR_FULL_422 into RGB', async () => {
    const full = await shown(Uint8Array.of(76, 85, 255, 29, 255, 107), {
      ...colour,
      photometricInterpretation: 'YBR_FULL',
    })
    ;[254, 0, 0, 0, 0, 254].forEach((value, at) =>
      expect(Math.abs((full.values[at] ?? -9) - value)).toBeLessThan(4),
    )
    const half = await shown(Uint8Array.of(76, 76, 85, 255), {
      ...colour,
      photometricInterpretation: 'YBR_FULL_422',
    })
    expect(half.values.slice(0, 3)).toEqual(half.values.slice(3))
    expect(half.values[0]).toBeGreaterThan(250)
  })

  it('looks palette colours up', async () => {
    const descriptor = { vr: 'US', Value: [2, 0, 16] }
    const entries = (...values: number[]) => ({
      vr: 'OW',
      InlineBinary: Buffer.from(Uint16Array.from(values).buffer).toString('base64'),
    })
    const presentation: DicomJson = {
      '00281101': descriptor,
      '00281102': descriptor,
      '00281103': descriptor,
      '00281201': entries(0, 0xffff),
      '00281202': entries(0x8000, 0),
      '00281203': entries(0, 0),
    }
    const pixels = { ...colour, samplesPerPixel: 1, photometricInterpretation: 'PALETTE COLOR', presentation }
    expect((await shown(Uint8Array.of(0, 1), pixels)).values).toEqual([0, 128, 0, 255, 0, 0])
  })

  it('makes pixels square and fits the viewport', async () => {
    const presentation = { '00280030': { vr: 'DS', Value: [2, 1] } }
    const pixels = { ...gray, rows: 10, columns: 10, presentation }
    const bytes = words(...Array.from({ length: 100 }, (_, index) => index))
    expect(await shown(bytes, pixels)).toMatchObject({ width: 10, height: 20 })
    expect(await shown(bytes, pixels, { viewport: { width: 100, height: 100 } })).toMatchObject({
      width: 50,
      height: 100,
    })
  })
})

describe('renderPlaceholder', () => {
  it('draws a square dark card in every encoding', async () => {
    for (const mediaType of ['image/webp', 'image/png', 'image/jpeg'] as const) {
      const card = await renderPlaceholder('report', { size: 256, mediaType })
      expect(await sharp(card).metadata()).toMatchObject({ width: 256, height: 256 })
    }
    const card = await renderPlaceholder('waveform', { size: 64, mediaType: 'image/png' })
    const { data } = await sharp(card).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([...data.subarray(0, 3)]).toEqual([0x13, 0x16, 0x1b])
  })
})
