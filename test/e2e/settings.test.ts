import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { KeptReadingSettings } from '../../core/contract/reading-settings.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const [study, series] = [newUid(), newUid()]
const files = Array.from({ length: 30 }, (_, index) =>
  dicom()
    .ct({ rows: 128, columns: 128 })
    .uids({ study, series, instance: newUid() })
    .set('PatientName', 'PN', [{ Alphabetic: 'Wang^Fang' }])
    .set('InstanceNumber', 'IS', [index + 1])
    .set('ImagePositionPatient', 'DS', [0, 0, index])
    .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
    .build(),
)

/** Not 11 or 21. */
const FIRST = /(^|\D)1 \/ 30/

describeWith(CHROMIUM, 'settings of the reading room', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const says = (text: string | RegExp) => page.locator('[data-pane="0"]').getByText(text).first().waitFor()
  const kept = async () =>
    KeptReadingSettings.parse(await (await service.fetch('/api/settings/reading')).json()).settings
  const dialog = () => page.getByRole('dialog', { name: 'Settings' })
  const closeDialog = async (): Promise<void> => {
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
  }
  const openPart = async (name: string): Promise<void> => {
    await page.keyboard.press('Control+Comma')
    await dialog().getByRole('button', { name, exact: true }).click()
  }
  const invertKey = () => dialog().locator('[data-command="reading.invert"] button[aria-pressed]')
  const shownInHelp = async (): Promise<string> => {
    await page.keyboard.press('Shift+Slash')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    const text = await help
      .getByRole('listitem')
      .filter({ hasText: /^Invert/ })
      .locator('kbd')
      .innerText()
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
    return text
  }
  const pixels = () =>
    page.evaluate(() => document.querySelector<HTMLCanvasElement>('[data-pane="0"] canvas')?.toDataURL())
  const dragRight = async (down: number): Promise<void> => {
    const box = await page.locator('[data-pane="0"]').boundingBox()
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2]
    await page.mouse.move(x, y)
    await page.mouse.down({ button: 'right' })
    // What the library does a moment after a press, in case it is the first of two, is its own.
    await page.mouse.move(x, y + down / 2, { steps: 4 })
    await page.mouse.move(x, y + down, { steps: 4 })
    await page.mouse.up({ button: 'right' })
  }
  /** What is drawn once no better image comes and no frame changes it. */
  const pixelsAtRest = async (): Promise<string | undefined> => {
    await expect
      .poll(() => page.locator('canvas[data-exact]').first().getAttribute('data-exact'))
      .toBe(String(files.length))
    for (let before = await pixels(); ;) {
      for (let frame = 0; frame < 2; frame++) await page.evaluate(() => new Promise(requestAnimationFrame))
      const after = await pixels()
      if (after === before) return after
      before = after
    }
  }
  /** That the key turns black and white over, and back; an idle one, pressed before it, does nothing to them. */
  const turnsOver = async (key: string, idle?: string): Promise<void> => {
    const before = await pixelsAtRest()
    if (idle !== undefined) await page.keyboard.press(idle)
    await page.keyboard.press(key)
    await expect.poll(pixels).not.toBe(before)
    await page.keyboard.press(key)
    await expect.poll(pixels).toBe(before)
  }

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
    await page.goto(`${service.url}/studies/${study}`)
    await page.waitForSelector('section[data-status=ready]')
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it(
    'gives a command another key, refusing one that is taken until it is given up',
    { timeout: 60_000 },
    async () => {
      await turnsOver('KeyI')
      await openPart('Keys')
      await invertKey().click()
      await page.keyboard.press('KeyW')
      await dialog().getByRole('alert').filter({ hasText: 'W is the key of' }).waitFor()
      await dialog().getByRole('button', { name: 'Leave it' }).click()
      await invertKey().click()
      await page.keyboard.press('F8')
      await expect.poll(() => invertKey().innerText()).toBe('F8')
      await closeDialog()
      await expect.poll(kept).toEqual({ keys: { 'reading.invert': { code: 'F8' } } })
      await turnsOver('F8', 'KeyI')
      expect(await shownInHelp()).toBe('F8')
    },
  )

  it('makes the right button go through the images', { timeout: 60_000 }, async () => {
    await openPart('Mouse')
    await dialog().getByLabel('Right button').selectOption('scroll')
    await closeDialog()
    await page.keyboard.press('Home')
    await says(FIRST)
    await dragRight(80)
    await says('11 / 30')
  })

  it('still does after a reload', { timeout: 60_000 }, async () => {
    await expect.poll(async () => (await kept()).mouse).toEqual({ right: 'scroll' })
    await page.reload()
    await page.waitForSelector('section[data-status=ready]')
    // An image may be here before the settings are, which come all at once.
    await expect.poll(shownInHelp).toBe('F8')
    await page.keyboard.press('Home')
    await says(FIRST)
    await dragRight(80)
    await says('11 / 30')
    await turnsOver('F8')
  })

  it('keeps a window of one’s own as the first preset', { timeout: 60_000 }, async () => {
    await openPart('Window presets')
    const name = dialog().getByLabel('Name').first()
    await name.fill('Stroke')
    await dialog().getByLabel('Width').first().fill('33')
    await dialog().getByLabel('Centre').first().fill('35')
    await dialog().getByLabel('Centre').first().blur()
    await closeDialog()
    await page.keyboard.press('Digit1')
    await says(/W 33\s+C 35/)
    await expect
      .poll(async () => (await kept()).windows?.['CT']?.[0])
      .toEqual({ name: 'Stroke', width: 33, center: 35 })
  })

  it('is as it was after a reset of each part', { timeout: 60_000 }, async () => {
    for (const part of ['Mouse', 'Keys', 'Window presets']) {
      await openPart(part)
      await dialog().getByRole('button', { name: 'Reset to default' }).click()
      await closeDialog()
    }
    await expect.poll(kept).toEqual({ keys: {}, windows: {} })
    await page.keyboard.press('Home')
    await says(FIRST)
    await turnsOver('KeyI')
    expect(await shownInHelp()).toBe('I')
    const scale = async () => /\d+ %/.exec(await page.locator('[data-pane="0"]').innerText())?.[0]
    const before = await scale()
    expect(before).toBeDefined()
    await dragRight(80)
    await expect.poll(scale).not.toBe(before)
    await says(FIRST)
    expect(faults).toEqual([])
  })
})
