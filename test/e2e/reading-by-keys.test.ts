import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MarkDraft } from '../../core/contract/api.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { imageShown } from '../support/image-shown.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const FRAME_OF_REFERENCE = newUid()
/** Of the current study and of its prior, in the order of the worklist. */
const HELD = [
  { study: newUid(), date: '20260601', slices: 30 },
  { study: newUid(), date: '20250601', slices: 15 },
] as const
/** Columns, rows. Millimetres. */
const SPACING = [0.8, 0.5] as const

// What arrived last comes first in the list.
const files = [...HELD].reverse().flatMap(({ study, date, slices }) => {
  const series = newUid()
  return Array.from({ length: slices }, (_, index) =>
    dicom()
      .ct({ rows: 128, columns: 128 })
      .uids({ study, series, instance: newUid() })
      .set('PatientName', 'PN', [{ Alphabetic: 'Wang^Fang' }])
      .set('PatientID', 'LO', ['P7'])
      .set('StudyDescription', 'LO', ['chest'])
      .set('StudyDate', 'DA', [date])
      .set('SeriesDescription', 'LO', ['axial'])
      .set('FrameOfReferenceUID', 'UI', [FRAME_OF_REFERENCE])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('ImagePositionPatient', 'DS', [0, 0, (index * 60) / slices])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [SPACING[1], SPACING[0]])
      .build(),
  )
})

describeWith(CHROMIUM, 'reading without a mouse', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const says = (pane: number, text: string | RegExp) =>
    page.locator(`[data-pane="${pane}"]`).getByText(text).first().waitFor()
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const times = (count: number, key: string): string[] => Array.from({ length: count }, () => key)
  const pane = () => page.locator('[data-pane="0"]')
  const cross = () => pane().locator('svg[data-cursor]')

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('opens the first study of the worklist, and its prior beside it', { timeout: 120_000 }, async () => {
    await page.getByText('2 studies').waitFor()
    await page.locator('[role=row][aria-rowindex="3"]').waitFor()
    await press('ArrowDown', 'Enter')
    await says(0, '16 / 30')
    // There is a key for a prior once the rail has it.
    await page.getByText('2025-06-01').first().waitFor()
    await press('KeyB')
    await says(1, '8 / 15')
    await says(1, '2025-06-01')
    await expect.poll(() => page.locator('[data-linked]').count()).toBe(2)
  })

  it('goes through both to the same height', { timeout: 120_000 }, async () => {
    await press('Home')
    await says(0, '1 / 30')
    await says(1, '1 / 15')
    await press(...times(10, 'ArrowDown'))
    await says(0, '11 / 30')
    await says(1, '6 / 15')
    await press('KeyY')
    await expect.poll(() => page.locator('[data-linked]').count()).toBe(0)
    await imageShown(pane(), 11)
  })

  it('measures with a cross that keys move, to the pixel', { timeout: 120_000 }, async () => {
    await press('KeyD', 'Shift+Enter')
    await cross().waitFor({ state: 'visible' })
    await press('Enter', ...times(3, 'Shift+ArrowRight'), ...times(4, 'ArrowDown'), 'Enter')
    const length = Math.hypot(30 * SPACING[0], 4 * SPACING[1])
    await says(0, `${length.toFixed(1)} mm`)
    // The images stand still meanwhile.
    await says(0, '11 / 30')
    // What is not whole is given up with Esc, which then lays the cross aside.
    await press('Enter', 'ArrowRight', 'Escape')
    await cross().waitFor({ state: 'hidden' })
    await press('ArrowDown')
    await imageShown(pane(), 12)
    await press('ArrowUp')
    // A point that is set before the image is there is lost.
    await imageShown(pane(), 11)
  })

  it('measures areas by their corners, and angles', { timeout: 120_000 }, async () => {
    await press(
      'KeyQ',
      'Shift+Enter',
      'Enter',
      ...times(2, 'Shift+ArrowDown'),
      ...times(5, 'ArrowRight'),
      'Enter',
    )
    await says(0, `Area ${(5 * SPACING[0] * 20 * SPACING[1]).toFixed(1)} mm²`)
    await press('KeyA', 'Enter', ...times(2, 'Shift+ArrowLeft'), 'Enter', 'Shift+ArrowUp', 'Enter')
    await says(0, '90.0°')
    await press('Escape')
  })

  it('has them again after a reload in the middle', { timeout: 120_000 }, async () => {
    await expect
      .poll(async () => {
        const answer = await service.fetch(`/api/studies/${HELD[0].study}/draft`)
        return MarkDraft.parse(await answer.json()).marks.length
      })
      .toBe(3)
    await page.reload()
    await page.waitForSelector('section[data-status=ready]')
    await press('KeyM')
    await expect.poll(() => page.locator('aside li').count()).toBe(3)
  })

  it('saves them, and they are there for the next who opens the study', { timeout: 120_000 }, async () => {
    const lengths = async (): Promise<string[]> =>
      (await page.locator('aside li').allInnerTexts())
        .flatMap((row) => row.match(/[\d.]+ (?:mm²?|°)/g) ?? [])
        .sort()
    const before = await lengths()
    await press('Control+KeyS')
    await page.getByText('3 saved as a report').waitFor()
    await page.reload()
    await page.waitForSelector('section[data-status=ready]')
    await press('KeyM')
    await expect.poll(() => page.locator('aside li[data-saved]').count()).toBe(3)
    await expect.poll(lengths).toEqual(before)
  })

  it('folds the rail away and back', async () => {
    const rail = page.getByRole('navigation', { name: 'Series' })
    await rail.waitFor({ state: 'visible' })
    await press('Backslash')
    await rail.waitFor({ state: 'hidden' })
    await press('Backslash')
    await rail.waitFor({ state: 'visible' })
  })

  it('magnifies by Control and the wheel, about the mouse', async () => {
    await press('KeyO')
    await says(0, '100 %')
    const box = await pane().boundingBox()
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -400)
    await page.keyboard.up('Control')
    await says(0, '272 %')
    expect(faults).toEqual([])
  })
})
