import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const SIDE = 128
/** A bright square in the middle of the image: columns and rows from and up to. */
const [FROM, TO] = [44, 84] as const
/** Millimetres. */
const SPACING = 0.5
const LENGTH = (TO - FROM) * SPACING

function square(study: string): Buffer {
  const values = Int16Array.from({ length: SIDE * SIDE }, (_, at) =>
    [at % SIDE, Math.floor(at / SIDE)].every((place) => place >= FROM && place < TO) ? 300 : 0,
  )
  return dicom()
    .ct({ rows: SIDE, columns: SIDE })
    .pixels(new Uint8Array(values.buffer))
    .uids({ study })
    .set('PixelSpacing', 'DS', [SPACING, SPACING])
    .set('RescaleSlope', 'DS', [1])
    .set('RescaleIntercept', 'DS', [0])
    .set('WindowCenter', 'DS', [150])
    .set('WindowWidth', 'DS', [100])
    .build()
}

describeWith(CHROMIUM, 'marks on dense screens', () => {
  let service: RunningService

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
  }, 300_000)
  afterAll(() => service?.stop())

  describe.each([
    { webgl: false, density: 2 },
    { webgl: false, density: 1.5 },
    { webgl: true, density: 2 },
  ])('of $density pixels to one of the page, by WebGL: $webgl', ({ webgl, density }) => {
    let browser: Browser
    let page: Page
    const faults: string[] = []
    const study = newUid()
    const line = () => page.locator('[data-pane="0"] svg line[data-id]')

    beforeAll(async () => {
      const sent = await service.fetch('/dicom-web/studies', {
        method: 'POST',
        ...multipart([square(study)]),
      })
      expect(sent.status).toBe(200)
      browser = await openBrowser({ webgl })
      page = await signedInPage(browser, service, faults, {
        webgl,
        device: { viewport: { width: 900, height: 700 }, deviceScaleFactor: density },
      })
    }, 240_000)
    afterAll(() => browser?.close())

    const open = async (): Promise<void> => {
      await page.goto(`${service.url}/studies/${study}`)
      await page.waitForSelector('section[data-status=ready]')
    }

    /** Where the square is on the screen, in CSS pixels: by the screen's own pixels. */
    async function seen(): Promise<{ left: number; right: number; middle: number; bottom: number }> {
      const box = await page.locator('[data-pane="0"]').boundingBox()
      const { x = 0, y = 0, width = 0, height = 0 } = box ?? {}
      // Without the texts at the corners, and the patient's directions.
      const clip = { x: x + width * 0.25, y: y + height * 0.25, width: width / 2, height: height / 2 }
      const { data, info } = await sharp(await page.screenshot({ clip }))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
      const isBright = (column: number, row: number): boolean =>
        (data[(row * info.width + column) * info.channels + 2] ?? 0) > 127
      const columns = Array.from({ length: info.width }, (_, column) => column)
      const rows = Array.from({ length: info.height }, (_, row) => row)
      const across = columns.filter((column) => isBright(column, info.height >> 1))
      const down = rows.filter((row) => isBright(info.width >> 1, row))
      const at = (index: number | undefined, start: number): number => start + (index ?? NaN) / density
      return {
        left: at(across[0], clip.x),
        right: at((across.at(-1) ?? NaN) + 1, clip.x),
        middle: at(info.height >> 1, clip.y),
        bottom: at((down.at(-1) ?? NaN) + 1, clip.y),
      }
    }

    /** The same once it lies still: a pane may change its size after its image is there. */
    async function settled(): Promise<Awaited<ReturnType<typeof seen>>> {
      let last = await seen()
      await expect
        .poll(
          async () => {
            const before = last
            last = await seen()
            return last.right - last.left > 100 && JSON.stringify(last) === JSON.stringify(before)
          },
          { interval: 400 },
        )
        .toBe(true)
      return last
    }

    /** Ends of the line that was drawn, in CSS pixels. */
    const ends = async (): Promise<{ left: number; right: number; middle: number }> => {
      const { x = NaN, y = NaN, width = NaN, height = NaN } = (await line().first().boundingBox()) ?? {}
      return { left: x, right: x + width, middle: y + height / 2 }
    }

    it('lie where they are drawn, and measure what lies there', { timeout: 120_000 }, async () => {
      await open()
      const { left, right, middle, bottom } = await settled()
      expect(Math.abs(right - left - 2 * (bottom - middle))).toBeLessThan(2)
      // Beside the row by which the square is seen.
      const height = middle + 20
      await page.keyboard.press('KeyD')
      await page.mouse.move(left, height)
      await page.mouse.down()
      await page.mouse.move(right, height, { steps: 6 })
      await page.mouse.up()
      const text = page.locator('[data-pane="0"] svg text').filter({ hasText: / mm/ }).first()
      // What is drawn follows the hand a frame later. Half a pixel of the image at either end.
      await expect
        .poll(async () => {
          const measured = Number(/([\d.]+) mm/.exec((await text.textContent()) ?? '')?.[1])
          return Math.abs(measured - LENGTH)
        })
        .toBeLessThan(SPACING)
      await expect
        .poll(async () => {
          const drawn = await ends()
          return Math.max(
            Math.abs(drawn.left - left),
            Math.abs(drawn.right - right),
            Math.abs(drawn.middle - height),
          )
        })
        .toBeLessThan(2)
    })

    it('are there again, in the same place, also in a narrower window', { timeout: 120_000 }, async () => {
      const kept = async (): Promise<number> =>
        page.evaluate(async (path) => {
          const draft = (await (await fetch(path)).json()) as { marks: unknown[] }
          return draft.marks.length
        }, `/api/studies/${study}/draft`)
      await expect.poll(kept).toBe(1)
      for (const width of [900, 760]) {
        await page.setViewportSize({ width, height: 700 })
        await open()
        await line().first().waitFor({ state: 'attached' })
        await expect
          .poll(async () => {
            const [drawn, own] = [await ends(), await seen()]
            return Math.max(Math.abs(drawn.left - own.left), Math.abs(drawn.right - own.right))
          })
          .toBeLessThan(2)
      }
      expect(faults).toEqual([])
    })
  })
})
