import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const FRAME = newUid()
const WINDOW = /W [\d.]+\s+C -?[\d.]+/
/** Wang Fang's study and her prior, taken with a field of view twice as wide; and another patient's. */
const [OWN, PRIOR, STRANGER] = [newUid(), newUid(), newUid()]

interface Scan {
  readonly study: string
  readonly name: string
  readonly date: string
  readonly slices: number
  readonly spacing: number
}

const scan = ({ study, name, date, slices, spacing }: Scan): Buffer[] => {
  const series = newUid()
  return Array.from({ length: slices }, (_, index) =>
    dicom()
      .ct({ rows: 128, columns: 128 })
      .uids({ study, series, instance: newUid() })
      .set('PatientName', 'PN', [{ Alphabetic: name }])
      .set('PatientID', 'LO', [name])
      .set('StudyDate', 'DA', [date])
      .set('SeriesDescription', 'LO', ['axial'])
      .set('FrameOfReferenceUID', 'UI', [FRAME])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('ImagePositionPatient', 'DS', [-64 * spacing, -64 * spacing, (index * 60) / slices])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [spacing, spacing])
      .build(),
  )
}

const HELD: readonly Scan[] = [
  { study: OWN, name: 'Wang^Fang', date: '20260601', slices: 30, spacing: 0.5 },
  { study: PRIOR, name: 'Wang^Fang', date: '20250601', slices: 15, spacing: 1 },
  { study: STRANGER, name: 'Li^Na', date: '20260601', slices: 10, spacing: 1 },
]

describeWith(CHROMIUM, 'panes and windows that go together', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const says = (where: Page, pane: number, text: string | RegExp) =>
    where.locator(`[data-pane="${pane}"]`).getByText(text).first().waitFor()
  const windowIn = (where: Page, pane: number) => async () =>
    WINDOW.exec(await where.locator(`[data-pane="${pane}"]`).innerText())?.[0]
  /** Takes the window of this key; says which that is. A pane has none while its image is on the way. */
  const takeWindow = async (key: string): Promise<string | undefined> => {
    await expect.poll(windowIn(page, 0)).toMatch(WINDOW)
    const before = await windowIn(page, 0)()
    await page.keyboard.press(key)
    await expect.poll(windowIn(page, 0)).not.toBe(before)
    await expect.poll(windowIn(page, 0)).toMatch(WINDOW)
    return windowIn(page, 0)()
  }
  const open = async (where: Page, study: string): Promise<void> => {
    await where.goto(`${service.url}/studies/${study}`)
    await where.waitForSelector('section[data-status=ready]')
  }
  /** There is a key for a prior once the rail has it. */
  const priorKnown = () => page.getByText('2025-06-01').first().waitFor()
  const opened = async (keys: string): Promise<Page> => {
    const [other] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press(keys)])
    other.setDefaultTimeout(30_000)
    other.on('pageerror', (error) => faults.push(String(error)))
    await other.waitForSelector('section[data-status=ready]')
    return other
  }
  const isPressed = (where: Page, name: string) => async () =>
    where.getByRole('button', { name, exact: true }).first().getAttribute('aria-pressed')

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart(HELD.flatMap(scan)),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
  }, 240_000)
  // A second window that a test left open would go along in the next.
  afterEach(async () => {
    for (const other of page.context().pages()) if (other !== page) await other.close()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it(
    'magnifies a prior with another field of view to the same millimetres, and windows it alike',
    { timeout: 120_000 },
    async () => {
      await open(page, OWN)
      await priorKnown()
      await page.keyboard.press('KeyB')
      await says(page, 1, '8 / 15')
      const linked = page.locator('[data-linked]')
      await expect.poll(() => linked.count()).toBe(2)
      // They scroll together from the beginning, which is let go here.
      await page.keyboard.press('KeyY')
      await expect.poll(() => linked.count()).toBe(0)
      await page.keyboard.press('Shift+KeyZ')
      await expect.poll(() => linked.count()).toBe(2)
      await page.keyboard.press('KeyO')
      await says(page, 0, '100 %')
      // Its pixels are twice as large.
      await says(page, 1, '200 %')
      // Windows and images are each pane's own still.
      await expect.poll(windowIn(page, 1)).toMatch(WINDOW)
      const chosen = await takeWindow('Digit2')
      expect(await windowIn(page, 1)()).not.toBe(chosen)
      await page.keyboard.press('Shift+KeyW')
      await expect.poll(windowIn(page, 1)).toBe(chosen)
      await page.keyboard.press('Home')
      await says(page, 0, '1 / 30')
      await says(page, 1, '8 / 15')
      await page.keyboard.press('KeyY')
      await says(page, 1, '1 / 15')
      await expect.poll(() => page.locator('[data-linked="3"]').count()).toBe(2)
      // Another pane in hand leads: nothing is let go.
      await page.keyboard.press('BracketRight')
      await page.keyboard.press('End')
      await says(page, 1, '15 / 15')
      await says(page, 0, /29 \/ 30/)
      expect(faults).toEqual([])
    },
  )

  it('reads a pane in a second window, which goes along both ways', { timeout: 120_000 }, async () => {
    await open(page, OWN)
    const other = await opened('Control+Enter')
    await says(other, 0, '16 / 30')
    await page.locator('[data-linked]').waitFor()
    await other.locator('[data-linked]').waitFor()
    await page.keyboard.press('Home')
    await says(page, 0, '1 / 30')
    await says(other, 0, '1 / 30')
    await other.keyboard.press('End')
    await says(other, 0, '30 / 30')
    await says(page, 0, '30 / 30')
    // One tool in both.
    await other.keyboard.press('KeyP')
    await expect.poll(isPressed(page, 'Move')).toBe('true')
    await page.keyboard.press('Shift+KeyW')
    const chosen = await takeWindow('Digit2')
    await expect.poll(windowIn(other, 0)).toBe(chosen)
    // What is drawn in one is in the other's list, and what is deleted there is gone here.
    for (const key of ['KeyD', 'Shift+Enter', 'Enter', 'Shift+ArrowRight', 'Enter', 'Escape', 'KeyM'])
      await page.keyboard.press(key)
    await expect.poll(() => page.locator('aside li').count()).toBe(1)
    await other.keyboard.press('KeyM')
    await expect.poll(() => other.locator('aside li').count()).toBe(1)
    await other.keyboard.press('Control+KeyZ')
    await other.locator('aside li').first().hover()
    await other
      .getByRole('button', { name: /^Delete/ })
      .first()
      .click()
    await expect.poll(() => other.locator('aside li').count()).toBe(0)
    await expect.poll(() => page.locator('aside li').count()).toBe(0)
    await other.close()
    await expect.poll(() => page.locator('[data-linked]').count()).toBe(0)
    await page.keyboard.press('ArrowUp')
    await says(page, 0, '29 / 30')
    expect(faults).toEqual([])
  })

  it('scrolls the prior in a second window by position', { timeout: 120_000 }, async () => {
    await open(page, OWN)
    await priorKnown()
    const other = await opened('Control+Shift+Enter')
    await says(other, 0, '8 / 15')
    await page.locator('[data-linked]').waitFor()
    await other.locator('[data-linked]').waitFor()
    // What opens beside it does not lead it: its own slice lies 2 mm from this one.
    expect(await page.locator('[data-pane="0"]').innerText()).toContain('16 / 30')
    await page.keyboard.press('Home')
    await says(other, 0, '1 / 15')
    for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowDown')
    await says(page, 0, '11 / 30')
    await says(other, 0, '6 / 15')
    await other.getByText('by position').waitFor()
    await other.close()
    expect(faults).toEqual([])
  })

  it('says in both windows that they show two patients, until they do not', { timeout: 90_000 }, async () => {
    await open(page, OWN)
    const other = await opened('Control+Enter')
    await page.locator('[data-linked]').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await open(other, STRANGER)
    for (const each of [page, other]) {
      const alarm = each.getByRole('alert').filter({ hasText: 'Another window shows another patient' })
      await expect.poll(() => alarm.innerText()).toMatch(/Li.*Na|Na.*Li/i)
      await expect.poll(() => alarm.innerText()).toMatch(/Wang/i)
    }
    await other.close()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    // A page that somebody opened by itself is another desk.
    const apart = await page.context().newPage()
    await open(apart, STRANGER)
    expect(await page.getByRole('alert').count()).toBe(0)
    await apart.close()
    expect(faults).toEqual([])
  })
})
