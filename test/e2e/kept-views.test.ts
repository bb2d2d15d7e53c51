import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()
const SLICES = 5

const slices = (): Buffer[] => {
  const series = newUid()
  return Array.from({ length: SLICES }, (_, index) =>
    dicom()
      .ct({ rows: 128, columns: 160 })
      .uids({ study: STUDY, series, instance: newUid() })
      .set('SeriesNumber', 'IS', [1])
      .set('SeriesDescription', 'LO', ['axial'])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('ImagePositionPatient', 'DS', [0, 0, index * 2])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [1, 1])
      .build(),
  )
}

describeWith(CHROMIUM, 'arrows and kept views, drawn on canvases', () => keptViews({ webgl: false }))
describeWith(CHROMIUM, 'arrows and kept views, drawn by WebGL', () => keptViews({ webgl: true }))

function keptViews({ webgl }: { webgl: boolean }): void {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = () => page.locator('[data-pane="0"]')
  const says = (text: string | RegExp) => pane().getByText(text).first().waitFor()
  const field = () => page.getByLabel('Text at the arrow')
  const isAsked = () =>
    expect.poll(() => field().evaluate((element) => element === document.activeElement)).toBe(true)
  const drag = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
    const { x = 0, y = 0 } = (await pane().boundingBox()) ?? {}
    await page.mouse.move(x + from[0], y + from[1])
    await page.mouse.down()
    await page.mouse.move(x + to[0], y + to[1], { steps: 5 })
    await page.mouse.up()
  }
  const open = async (): Promise<void> => {
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
  }
  /** What stands in the corner: how large, and by which window. */
  const look = async (): Promise<{ zoom: number; window: string | undefined }> => {
    const text = await pane().innerText()
    return {
      zoom: Number(/(\d+) %/.exec(text)?.[1]),
      window: /W [\d.]+\s+C -?[\d.]+/.exec(text)?.[0],
    }
  }
  const letters = async (): Promise<string> => {
    const all = await pane().locator('section [aria-hidden]').allTextContents()
    return all.filter((text) => /^[LRAPHF]{1,2}$/.test(text)).join(' ')
  }

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(slices()) })
    expect(sent.status).toBe(200)
    browser = await openBrowser({ webgl })
    page = await signedInPage(browser, service, faults, { webgl })
    await open()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('asks for the text where the arrow ends, and draws it there', { timeout: 60_000 }, async () => {
    await says(`3 / ${SLICES}`)
    await page.keyboard.press('Shift+KeyN')
    await drag([500, 300], [620, 240])
    await isAsked()
    await page.keyboard.type('结节 v1')
    await page.keyboard.press('Enter')
    await field().waitFor({ state: 'detached' })
    await says('结节 v1')
    // Its keys were letters of the text, not commands.
    await says(`3 / ${SLICES}`)
  })

  it('keeps an arrow without a text, and lets it be written by keys', { timeout: 60_000 }, async () => {
    await drag([300, 500], [360, 560])
    await isAsked()
    await page.keyboard.press('Escape')
    await field().waitFor({ state: 'detached' })
    await page.keyboard.press('KeyM')
    await expect.poll(() => page.locator('aside li').count()).toBe(2)
    await page.keyboard.press('Control+KeyZ')
    await expect.poll(() => page.locator('aside li').count()).toBe(1)
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.press('Enter')
    for (let time = 0; time < 3; time++) await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Enter')
    await field().fill('by keys')
    await page.keyboard.press('Enter')
    await says('by keys')
    await page.keyboard.press('Escape')
    await page.getByText('Saved as your draft').waitFor()
  })

  it('moves with a hand, and is there after a reload', { timeout: 60_000 }, async () => {
    await open()
    await says('结节 v1')
    await says('by keys')
  })

  it('turns and flips as one sees it, in any order', { timeout: 60_000 }, async () => {
    await expect.poll(letters).toBe('A L P R')
    for (const [key, lying] of [
      ['KeyR', 'R A L P'],
      ['KeyH', 'R P L A'],
      ['KeyV', 'L P R A'],
      ['KeyR', 'A L P R'],
      ['KeyH', 'A R P L'],
      ['KeyR', 'L A R P'],
    ] as const) {
      await page.keyboard.press(key)
      await expect.poll(letters).toBe(lying)
    }
    await open()
  })

  it(
    'is in the presentation state that a key keeps, with window, turn and area',
    { timeout: 60_000 },
    async () => {
      // Of an image that is drawn: it was opened just now.
      await expect.poll(async () => (await look()).zoom).toBeGreaterThan(0)
      const fitted = await look()
      for (const key of ['Digit3', 'KeyR', 'KeyH', 'Shift+Equal', 'Shift+Equal', 'Shift+Equal'])
        await page.keyboard.press(key)
      await expect.poll(async () => (await look()).zoom).toBeGreaterThan(fitted.zoom * 1.7)
      await expect.poll(async () => (await look()).window).not.toBe(fitted.window)
      const [before, lying] = [await look(), await letters()]
      await page.keyboard.press('Shift+KeyV')
      await page.getByText('2 marks drawn on it').waitFor()
      await page.getByLabel('Name').fill('for the meeting')
      await page.keyboard.press('Enter')
      await page.getByText('Kept: for the meeting').waitFor()
      const found = await service.fetch(`/dicom-web/studies/${STUDY}/series?Modality=PR`)
      expect(((await found.json()) as unknown[]).length).toBe(1)

      await open()
      await expect.poll(async () => (await look()).zoom).toBe(fitted.zoom)
      await pane().getByRole('button', { name: 'Drawn over the images' }).click()
      await page
        .getByRole('checkbox', { name: /for the meeting/ })
        .first()
        .check()
      await expect.poll(letters).toBe(lying)
      await expect.poll(async () => (await look()).window).toBe(before.window)
      await expect.poll(async () => Math.abs((await look()).zoom / before.zoom - 1)).toBeLessThan(0.02)
      await expect.poll(() => pane().locator('[data-drawings] [data-annotation]').count()).toBe(4)
      await pane().locator('[data-drawings]').getByText('结节 v1').waitFor()
      expect(faults).toEqual([])
    },
  )
}
