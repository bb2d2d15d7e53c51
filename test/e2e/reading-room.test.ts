import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { ADMIN, startService, type RunningService } from '../support/running-service.ts'

const CURRENT = newUid()
const PRIOR = newUid()
/** The same Patient ID, another name. */
const CONFUSED = newUid()
const FRAME_OF_REFERENCE = newUid()

interface Stack {
  readonly study: string
  readonly description: string
  readonly date: string
  readonly slices: number
  readonly spacing: number
  readonly frameOfReference: string
  readonly patient?: { readonly name: string; readonly id: string }
}

const STACKS: readonly Stack[] = [
  {
    study: CURRENT,
    description: 'thick',
    date: '20260601',
    slices: 20,
    spacing: 5,
    frameOfReference: FRAME_OF_REFERENCE,
  },
  {
    study: CURRENT,
    description: 'thin',
    date: '20260601',
    slices: 40,
    spacing: 2.5,
    frameOfReference: FRAME_OF_REFERENCE,
  },
  {
    study: PRIOR,
    description: 'thin',
    date: '20250601',
    slices: 12,
    spacing: 5,
    frameOfReference: newUid(),
  },
  {
    study: CONFUSED,
    description: 'thin',
    date: '20260101',
    slices: 3,
    spacing: 5,
    frameOfReference: newUid(),
    patient: { name: 'Smith^John', id: 'P9' },
  },
  {
    study: newUid(),
    description: 'thin',
    date: '20250101',
    slices: 3,
    spacing: 5,
    frameOfReference: newUid(),
    patient: { name: 'Jones^Mary', id: 'P9' },
  },
]

function filesOf({ study, description, date, slices, spacing, frameOfReference, patient }: Stack): Buffer[] {
  const series = newUid()
  return Array.from({ length: slices }, (_, index) =>
    dicom()
      .ct({ rows: 64, columns: 64 })
      .uids({ study, series, instance: newUid() })
      .set('PatientName', 'PN', [{ Alphabetic: patient?.name ?? 'Wang^Fang' }])
      .set('PatientID', 'LO', [patient?.id ?? 'P7'])
      .set('StudyDate', 'DA', [date])
      .set('SeriesDescription', 'LO', [description])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('FrameOfReferenceUID', 'UI', [frameOfReference])
      .set('ImagePositionPatient', 'DS', [0, 0, index * spacing])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [1, 1])
      .build(),
  )
}

describeWith(CHROMIUM, 'the reading room with several panes', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)
  const says = (number: number, text: string) => pane(number).getByText(text).waitFor({ timeout: 10_000 })
  const open = async (study: string): Promise<void> => {
    await page.goto(`${service.url}/studies/${study}`)
    await page.waitForSelector('section[data-status=ready]')
  }
  const layout = async (rows: number, columns: number): Promise<void> => {
    for (const key of ['KeyX', `Digit${rows}`, `Digit${columns}`]) await page.keyboard.press(key)
  }

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart(STACKS.flatMap(filesOf)),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
    page = await context.newPage()
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.goto(service.url)
    await page.fill('input[type=email], input[name=email]', ADMIN.email)
    await page.fill('input[type=password]', ADMIN.password)
    await page.keyboard.press('Enter')
    await page.waitForSelector('header nav')
  }, 180_000)
  beforeEach(() => void faults.splice(0))
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('opens the largest series alone, then as many as the layout has', { timeout: 60_000 }, async () => {
    await open(CURRENT)
    await says(0, '21 / 40')
    await layout(1, 2)
    await says(1, '11 / 20')
    expect(await page.locator('[data-pane]').count()).toBe(2)
    await layout(4, 4)
    await expect.poll(() => page.locator('[data-pane]').count()).toBe(16)
    await layout(1, 2)
    await expect.poll(() => page.locator('[data-pane]').count()).toBe(2)
    await expect.poll(() => page.locator('section[data-status=ready]').count()).toBe(2)
    expect(faults).toEqual([])
  })

  it('scrolls linked panes to the same place, not by the same count', { timeout: 60_000 }, async () => {
    await open(CURRENT)
    await layout(1, 2)
    await says(1, '11 / 20')
    await page.keyboard.press('KeyY')
    await page.getByText('by position').waitFor()
    await page.keyboard.press('Home')
    await says(0, '1 / 40')
    await says(1, '1 / 20')
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown')
    await says(0, '5 / 40')
    await says(1, '3 / 20')
    // The other pane leads when it is the active one.
    await page.keyboard.press('BracketRight')
    await page.keyboard.press('KeyY')
    await page.keyboard.press('End')
    await says(1, '20 / 20')
    await says(0, '39 / 40')
    expect(faults).toEqual([])
  })

  it(
    'puts a prior beside what is read, and says when places cannot be compared',
    { timeout: 60_000 },
    async () => {
      await open(CURRENT)
      await page.getByText('2025-06-01').first().waitFor()
      await page.keyboard.press('KeyB')
      await says(1, '7 / 12')
      await page.keyboard.press('KeyY')
      await page.getByText('by count, not by position').waitFor()
      await page.keyboard.press('ArrowDown')
      await says(1, '8 / 12')
      await says(0, '22 / 40')
      expect(await page.getByRole('alert').count()).toBe(0)
      expect(faults).toEqual([])
    },
  )

  it('says loudly when two patients are on screen', { timeout: 60_000 }, async () => {
    await open(CONFUSED)
    await page.getByText('2025-01-01').first().waitFor()
    await page.keyboard.press('KeyB')
    await page.getByRole('alert').getByText('Two patients on screen').waitFor()
    expect(faults).toEqual([])
  })

  it('takes a series by drag and drop, and shows one pane alone and back', { timeout: 60_000 }, async () => {
    await open(CURRENT)
    await layout(2, 2)
    await says(2, 'Drag a series here')
    await page.locator('nav button', { hasText: 'thick' }).dragTo(pane(2))
    await says(2, '11 / 20')
    await page.keyboard.press('ArrowDown')
    await says(2, '12 / 20')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('[data-pane]').count()).toBe(1)
    // Where the reader was is where the reader is.
    await says(2, '12 / 20')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('[data-pane]').count()).toBe(4)
    await says(2, '12 / 20')
    expect(faults).toEqual([])
  })

  it('fits an image into a pane that became narrower', { timeout: 60_000 }, async () => {
    await open(CURRENT)
    await layout(1, 4)
    await says(1, '11 / 20')
    const width = (await pane(0).boundingBox())?.width ?? 0
    const zoom = async (): Promise<number> => {
      const text = (await pane(0).textContent()) ?? ''
      return Number(/(\d+) %/.exec(text)?.[1] ?? Infinity)
    }
    await expect.poll(async () => ((await zoom()) / 100) * 64 <= width, { timeout: 10_000 }).toBe(true)
    expect(faults).toEqual([])
  })
})
