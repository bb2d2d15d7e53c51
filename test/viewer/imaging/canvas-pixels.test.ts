import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { toRgb } from '../../../core/dicom/frame-colour.ts'
import { samplesOf } from '../../../core/dicom/frame-samples.ts'
import { grayscaleLookup } from '../../../core/dicom/grayscale.ts'
import { decodeFrame } from '../../../workers/codec/decode.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { openPixelPage, rgbOf, type PixelPage, type ServedFrame } from '../../support/pixel-page.ts'
import { allOf, describeWith } from '../../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'
import type { Seen } from './viewport-page.ts'

/** Grey levels of 255 by which a pixel may differ, and the share of the pixels that must keep to it. */
const TOLERANCE = 1
const SHARE = 0.999
/** Larger ones take long to compare, and are drawn by the same code. */
const LARGEST_PIXELS = 1_200_000

/** Their pixels are 4 : 3, so one of them is not one of the screen's. */
const NOT_SQUARE = ['pixels/colour/planar0.dcm', 'pixels/colour/planar1.dcm']
const CT = 'syntaxes/ct-same-image/1.2.840.10008.1.2.1.99_DeflatedExplicitVRLittleEndian.dcm'
const MR = 'syntaxes/wg04/MR4_J2KR.dcm'

/** One of each way in which pixels reach a graphics card. */
const ON_CARD = [
  CT,
  MR,
  'pixels/bits/signed-16.dcm',
  'pixels/bits/parametric_map_float.dcm',
  'pixels/bits/liver_1bit_be.dcm',
  'pixels/bits/rtdose_rle.dcm',
  'pixels/colour/SC_rgb.dcm',
  'pixels/colour/TestPattern_Palette.dcm',
  'pixels/lut/mlut_18.dcm',
  'pixels/lut/vlut_04.dcm',
]

const windowed = (center: number, width: number, voiFunction = 'LINEAR'): DicomJson => ({
  '00281050': { vr: 'DS', Value: [center] },
  '00281051': { vr: 'DS', Value: [width] },
  '00281056': { vr: 'CS', Value: [voiFunction] },
})

/** What a file may say beside its pixels. */
const CHANGES: Readonly<Record<string, DicomJson>> = {
  'a linear window': windowed(100, 700),
  'a window of one value': windowed(100, 1),
  'an exactly linear window': windowed(100, 700, 'LINEAR_EXACT'),
  'a sigmoid': windowed(100, 700, 'SIGMOID'),
  'a rescale that is no whole number': {
    ...windowed(50.5, 300.25),
    '00281052': { vr: 'DS', Value: [-20.25] },
    '00281053': { vr: 'DS', Value: [0.3] },
  },
  'an inverse presentation': { ...windowed(100, 700), '20500020': { vr: 'CS', Value: ['INVERSE'] } },
  'a VOI table': {
    '00281050': { vr: 'DS' },
    '00281051': { vr: 'DS' },
    '00283010': {
      vr: 'SQ',
      Value: [
        {
          '00283002': { vr: 'US', Value: [4, 100, 8] },
          '00283006': { vr: 'US', Value: [20, 90, 130, 255] },
        },
        { '00283002': { vr: 'US', Value: [1, 0, 8] }, '00283006': { vr: 'US', Value: [0] } },
      ],
    },
  },
}

describeWith(allOf(SHARED_DICOM, CHROMIUM), 'what a person sees', () => {
  let pixelPage: PixelPage

  beforeAll(async () => {
    pixelPage = await openPixelPage()
  }, 120_000)
  afterAll(() => pixelPage?.close())

  const openPage = (): Promise<void> => pixelPage.renew()
  const read = (path: string, change: DicomJson = {}): ServedFrame =>
    pixelPage.read(join(sharedDicom() ?? '', path), change)
  const look: PixelPage['look'] = (...how) => pixelPage.look(...how)

  const rows = manifest().filter(
    ({ path, rows, cols, truth_kind }) =>
      /^(pixels|syntaxes)\//.test(path) &&
      !NOT_SQUARE.includes(path) &&
      truth_kind !== '' &&
      Number(rows) * Number(cols) <= LARGEST_PIXELS,
  )

  function faultOf(path: string, seen: Seen, should: Uint8Array): string[] {
    const share = agreeing(rgbOf(seen), should)
    return share >= SHARE ? [] : [`${path}: ${(share * 100).toFixed(2)} % agree (${seen.status})`]
  }

  it('is what the archive renders, for every kind of pixels', { timeout: 300_000 }, async () => {
    await openPage()
    const wrong: string[] = []
    for (const { path } of rows) {
      const stored = read(path)
      wrong.push(...faultOf(path, await look('canvas', [stored]), await renderedThere(stored)))
    }
    expect(rows.length).toBeGreaterThan(90)
    expect(wrong).toEqual([])
  })

  it.each(Object.entries(CHANGES))(
    'is what the archive renders, with %s',
    { timeout: 60_000 },
    async (name, change) => {
      await openPage()
      for (const path of [CT, MR]) {
        const stored = read(path, change)
        const should = await renderedThere(stored)
        expect(new Set(should).size, 'a picture, not a plain').toBeGreaterThan(1)
        expect(faultOf(`${path}, ${name}`, await look('canvas', [stored]), should)).toEqual([])
      }
    },
  )

  it('keeps padding black though a person turns black and white over', { timeout: 60_000 }, async () => {
    await openPage()
    const { stored, padding } = await padded()
    const seen = rgbOf(await look('canvas', [stored], 0, { invert: true }))
    const turned = Uint8Array.from(await renderedThere(stored), (level, index) =>
      padding(Math.floor(index / 3)) ? 0 : 255 - level,
    )
    expect(agreeing(seen, turned)).toBeGreaterThanOrEqual(SHARE)
  })

  it('does not count padding where a window follows from the values', { timeout: 60_000 }, async () => {
    await openPage()
    const { stored } = await padded()
    const { window } = await look('canvas', [stored], 0, { window: 'auto' })
    const { window: counted } = await look('canvas', [read(CT)], 0, { window: 'auto' })
    expect(window?.width).toBeLessThan((counted?.width ?? 0) / 2)
  })

  it('is the same on a graphics card', { timeout: 300_000 }, async () => {
    await openPage()
    const wrong: string[] = []
    for (const path of ON_CARD) {
      const stored = read(path)
      wrong.push(...faultOf(path, await look('card', [stored]), await renderedThere(stored)))
    }
    for (const [name, change] of Object.entries(CHANGES)) {
      const stored = read(CT, change)
      wrong.push(...faultOf(name, await look('card', [stored]), await renderedThere(stored)))
    }
    const { stored } = await padded()
    wrong.push(...faultOf('padding', await look('card', [stored]), await renderedThere(stored)))
    expect(wrong).toEqual([])
  })

  it('says what a person chose apart from what the file asks for', { timeout: 60_000 }, async () => {
    await openPage()
    const stored = read(CT, { ...windowed(100, 700), '20500020': { vr: 'CS', Value: ['INVERSE'] } })
    expect((await look('canvas', [stored])).choice).toEqual({ turnedOver: false })
    const window = { center: 50, width: 100 }
    expect((await look('canvas', [stored], 0, { invert: true, window })).choice).toEqual({
      turnedOver: true,
      window: { ...window, function: 'LINEAR' },
    })
  })

  it('has the window of each slice, until a person chooses one', { timeout: 60_000 }, async () => {
    await openPage()
    const stack = [
      read(CT, windowed(0, 300)),
      read(CT, { ...windowed(200, 900), '00200013': { vr: 'IS', Value: [2] } }),
    ]
    const second = await look('canvas', stack, 1)
    expect(second.window).toMatchObject({ center: 200, width: 900 })
    expect(agreeing(rgbOf(second), await renderedThere(stack[1] as ServedFrame))).toBeGreaterThanOrEqual(
      SHARE,
    )
    const chosen = await look('canvas', stack, 1, { window: { center: 50, width: 100 } })
    const should = await renderedThere({ ...(stack[1] as ServedFrame), ...read(CT, windowed(50, 100)) })
    expect(chosen.window).toMatchObject({ center: 50, width: 100 })
    expect(agreeing(rgbOf(chosen), should)).toBeGreaterThanOrEqual(SHARE)
  })

  /** The slice with a third of what it holds declared to be padding. */
  async function padded(): Promise<{ stored: ServedFrame; padding: (index: number) => boolean }> {
    const plain = read(CT)
    const samples = samplesOf(await decodeFrame(plain), plain.pixels)
    const sorted = [...samples].sort((a, b) => a - b)
    const [from = 0, to = 0] = [sorted[0], sorted[Math.floor(sorted.length / 3)]]
    const stored = read(CT, {
      '00280120': { vr: 'SS', Value: [from] },
      '00280121': { vr: 'SS', Value: [to] },
    })
    return { stored, padding: (index) => (samples[index] ?? 0) >= from && (samples[index] ?? 0) <= to }
  }
})

/** The share of the samples that are within the tolerance; 0 for pictures of different size. */
function agreeing(is: ArrayLike<number>, should: ArrayLike<number>): number {
  if (is.length !== should.length) return 0
  let within = 0
  for (let index = 0; index < is.length; index++)
    if (Math.abs((is[index] ?? NaN) - (should[index] ?? NaN)) <= TOLERANCE) within++
  return within / is.length
}

/** By the code of the archive, as RGB. */
async function renderedThere({ pixels, ...frame }: ServedFrame): Promise<Uint8Array> {
  const decoded = await decodeFrame({ ...frame, pixels })
  if (pixels.samplesPerPixel > 1 || decoded.photometricInterpretation === 'PALETTE COLOR')
    return toRgb(decoded, pixels) ?? new Uint8Array()
  const samples = samplesOf(decoded, pixels)
  const levelOf = grayscaleLookup(pixels, samples)
  const out = new Uint8Array(pixels.rows * pixels.columns * 3)
  for (let index = 0; index < out.length; index++) out[index] = levelOf(samples[Math.floor(index / 3)] ?? 0)
  return out
}
