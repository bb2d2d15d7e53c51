import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { imageShown } from '../support/image-shown.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()
const SLICES = 20
const SIZE = 64

/** Each slice is as bright as its number: image n has 10 × n everywhere. */
const files = ((): Buffer[] => {
  const series = newUid()
  return Array.from({ length: SLICES }, (_, index) => {
    const values = new Int16Array(SIZE * SIZE).fill((index + 1) * 10)
    return dicom()
      .ct({ rows: SIZE, columns: SIZE })
      .pixels(new Uint8Array(values.buffer))
      .uids({ study: STUDY, series, instance: newUid() })
      .set('SeriesDescription', 'LO', ['t2 tse tra'])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('FrameOfReferenceUID', 'UI', ['1.2.3.4'])
      .set('ImagePositionPatient', 'DS', [0, 0, index * 5])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [1, 1])
      .set('RescaleSlope', 'DS', [1])
      .set('RescaleIntercept', 'DS', [0])
      .set('WindowCenter', 'DS', [128])
      .set('WindowWidth', 'DS', [256])
      .build()
  })
})()

describeWith(CHROMIUM, 'a series as tiles', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const tile = (number: number) => page.locator(`[data-tile="${number}"]`)
  const shown = async (): Promise<(string | undefined)[]> =>
    (await page.locator('[data-tile]').allInnerTexts()).map((text) => /(\d+) \/ 20/.exec(text)?.[1])
  /** The grey in the middle of a tile: what is on the screen, not what is said of it. */
  const greyIn = (number: number) =>
    tile(number)
      .locator('canvas')
      .first()
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement
        const context = canvas.getContext('2d')
        return context?.getImageData(canvas.width / 2 + 20, canvas.height / 2 + 20, 1, 1).data[0]
      })
  const numbers = (from: number, count: number) => Array.from({ length: count }, (_, at) => String(from + at))

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('shows so many images one after the other, by a key and two digits', { timeout: 120_000 }, async () => {
    await page.keyboard.press('Home')
    // The tiles begin with the image that is shown.
    await imageShown(page.locator('[data-pane="0"]'), 1)
    for (const key of ['Shift+KeyR', 'Digit2', 'Digit3']) await page.keyboard.press(key)
    await expect.poll(shown).toEqual(numbers(1, 6))
    await expect.poll(() => page.locator('[data-tile] section[data-status=ready]').count()).toBe(6)
    for (const at of [0, 1, 5])
      await expect
        .poll(async () => Math.abs(((await greyIn(at)) ?? 0) - (at + 1) * 10))
        .toBeLessThanOrEqual(1)
  })

  it('goes by rows, and never past the last image', { timeout: 120_000 }, async () => {
    await page.keyboard.press('ArrowDown')
    await expect.poll(shown).toEqual(numbers(4, 6))
    await expect.poll(async () => Math.abs(((await greyIn(2)) ?? 0) - 60)).toBeLessThanOrEqual(1)
    await tile(3).hover()
    await page.mouse.wheel(0, 100)
    await expect.poll(shown).toEqual(numbers(7, 6))
    await page.keyboard.press('End')
    await expect.poll(shown).toEqual(numbers(15, 6))
    await page.keyboard.press('Home')
    await expect.poll(shown).toEqual(numbers(1, 6))
  })

  it('is windowed and magnified all at once', { timeout: 120_000 }, async () => {
    await page.keyboard.press('Digit2')
    await tile(5).getByText(/W 200/).waitFor()
    // Centre 80, width 200: the sixth image, 60, is a fifth from black.
    const expected = ((60 - 80.5 + 0.5) / 199 + 0.5) * 255
    await expect.poll(async () => Math.abs(((await greyIn(5)) ?? 0) - expected)).toBeLessThanOrEqual(2)
    await page.keyboard.press('KeyO')
    await tile(5).getByText('100 %').waitFor()
    await tile(1).hover()
    await page.keyboard.down('Control')
    await page.mouse.down({ button: 'left' })
    await page.mouse.up({ button: 'left' })
    await page.mouse.wheel(0, -400)
    await page.keyboard.up('Control')
    await tile(5).getByText('272 %').waitFor()
    await page.keyboard.press('Equal')
  })

  it('has a mark on its own tile and in the list', { timeout: 120_000 }, async () => {
    await page.keyboard.press('KeyW')
    await tile(4).click()
    await page.keyboard.press('KeyD')
    const box = await tile(4).boundingBox()
    if (box === null) throw new Error('no tile')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x - 40, y)
    await page.mouse.down()
    await page.mouse.move(x, y, { steps: 4 })
    await page.mouse.move(x + 40, y, { steps: 4 })
    await page.mouse.up()
    await tile(4)
      .getByText(/^[\d.]+ mm$/)
      .first()
      .waitFor()
    expect(
      await tile(3)
        .getByText(/^[\d.]+ mm$/)
        .count(),
    ).toBe(0)
    await page.keyboard.press('KeyM')
    await expect.poll(() => page.locator('aside li').count()).toBe(1)
    await expect.poll(() => page.locator('aside li').innerText()).toContain('5')
    await page.keyboard.press('KeyM')
    await page.keyboard.press('Escape')
  })

  it('opens a tile large, and goes back to where it was', { timeout: 120_000 }, async () => {
    await tile(2).dblclick()
    await expect.poll(() => page.locator('[data-tile]').count()).toBe(0)
    await page.getByText('3 / 20').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.getByText('4 / 20').first().waitFor()
    await page.locator('[data-pane="0"] section').dblclick()
    await expect.poll(() => page.locator('[data-tile]').count()).toBe(6)
    await expect.poll(shown).toContain('4')
    expect(faults).toEqual([])
  })
})
