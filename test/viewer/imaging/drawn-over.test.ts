import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { packBits } from '../../../core/dicom/pack-bits.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../../../core/dicom/transfer-syntax.ts'
import type { Drawing } from '../../../viewer/imaging/start-imaging.ts'
import type { ViewportState } from '../../../viewer/imaging/viewport.ts'
import { servePageOf, type Answer, type ScriptPage } from '../../support/browser-script.ts'
import { CHROMIUM, openBrowser } from '../../support/chromium.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { describeWith } from '../../support/require.ts'
import type { HandName } from './viewport-page.ts'

declare const hold: (
  drawing: Drawing,
  frames: readonly { url: string; metadata: DicomJson }[],
  size: { width: number; height: number },
) => Promise<void>
declare const handle: (name: HandName) => Promise<ViewportState | undefined>

const ROWS = 60
const COLUMNS = 80
const GREY = 128

/** An image of one grey. */
const plain = (): ReturnType<typeof dicom> =>
  dicom()
    .ct({ rows: ROWS, columns: COLUMNS })
    .set('BitsAllocated', 'US', [8])
    .set('BitsStored', 'US', [8])
    .set('HighBit', 'US', [7])
    .set('PixelRepresentation', 'US', [0])
    .set('WindowCenter', 'DS', [128])
    .set('WindowWidth', 'DS', [256])

/** An L: its ends tell every turn and every mirror apart. */
const isOnL = (row: number, column: number): boolean =>
  (column < 3 && row < 20) || (row >= 17 && row < 20 && column < 10)
const L_ROWS = 20
const L_COLUMNS = 10
const L = packBits(
  Uint8Array.from({ length: L_ROWS * L_COLUMNS }, (_, index) =>
    Number(isOnL(Math.floor(index / L_COLUMNS), index % L_COLUMNS)),
  ),
)

const overlay = (
  group: string,
  [row, column]: [number, number],
  data: { InlineBinary: string } | { BulkDataURI: string },
): DicomJson => ({
  [`${group}0010`]: { vr: 'US', Value: [L_ROWS] },
  [`${group}0011`]: { vr: 'US', Value: [L_COLUMNS] },
  [`${group}0040`]: { vr: 'CS', Value: ['G'] },
  [`${group}0050`]: { vr: 'SS', Value: [row, column] },
  [`${group}3000`]: { vr: 'OW', ...data },
})

for (const drawing of ['canvas', 'card'] as const)
  describeWith(CHROMIUM, `what is on the screen, drawn by ${drawing}`, () => {
    const answers = new Map<string, Answer>()
    let served: ScriptPage
    let browser: Browser
    let page: Page

    beforeAll(async () => {
      served = await servePageOf(join(import.meta.dirname, 'viewport-page.ts'), (path) =>
        Promise.resolve(answers.get(path)),
      )
      browser = await openBrowser({ webgl: drawing === 'card' })
    }, 120_000)
    beforeEach(async () => {
      page = await browser.newPage({ viewport: { width: 400, height: 400 } })
      await page.goto(served.url)
      await page.waitForFunction(() => 'hold' in globalThis)
    })
    afterAll(async () => {
      await browser?.close()
      await served?.close()
    })

    const frame = (metadata: DicomJson, body: Uint8Array = new Uint8Array(ROWS * COLUMNS).fill(GREY)) => {
      const url = `/s/instances/${answers.size}/frames/1`
      answers.set(url, {
        type: `application/octet-stream;transfer-syntax=${EXPLICIT_VR_LITTLE_ENDIAN}`,
        body,
      })
      return { url, metadata: { ...metadata, '7FE00010': { vr: 'OW', BulkDataURI: '' } } }
    }
    const show = (metadata: readonly DicomJson[], size: { width: number; height: number }): Promise<void> =>
      page.evaluate(([how, frames, to]) => hold(how, frames, to), [
        drawing,
        metadata.map((each) => frame(each)),
        size,
      ] as const)
    const does = (name: HandName): Promise<ViewportState | undefined> =>
      page.evaluate((hand) => handle(hand), name)

    /** The screen's pixels, RGBA. */
    async function screen(width: number, height: number): Promise<Uint8Array> {
      const png = (await page.screenshot({ clip: { x: 0, y: 0, width, height } })).toString('base64')
      const pixels = await page.evaluate(async (data) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob())
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
        context?.drawImage(bitmap, 0, 0)
        return [...(context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [])]
      }, png)
      return Uint8Array.from(pixels)
    }
    /** Where the screen has a colour, as `row,column`. */
    async function coloured(width: number, height: number): Promise<string[]> {
      const pixels = await screen(width, height)
      return Array.from({ length: width * height }, (_, index) => index)
        .filter((index) => pixels[index * 4] !== pixels[index * 4 + 2])
        .map((index) => `${Math.floor(index / width)},${index % width}`)
    }
    /** Where the L is, with its first pixel there, turned to the right or not. */
    const placesOfL = (top: number, left: number, place = (row: number, column: number) => [row, column]) =>
      Array.from({ length: ROWS * COLUMNS }, (_, index) => [Math.floor(index / COLUMNS), index % COLUMNS])
        .filter(([row = 0, column = 0]) => {
          const [y, x] = [row - top, column - left]
          return x >= 0 && y >= 0 && x < L_COLUMNS && y < L_ROWS && isOnL(y, x)
        })
        .map(([row = 0, column = 0]) => place(row, column).join(','))
        .sort()

    it(
      'has the overlay planes of a file where they belong, cut at the image',
      { timeout: 60_000 },
      async () => {
        answers.set('/bulk/1', { type: 'application/octet-stream', body: L })
        const metadata = {
          ...plain().json(),
          ...overlay('6000', [11, 31], { InlineBinary: Buffer.from(L).toString('base64') }),
          ...overlay('6002', [-9, 71], { BulkDataURI: '/bulk/1' }),
        }
        await show([metadata], { width: COLUMNS, height: ROWS })
        await expect.poll(async () => (await does('rest'))?.overlays).toBe('shown')
        const should = [...placesOfL(10, 30), ...placesOfL(-10, 70)].sort()
        expect((await coloured(COLUMNS, ROWS)).sort()).toEqual(should)
      },
    )

    it(
      'turns overlays with the image, hides them, and shows none on the next',
      { timeout: 60_000 },
      async () => {
        const inline = { InlineBinary: Buffer.from(L).toString('base64') }
        await show([{ ...plain().json(), ...overlay('6000', [11, 31], inline) }, plain().json()], {
          width: COLUMNS,
          height: COLUMNS,
        })
        await does('rotate')
        // A quarter to the right, the image in the middle of a square pane.
        const aside = (COLUMNS - ROWS) / 2
        const turned = (row: number, column: number): number[] => [column, aside + ROWS - 1 - row]
        expect((await coloured(COLUMNS, COLUMNS)).sort()).toEqual(placesOfL(10, 30, turned))
        expect((await does('hide'))?.overlays).toBe('hidden')
        expect(await coloured(COLUMNS, COLUMNS)).toEqual([])
        await does('next')
        await expect.poll(async () => (await does('rest'))?.overlays).toBe('none')
        expect(await coloured(COLUMNS, COLUMNS)).toEqual([])
      },
    )

    it('has overlays from the bits that samples do not use', { timeout: 60_000 }, async () => {
      const metadata = {
        ...plain()
          .set('BitsAllocated', 'US', [16])
          .set('BitsStored', 'US', [12])
          .set('HighBit', 'US', [11])
          .json(),
        '60040100': { vr: 'US', Value: [16] },
        '60040102': { vr: 'US', Value: [14] },
      }
      const samples = Uint16Array.from({ length: ROWS * COLUMNS }, (_, index) => {
        const [row, column] = [Math.floor(index / COLUMNS) - 10, (index % COLUMNS) - 30]
        const isDrawn = row >= 0 && row < L_ROWS && column >= 0 && column < L_COLUMNS && isOnL(row, column)
        return GREY | (isDrawn ? 1 << 14 : 0)
      })
      const stored = frame(metadata, new Uint8Array(samples.buffer))
      await page.evaluate(([how, frames, to]) => hold(how, frames, to), [
        drawing,
        [stored],
        { width: COLUMNS, height: ROWS },
      ] as const)
      expect((await does('rest'))?.overlays).toBe('shown')
      expect((await coloured(COLUMNS, ROWS)).sort()).toEqual(placesOfL(10, 30))
    })

    it('loses no thin line of an overlay where the image is small', { timeout: 60_000 }, async () => {
      const lines = packBits(
        Uint8Array.from({ length: ROWS * COLUMNS }, (_, index) => Number(index % COLUMNS === 31)),
      )
      const inline = { InlineBinary: Buffer.from(lines).toString('base64') }
      const size = {
        '60000010': { vr: 'US', Value: [ROWS] },
        '60000011': { vr: 'US', Value: [COLUMNS] },
      }
      await show([{ ...plain().json(), ...overlay('6000', [1, 1], inline), ...size }], {
        width: COLUMNS,
        height: ROWS,
      })
      await does('half')
      // The image is in the middle: a quarter of the pane on each side.
      const column = COLUMNS / 4 + 15
      const rows = Array.from({ length: ROWS / 2 }, (_, row) => `${ROWS / 4 + row},${column}`)
      expect((await coloured(COLUMNS, ROWS)).sort()).toEqual(rows.sort())
    })

    it('says when an overlay cannot be had, and shows the image', { timeout: 60_000 }, async () => {
      const metadata = { ...plain().json(), ...overlay('6000', [1, 1], { BulkDataURI: '/bulk/gone' }) }
      await show([metadata], { width: COLUMNS, height: ROWS })
      await expect.poll(async () => (await does('rest'))?.overlays).toBe('missing')
      expect((await does('rest'))?.status).toBe('ready')
    })

    it('covers what the shutter of a file does, until it is lifted', { timeout: 60_000 }, async () => {
      const us = (value: number) => ({ vr: 'IS', Value: [value] })
      const metadata: DicomJson = {
        ...plain().json(),
        '00181600': { vr: 'CS', Value: ['RECTANGULAR', 'CIRCULAR'] },
        '00181602': us(11),
        '00181604': us(70),
        '00181606': us(6),
        '00181608': us(50),
        '00181610': { vr: 'IS', Value: [30, 40] },
        '00181612': us(25),
      }
      /** Of pixels that the edge of the circle does not cross. */
      const wrong = async (isOpen: (row: number, column: number) => boolean): Promise<string[]> => {
        const pixels = await screen(COLUMNS, ROWS)
        return Array.from({ length: ROWS * COLUMNS }, (_, index) => [
          Math.floor(index / COLUMNS),
          index % COLUMNS,
        ])
          .filter(([row = 0, column = 0]) => Math.abs(Math.hypot(row - 29, column - 39) - 25) > 1)
          .filter(([row = 0, column = 0]) => {
            const level = pixels[(row * COLUMNS + column) * 4] ?? 0
            return isOpen(row, column) ? Math.abs(level - GREY) > 1 : level !== 0
          })
          .map((place) => place.join(','))
      }
      await show([metadata, plain().json()], { width: COLUMNS, height: ROWS })
      expect((await does('rest'))?.shutter).toBe('shut')
      expect(
        await wrong(
          (row, column) =>
            column >= 10 && column < 70 && row >= 5 && row < 50 && Math.hypot(row - 29, column - 39) < 25,
        ),
      ).toEqual([])
      expect((await does('lift'))?.shutter).toBe('lifted')
      expect(await wrong(() => true)).toEqual([])
      await does('next')
      await expect.poll(async () => (await does('rest'))?.shutter).toBe('none')
    })

    it.each([
      ['rows twice as far apart as columns', 'PixelSpacing', 'DS', [2, 1], 2],
      ['columns twice as far apart as rows', 'PixelSpacing', 'DS', [1, 2], 0.5],
      ['at the detector', 'ImagerPixelSpacing', 'DS', [0.3, 0.2], 1.5],
      ['by the shape alone', 'PixelAspectRatio', 'IS', [4, 3], 4 / 3],
    ] as const)('is as high as it should be: %s', { timeout: 60_000 }, async (_, name, vr, values, ratio) => {
      const [width, height] = [COLUMNS + 40, 200]
      await show(
        [
          plain()
            .set(name, vr, [...values])
            .json(),
        ],
        { width, height },
      )
      await does('rest')
      const pixels = await screen(width, height)
      const lit = (row: number, column: number): boolean =>
        (pixels[(row * width + column) * 4] ?? 0) > GREY / 2
      const across = Array.from({ length: width }, (_each, column) => lit(height / 2, column)).filter(Boolean)
      const down = Array.from({ length: height }, (_each, row) => lit(row, width / 2)).filter(Boolean)
      expect(Math.abs(across.length - COLUMNS)).toBeLessThanOrEqual(1)
      expect(Math.abs(down.length - ROWS * ratio)).toBeLessThanOrEqual(1)
    })
  })
