import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DicomJsonElement } from '../../../../core/dicom/dicom-json.ts'
import type { PixelDescription } from '../../../../core/dicom/pixel-description.ts'
import { servePageOf, type ScriptPage } from '../../../support/browser-script.ts'
import { CHROMIUM, openBrowser } from '../../../support/chromium.ts'
import { iccProfile, SRGB_COLORANTS } from '../../../support/icc-profile.ts'
import { describeWith } from '../../../support/require.ts'
import type { Colours } from './colour-page.ts'

declare const colours: (path: string, pixels: PixelDescription) => Promise<Colours>

const { red, green, blue } = SRGB_COLORANTS
const LINEAR = iccProfile({ colorants: [red, green, blue], gamma: 1 })
/** A device whose first sample is blue and whose third is red. */
const TURNED = iccProfile({ colorants: [blue, green, red], gamma: 1.8 })

/** Greys, primaries and mixtures, side by side. */
const STORED = Uint8Array.from([
  ...[0, 1, 5, 20, 64, 128, 200, 254, 255].flatMap((grey) => [grey, grey, grey]),
  ...[255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 100, 50, 10, 180, 90, 33, 66, 240, 120, 7, 99],
])

const described = (element: DicomJsonElement | undefined): PixelDescription => ({
  rows: 1,
  columns: STORED.length / 3,
  samplesPerPixel: 3,
  photometricInterpretation: 'RGB',
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  numberOfFrames: 1,
  sampleKind: 'integer',
  presentation: element === undefined ? {} : { '00282000': element },
})

/** 8 bits of sRGB for linear light from 0 to 1. Source: IEC 61966-2-1. */
const encoded = (light: number): number =>
  255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055)

describeWith(CHROMIUM, 'colours with an ICC profile', () => {
  let served: ScriptPage
  let browser: Browser
  let page: Page
  let asked = 0

  beforeAll(async () => {
    served = await servePageOf(join(import.meta.dirname, 'colour-page.ts'), (path) => {
      const type = 'application/octet-stream'
      if (path === '/frame')
        return Promise.resolve({ type: `${type};transfer-syntax=1.2.840.10008.1.2.1`, body: STORED })
      if (path !== '/profile') return Promise.resolve(undefined)
      asked += 1
      return Promise.resolve({ type, body: TURNED })
    })
    browser = await openBrowser()
    page = await browser.newPage()
    await page.goto(served.url)
    await page.waitForFunction(() => 'colours' in globalThis)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  const shown = (element?: DicomJsonElement): Promise<Colours> =>
    page.evaluate((pixels) => colours('/frame', pixels), described(element))
  const inline = (profile: Uint8Array): DicomJsonElement => ({
    vr: 'OB',
    InlineBinary: Buffer.from(profile).toString('base64'),
  })
  const farthest = (got: readonly number[], wanted: (at: number) => number): number =>
    Math.max(...got.map((value, at) => Math.abs(value - wanted(at))))

  it('are those of the screen', async () => {
    const { profile, rgb } = await shown(inline(LINEAR))
    expect(profile).toBe('applied')
    expect(farthest(rgb, (at) => encoded((STORED[at] ?? 0) / 255))).toBeLessThan(1.01)
    // It is no small thing.
    expect(farthest(rgb, (at) => STORED[at] ?? 0)).toBeGreaterThan(50)
  })

  it('are by a profile that is fetched, once', async () => {
    for (let time = 0; time < 2; time++) {
      const { profile, rgb } = await shown({ vr: 'OB', BulkDataURI: '/profile' })
      expect(profile).toBe('applied')
      const turned = (at: number): number => STORED[at - (at % 3) + (2 - (at % 3))] ?? 0
      expect(farthest(rgb, (at) => encoded((turned(at) / 255) ** 1.80078125))).toBeLessThan(1.01)
    }
    expect(asked).toBe(1)
  })

  it('are as stored without one, and where it is of no use, which is said', async () => {
    const asStored = [...STORED]
    expect(await shown()).toEqual({ profile: 'none', rgb: asStored })
    expect(await shown(inline(new Uint8Array(300)))).toEqual({ profile: 'refused', rgb: asStored })
    expect(await shown(inline(LINEAR.subarray(0, 200)))).toEqual({ profile: 'refused', rgb: asStored })
    expect(await shown({ vr: 'OB', BulkDataURI: '/nowhere' })).toEqual({ profile: 'missing', rgb: asStored })
    // What was no profile spoils none that is.
    expect((await shown(inline(LINEAR))).profile).toBe('applied')
  })
})
