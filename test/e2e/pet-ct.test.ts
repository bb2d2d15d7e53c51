import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { colourAt } from '../../core/volume/colour-map.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { multipart } from '../support/multipart.ts'
import { ct, CT, HOT, pet, PET } from '../support/pet-ct-slices.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { panesShown } from '../support/shown-panes.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const PETCT = newUid()
const APART = newUid()
const FOLLOWED = newUid()
const BEFORE = newUid()

describeWith(CHROMIUM, 'PET/CT, hung by itself', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)
  const trigger = () => page.locator('button[data-hanging]')

  const both = (...[study, frame, visit]: Parameters<typeof ct>): Buffer[] => [
    ...ct(study, frame, visit),
    ...pet(study, frame, visit),
  ]

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const [one, other, third] = [newUid(), newUid(), newUid()]
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart([
        // A CT of another position comes first, and the PET that was not corrected.
        ...ct(PETCT, other, { description: 'planning' }),
        ...pet(PETCT, one, { isCorrected: false }),
        ...ct(PETCT, one),
        ...pet(PETCT, one),
        ...ct(APART, third),
        ...pet(APART, newUid()),
        ...both(FOLLOWED, newUid(), { patient: 'F1' }),
        ...both(BEFORE, newUid(), { patient: 'F1', date: '20250601' }),
      ]),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
  }, 240_000)
  beforeEach(() => void faults.splice(0))
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  async function open(study: string, count: number): Promise<void> {
    await page.goto(`${service.url}/studies/${study}`)
    await shows(count)
  }

  const shows = (count: number): Promise<void> => panesShown(page, count)

  const fused = (number: number) => pane(number).locator('canvas[data-fused]')
  const isFused = (number: number): Promise<void> =>
    fused(number).first().waitFor({ state: 'attached', timeout: 60_000 })
  const words = (number: number, text: string): Promise<void> =>
    pane(number).getByText(text, { exact: false }).first().waitFor({ timeout: 60_000 })

  /** The four bytes of what lies over the image of a pane at a place of the patient, millimetres. */
  const overAt = (number: number, x: number, y: number) =>
    fused(number).evaluateAll(
      ([element], [column, row]) => {
        const canvas = element as HTMLCanvasElement | undefined
        return canvas && [...(canvas.getContext('2d')?.getImageData(column ?? 0, row ?? 0, 1, 1).data ?? [])]
      },
      [x, y].map((at) => Math.round((at + ((CT.size - 1) * CT.pixel) / 2) / CT.pixel)),
    )

  /** How far the colour that lies over a place is from another; nothing lies there: not a number. */
  const colourOff = async (number: number, x: number, y: number, colour: readonly number[]) => {
    const over = await overAt(number, x, y)
    return Math.max(...colour.map((value, channel) => Math.abs((over?.[channel] ?? NaN) - value)))
  }

  /** Both values under the mouse, at a place of the patient. */
  async function probeAt(number: number, x: number, y: number): Promise<string | null> {
    const box = await fused(number).first().boundingBox()
    if (box === null) throw new Error('nothing is laid over')
    const inBox = (at: number): number => at / (CT.size * CT.pixel) + 0.5
    await page.mouse.move(box.x + box.width * inBox(x), box.y + box.height * inBox(y))
    return pane(number).locator('[data-probe]').textContent()
  }

  const position = async (number: number): Promise<number> =>
    Number(/Slice (-?[\d.]+) mm/.exec((await pane(number).textContent()) ?? '')?.[1])

  it(
    'opens with the CT, the corrected PET, both in one pane, and the PET from all round, without a key',
    { timeout: 240_000 },
    async () => {
      await open(PETCT, 4)
      await expect.poll(() => trigger().getAttribute('data-hanging')).toBe('built-in:pet-ct')
      await words(0, 'anatomy')
      await words(1, 'uptake')
      await words(2, 'anatomy')
      await words(3, 'uptake')
      await pane(3).locator('[data-plane=projection]').waitFor()
      // Dark on white, from nothing to seven, in the pane of the slices and in that of the views.
      for (const number of [1, 3]) await words(number, 'SUV 0.0 – 7.0')
      await isFused(2)
      for (const number of [0, 1, 3]) expect(await fused(number).count()).toBe(0)

      const middle = colourAt('hot-iron', Math.floor((HOT / 7) * 256 - 1e-6))
      await expect.poll(async () => (await overAt(2, 50, -50))?.[3], { timeout: 60_000 }).toBe(153)
      await expect.poll(() => colourOff(2, 50, -50, middle), { timeout: 30_000 }).toBeLessThan(5)
      await expect.poll(async () => (await overAt(2, -50, 50))?.[3]).toBe(0)
      await expect.poll(() => probeAt(2, 50, -50), { timeout: 30_000 }).toBe('40.0 HU   3.50 SUVbw')
      await expect.poll(() => probeAt(2, -50, 50), { timeout: 30_000 }).toBe('40.0 HU   0.00 SUVbw')
      expect(faults).toEqual([])
    },
  )

  it(
    'scrolls its slices together by position, and leaves the views as they are',
    { timeout: 180_000 },
    async () => {
      await open(PETCT, 4)
      await isFused(2)
      await pane(3).locator('[data-plane=projection]').waitFor()
      // Where the panes are linked, each of them says so.
      await expect.poll(() => page.locator('[data-linked]').count(), { timeout: 30_000 }).toBe(3)
      await pane(3).getByText('1 / 36').waitFor()
      await page.keyboard.press('Home')
      await expect.poll(() => position(0), { timeout: 30_000 }).toBe(0)
      for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown')
      await expect.poll(() => position(0), { timeout: 30_000 }).toBe(4 * CT.step)
      await expect.poll(() => position(2), { timeout: 30_000 }).toBe(4 * CT.step)
      await expect
        .poll(async () => Math.abs((await position(1)) - 4 * CT.step), { timeout: 30_000 })
        .toBeLessThanOrEqual(PET.step / 2)
      expect(await pane(3).getByText('1 / 36').count()).toBe(1)
      // Beside the CT that leads, what lies over it follows.
      await expect.poll(async () => (await overAt(2, 50, -50))?.[3], { timeout: 60_000 }).toBe(153)
      expect(faults).toEqual([])
    },
  )

  it('goes by key to planes through both, and to both side by side', { timeout: 240_000 }, async () => {
    await open(PETCT, 4)
    await page.keyboard.press('Period')
    for (const number of [0, 1, 2]) await isFused(number)
    await pane(1).locator('[data-plane=coronal]').waitFor()
    await pane(2).locator('[data-plane=sagittal]').waitFor()
    await page.keyboard.press('Period')
    await shows(2)
    await expect.poll(() => page.locator('canvas[data-fused]').count()).toBe(0)
    await page.keyboard.press('Period')
    await shows(4)
    await isFused(2)
    // Without colours, as it is when a person takes them away.
    await page.keyboard.press('BracketRight')
    await page.keyboard.press('BracketRight')
    await page.keyboard.press('Shift+KeyF')
    await expect.poll(() => fused(2).count()).toBe(0)
    await shows(4)
    expect(faults).toEqual([])
  })

  it(
    'puts the PET/CT of the year before in a row below, and all of it scrolls',
    { timeout: 240_000 },
    async () => {
      await open(FOLLOWED, 4)
      await pane(0).getByText('2026').first().waitFor()
      await page.getByText('2025-06-01').first().waitFor()
      await page.keyboard.press('Period')
      await isFused(1)
      await page.keyboard.press('Period')
      await shows(6)
      for (const number of [2, 5]) await isFused(number)
      for (const number of [3, 4, 5]) await words(number, '2025')
      await expect.poll(() => page.locator('[data-linked]').count(), { timeout: 30_000 }).toBe(6)
      // In a bar without room for the words they are there for who cannot see them.
      await page.getByText('by distance, not by position').waitFor({ state: 'attached' })
      let start = await Promise.all([0, 1, 2, 3, 4, 5].map(position))
      // From where they rest.
      await expect
        .poll(
          async () => {
            const before = start
            start = await Promise.all([0, 1, 2, 3, 4, 5].map(position))
            return start.every((at, number) => at === before[number])
          },
          { interval: 500 },
        )
        .toBe(true)
      for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown')
      for (const number of [0, 1, 2, 3, 4, 5])
        await expect
          .poll(async () => Math.abs((await position(number)) - (start[number] ?? NaN) - 4 * CT.step), {
            timeout: 30_000,
          })
          .toBeLessThanOrEqual(PET.step / 2)
      expect(faults).toEqual([])
    },
  )

  it('hangs side by side where places cannot be compared', { timeout: 120_000 }, async () => {
    await open(APART, 2)
    await expect.poll(() => trigger().getAttribute('data-hanging')).toBe('built-in:pet')
    expect(await page.locator('canvas[data-fused]').count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('remembers an arrangement with what lies over it, and how', { timeout: 300_000 }, async () => {
    await open(PETCT, 4)
    await isFused(2)
    // Panes with the CT, fused, and the views alone; other colours.
    await page.keyboard.press('BracketRight')
    await page.keyboard.press('BracketRight')
    await page.keyboard.press('Shift+KeyH')
    await page.keyboard.press('Shift+Comma')
    await expect.poll(async () => (await overAt(2, 50, -50))?.[3], { timeout: 60_000 }).toBe(128)
    await page.keyboard.press('Shift+X')
    await page.getByRole('menuitem', { name: 'Remember this arrangement…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('My fusion')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await trigger().getByText('My fusion').waitFor()

    await open(PETCT, 4)
    await trigger().getByText('My fusion').waitFor()
    await isFused(2)
    await words(1, 'SUV 0.0 – 7.0')
    await pane(3).locator('[data-plane=projection]').waitFor()
    const middle = colourAt('pet', Math.floor((HOT / 7) * 256 - 1e-6))
    await expect.poll(async () => (await overAt(2, 50, -50))?.[3], { timeout: 60_000 }).toBe(128)
    await expect.poll(() => colourOff(2, 50, -50, middle), { timeout: 30_000 }).toBeLessThan(6)
    await expect.poll(() => page.locator('[data-linked]').count(), { timeout: 30_000 }).toBe(3)
    expect(faults).toEqual([])
  })
})
