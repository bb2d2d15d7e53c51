import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MarkDraft } from '../../core/contract/api.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { atRest } from '../support/at-rest.ts'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom, type DicomBuilder } from '../support/dicom-builder.ts'
import { imageShown } from '../support/image-shown.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'
import { wholeNumbers } from '../support/whole-numbers.ts'

const CURRENT = newUid()
const PRIOR = newUid()
/** The same Patient ID, another name. */
const CONFUSED = newUid()
/** Of somebody with a long name. */
const LONG_NAME = newUid()
/** Its series are not all to be relied on alike. */
const TRUST = newUid()
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
    study: LONG_NAME,
    description: 'a description that says more than a bar has room for',
    date: '20260101',
    slices: 3,
    spacing: 5,
    frameOfReference: newUid(),
    patient: { name: 'Fernandez de la Vega^Maria Consuelo', id: 'HOSPITAL-000123456' },
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

/** Beyond what metadata holds inside itself: it is fetched apart. */
const OVERLAY: DicomJson = {
  '60000010': { vr: 'US', Value: [400] },
  '60000011': { vr: 'US', Value: [400] },
  '60000040': { vr: 'CS', Value: ['G'] },
  '60000050': { vr: 'SS', Value: [1, 1] },
  '60000100': { vr: 'US', Value: [1] },
  '60000102': { vr: 'US', Value: [0] },
  '60003000': { vr: 'OW', InlineBinary: Buffer.alloc((400 * 400) / 8, 0x81).toString('base64') },
}

function filesOf({ study, description, date, slices, spacing, frameOfReference, patient }: Stack): Buffer[] {
  const series = newUid()
  return Array.from({ length: slices }, (_, index) => {
    const file = dicom()
      .ct({ rows: 64, columns: 64 })
      .uids({ study, series, instance: newUid() })
      .set('PatientName', 'PN', [{ Alphabetic: patient?.name ?? 'Wang^Fang' }])
      .set('PatientID', 'LO', [patient?.id ?? 'P7'])
      .set('PatientBirthDate', 'DA', ['19610412'])
      .set('StudyDescription', 'LO', [description])
      .set('StudyDate', 'DA', [date])
      .set('SeriesDescription', 'LO', [description])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('FrameOfReferenceUID', 'UI', [frameOfReference])
      .set('ImagePositionPatient', 'DS', [0, 0, index * spacing])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [1, 1])
      .set('WindowCenter', 'DS', [400 + index])
      .set('WindowWidth', 'DS', [3000])
    if (description === 'thick') Object.assign(file.json(), OVERLAY)
    return file.build()
  })
}

/** One series of the study that tests what is said of images: slices at these heights, or projections without any. */
function relied(
  number: number,
  description: string,
  heights: readonly number[],
  change: (file: DicomBuilder) => void,
): Buffer[] {
  const series = newUid()
  return heights.map((z, index) => {
    const file = dicom()
      .ct({ rows: 64, columns: 64 })
      .uids({ study: TRUST, series, instance: newUid() })
      .set('PatientName', 'PN', [{ Alphabetic: 'Liu^Yang' }])
      .set('PatientID', 'LO', ['P11'])
      .set('SeriesDescription', 'LO', [description])
      .set('SeriesNumber', 'IS', [number])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('FrameOfReferenceUID', 'UI', [FRAME_OF_REFERENCE])
      .set('ImagePositionPatient', 'DS', [0, 0, z])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [0.5, 0.5])
    change(file)
    return file.build()
  })
}

const projection = (file: DicomBuilder): DicomBuilder =>
  file
    .set('Modality', 'CS', ['CR'])
    .without('ImagePositionPatient')
    .without('ImageOrientationPatient')
    .set('ImagerPixelSpacing', 'DS', [0.2, 0.2])

const RELIED: readonly Buffer[] = [
  ...relied(1, 'even', [0, 1.25, 2.5, 3.75, 5, 6.25, 7.5, 8.75], (file) =>
    file.set('LossyImageCompression', 'CS', ['00']),
  ),
  ...relied(2, 'gap', [0, 2, 4, 10, 12, 14, 16], (file) => void file),
  ...relied(3, 'lossy', [0, 3, 6], (file) =>
    file
      .set('LossyImageCompression', 'CS', ['01'])
      .set('LossyImageCompressionRatio', 'DS', [12.5])
      .set('LossyImageCompressionMethod', 'CS', ['ISO_10918_1']),
  ),
  ...relied(4, 'fiducial', [0, 0], (file) =>
    projection(file)
      .set('PixelSpacing', 'DS', [0.16, 0.16])
      .set('PixelSpacingCalibrationType', 'CS', ['FIDUCIAL']),
  ),
  ...relied(5, 'detector', [0], (file) =>
    projection(file)
      .without('PixelSpacing')
      .set('ShutterShape', 'CS', ['CIRCULAR'])
      .set('CenterOfCircularShutter', 'IS', [32, 32])
      .set('RadiusOfCircularShutter', 'IS', [30]),
  ),
]

describeWith(CHROMIUM, 'the reading room, drawn on canvases', () => readingRoom({ webgl: false }))
describeWith(CHROMIUM, 'the reading room, drawn by WebGL', () => readingRoom({ webgl: true }))

function readingRoom({ webgl }: { webgl: boolean }): void {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)
  const says = (number: number, text: string) =>
    pane(number).getByText(wholeNumbers(text)).waitFor({ timeout: 25_000 })
  const open = async (study: string): Promise<void> => {
    await page.goto(`${service.url}/studies/${study}`)
    await page.waitForSelector('section[data-status=ready]')
  }
  const layout = async (rows: number, columns: number): Promise<void> => {
    for (const key of ['KeyX', `Digit${rows}`, `Digit${columns}`]) await page.keyboard.press(key)
  }
  /** What was done is drawn in the next frame, and what a pane says of it in the one after. */
  const framesDrawn = (): Promise<unknown> =>
    page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart([...STACKS.flatMap(filesOf), ...RELIED]),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser({ webgl })
    page = await signedInPage(browser, service, faults, { webgl })
  }, 180_000)
  beforeEach(() => void faults.splice(0))
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('opens the largest series alone, then as many as the layout has', { timeout: 120_000 }, async () => {
    await open(CURRENT)
    await says(0, '21 / 40')
    await layout(1, 2)
    await says(1, '11 / 20')
    await expect.poll(() => page.locator('[data-pane]').count()).toBe(2)
    await layout(4, 4)
    await expect.poll(() => page.locator('[data-pane]').count()).toBe(16)
    await layout(1, 2)
    await expect.poll(() => page.locator('[data-pane]').count()).toBe(2)
    await expect.poll(() => page.locator('section[data-status=ready]').count()).toBe(2)
    expect(faults).toEqual([])
  })

  it('scrolls linked panes to the same place, not by the same count', { timeout: 120_000 }, async () => {
    await open(CURRENT)
    await layout(1, 2)
    await says(1, '11 / 20')
    const button = page.getByRole('button', { name: 'Scroll together' })
    const before = await button.boundingBox()
    await page.keyboard.press('KeyY')
    await page.getByText('by position').waitFor()
    // Words that come and go move no button under the mouse.
    expect(await button.boundingBox()).toEqual(before)
    await page.keyboard.press('Home')
    await says(0, '1 / 40')
    await says(1, '1 / 20')
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown')
    await says(0, '5 / 40')
    await says(1, '3 / 20')
    // The other pane leads when it is the active one.
    await page.keyboard.press('BracketRight')
    await page.keyboard.press('End')
    await says(1, '20 / 20')
    await says(0, '39 / 40')
    expect(faults).toEqual([])
  })

  it(
    'puts a prior beside what is read, and says when places cannot be compared',
    { timeout: 120_000 },
    async () => {
      await open(CURRENT)
      await page.getByText('2025-06-01').first().waitFor()
      await page.keyboard.press('KeyB')
      await says(1, '7 / 12')
      await page.getByText('by distance, not by position').waitFor()
      // Twice as thick there: as many millimetres are half as many slices.
      for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowDown')
      await says(1, '8 / 12')
      await says(0, '23 / 40')
      expect(await page.getByRole('alert').count()).toBe(0)
      expect(faults).toEqual([])
    },
  )

  it('says loudly when two patients are on screen', { timeout: 120_000 }, async () => {
    await open(CONFUSED)
    await page.getByText('2025-01-01').first().waitFor()
    await page.keyboard.press('KeyB')
    await page.getByRole('alert').getByText('Two patients on screen').waitFor()
    expect(faults).toEqual([])
  })

  it.each([1440, 1280, 1024])(
    'never shortens who it is, %i pixels wide',
    { timeout: 120_000 },
    async (width) => {
      await page.setViewportSize({ width, height: 800 })
      await open(LONG_NAME)
      // All there is to show: two panes that scroll by distance.
      await layout(1, 2)
      const seen = (text: string): Promise<string> =>
        page
          .locator('header')
          .getByText(text, { exact: true })
          .evaluate((element) => {
            const { left, right, top, bottom } = element.getBoundingClientRect()
            const ends = [left + 1, right - 1].map((x) => document.elementFromPoint(x, (top + bottom) / 2))
            const inLine = element.parentElement
            const isWhole = inLine !== null && right <= inLine.getBoundingClientRect().right + 1
            return isWhole && ends.every((end) => end === element) ? 'whole' : 'shortened'
          })
      for (const text of ['Fernandez de la Vega, Maria Consuelo', 'HOSPITAL-000123456', 'born 1961-04-12'])
        await expect.poll(() => seen(text)).toBe('whole')
      // Tools that lost their buttons are in the menu.
      await page.getByLabel('Turn, invert, fit').click()
      await page.getByRole('menuitem', { name: '1 : 1' }).click()
      await says(0, '100 %')
      await page.setViewportSize({ width: 1440, height: 900 })
      expect(faults).toEqual([])
    },
  )

  it('takes a series by drag and drop, and shows one pane alone and back', { timeout: 120_000 }, async () => {
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
    await says(2, 'C 411')
    // Nobody chose a window: the next slice has its own.
    await page.keyboard.press('ArrowDown')
    await says(2, 'C 412')
    expect(faults).toEqual([])
  })

  it('shows overlays of the file, and hides them by a key', { timeout: 120_000 }, async () => {
    await open(CURRENT)
    await layout(1, 2)
    await says(1, '11 / 20')
    const drawings = pane(1).locator('.viewport-element > div > canvas')
    await expect.poll(() => drawings.count()).toBe(1)
    await page.keyboard.press('Shift+KeyT')
    await says(1, 'Overlay hidden')
    await expect.poll(() => drawings.isVisible()).toBe(false)
    expect(await pane(0).getByText('Overlay hidden').count()).toBe(0)
    await page.keyboard.press('Shift+KeyT')
    await expect.poll(() => drawings.isVisible()).toBe(true)
    expect(faults).toEqual([])
  })

  it('says of each pane what may be relied on, and why', { timeout: 120_000 }, async () => {
    const strip = (number: number) => pane(number).locator('[data-care]')
    const name = async (number: number, expected: string): Promise<void> =>
      expect.poll(() => strip(number).getAttribute('aria-label'), { timeout: 25_000 }).toBe(expected)
    // All of them: the one that was left may be there for a moment yet.
    const told = async (): Promise<string> =>
      (await page.getByRole('tooltip').allTextContents()).join('\n– and –\n')
    const why = async (number: number, text: string): Promise<void> => {
      // In steps: a tooltip that is left waits a moment for a pointer on its way to it.
      await page.mouse.move(700, 5, { steps: 3 })
      await strip(number).hover()
      await expect.poll(told).toContain(text)
    }
    await open(TRUST)
    await layout(2, 3)
    await name(0, 'lossless, uniform 1.25 mm, calibrated')
    await name(1, 'Needs care: lossless, 2 missing, calibrated')
    await name(2, 'Needs care: lossy 12.5:1, uniform 3 mm, calibrated')
    await name(3, 'lossless, not spatial, calibrated by fiducial')
    await name(4, 'Needs care: lossless, not spatial, no mm, detector only')
    await why(0, 'nothing was ever lost')
    await why(1, '2 are missing between 3 and 4')
    await why(2, 'JPEG, 12.5:1')
    await why(3, '0.16 mm')
    await why(4, 'Lengths are given in pixels')
    // By keys alone: on the way from pane to pane, and the keys of the images stay theirs.
    await page.mouse.move(700, 5, { steps: 3 })
    await strip(0).focus()
    await page.keyboard.press('Tab')
    await expect.poll(told).toContain('2 are missing')
    expect(await strip(1).evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Home')
    await says(0, '1 / 8')
    // The wheel turns the stack under it.
    await page.mouse.wheel(0, -100)
    await strip(1).hover()
    await page.mouse.wheel(0, -100)
    await says(1, '3 / 7')
    // Without texts only what needs care is there, as signs; a click leaves the keys with the images.
    await strip(1).click()
    await page.keyboard.press('ArrowDown')
    await says(1, '4 / 7')
    await page.keyboard.press('KeyT')
    await expect.poll(() => strip(0).count()).toBe(0)
    await expect.poll(() => strip(1).count()).toBe(1)
    expect(await strip(1).getByText('missing').isVisible()).toBe(false)
    await page.keyboard.press('KeyT')
    await page.keyboard.press('Escape')
    expect(faults).toEqual([])
  })

  it('covers what the shutter of a file does, and lifts it by a key', { timeout: 120_000 }, async () => {
    await open(TRUST)
    await layout(2, 3)
    await says(4, '1 / 1')
    const shutter = pane(4).locator('[data-shutter] svg')
    await shutter.waitFor()
    expect(await pane(0).locator('[data-shutter] svg').count()).toBe(0)
    await page.keyboard.press('Shift+KeyS')
    await says(4, 'Shutter lifted')
    await expect.poll(() => shutter.isVisible()).toBe(false)
    expect(await pane(0).getByText('Shutter lifted').count()).toBe(0)
    await page.keyboard.press('Shift+KeyS')
    await expect.poll(() => shutter.isVisible()).toBe(true)
    expect(faults).toEqual([])
  })

  it('fits an image into a pane that became narrower', { timeout: 120_000 }, async () => {
    await open(CURRENT)
    await layout(1, 4)
    await says(1, '11 / 20')
    const width = (await pane(0).boundingBox())?.width ?? 0
    const zoom = async (): Promise<number> => {
      const text = (await pane(0).textContent()) ?? ''
      return Number(/(\d+) %/.exec(text)?.[1] ?? Infinity)
    }
    await expect.poll(async () => ((await zoom()) / 100) * 64 <= width).toBe(true)
    expect(faults).toEqual([])
  })

  it('keeps the scale that was chosen when a pane becomes narrower', { timeout: 120_000 }, async () => {
    await open(CURRENT)
    await page.keyboard.press('KeyO')
    await says(0, '100 %')
    const width = async (): Promise<number> => (await pane(0).boundingBox())?.width ?? 0
    const before = await width()
    await page.keyboard.press('KeyM')
    await expect.poll(width).toBeLessThan(before)
    await atRest(pane(0))
    await framesDrawn()
    await says(0, '100 %')
    expect(faults).toEqual([])
  })

  describe('measuring', () => {
    const texts = () => page.locator('section svg text')
    const shows = (text: string) => texts().filter({ hasText: text }).first().waitFor({ timeout: 25_000 })
    const gone = (text: string) => expect.poll(() => texts().filter({ hasText: text }).count()).toBe(0)
    /** Drags from and to so many image pixels from the middle of the image, shown one to one. */
    const draw = async (from: [number, number], to: [number, number]): Promise<void> => {
      const box = await page.locator('section canvas').first().boundingBox()
      const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2]
      await page.mouse.move(x + from[0], y + from[1])
      await page.mouse.down()
      await page.mouse.move(x + to[0], y + to[1], { steps: 5 })
      await page.mouse.up()
      await framesDrawn()
    }

    const drawnLines = (): Promise<string[]> =>
      page
        .locator('section svg line')
        .evaluateAll((lines) =>
          lines.map((line) => ['x1', 'y1', 'x2', 'y2'].map((name) => line.getAttribute(name)).join(' ')),
        )

    it('gives lengths and statistics as they are in the file', { timeout: 120_000 }, async () => {
      await open(CURRENT)
      await says(0, '21 / 40')
      await page.keyboard.press('KeyO')
      await says(0, '100 %')
      await page.keyboard.press('KeyD')
      await draw([-20, 25], [20, 25])
      await shows('40.0 mm')
      // The image was clicked: keys are still the page's.
      await page.keyboard.press('KeyQ')
      await draw([-10, -10], [10, 10])
      // Pixel values are row × 64 + column: rows and columns 22 to 41 are inside.
      await shows('Area 400.0 mm²')
      await shows('Mean 2047.5 HU')
      await shows('SD 369.1 HU')
      await shows('Min 1430 HU')
      expect(faults).toEqual([])
    })

    it('undoes and redoes, and shows marks on their own image only', { timeout: 120_000 }, async () => {
      await page.keyboard.press('Control+KeyZ')
      await gone('Mean')
      await page.keyboard.press('Control+Shift+KeyZ')
      await shows('Mean 2047.5 HU')
      await page.keyboard.press('ArrowDown')
      await says(0, '22 / 40')
      await gone('40.0 mm')
      await page.keyboard.press('ArrowUp')
      await shows('40.0 mm')
      await imageShown(pane(0), 21)
      expect(faults).toEqual([])
    })

    it('lists what was measured: jumps, names, hides, deletes', { timeout: 120_000 }, async () => {
      await page.keyboard.press('KeyM')
      const rows = page.locator('aside li')
      await expect.poll(() => rows.count()).toBe(2)
      await page.keyboard.press('Home')
      await says(0, '1 / 40')
      await gone('40.0 mm')
      await rows.first().locator('button').first().click()
      await says(0, '21 / 40')
      await shows('40.0 mm')
      await rows.first().getByLabel('Name').fill('Aorta')
      await page.keyboard.press('Enter')
      await shows('Aorta')
      await rows.first().getByLabel('Hide').click()
      await gone('40.0 mm')
      await rows.first().getByLabel('Show', { exact: true }).click()
      await shows('40.0 mm')
      await rows.first().getByLabel('Delete').click()
      await gone('40.0 mm')
      await expect.poll(() => rows.count()).toBe(1)
      expect(faults).toEqual([])
    })

    it('has them again after the page was closed, the last stroke too', { timeout: 120_000 }, async () => {
      await page.getByText('Saved as your draft').waitFor()
      await page.keyboard.press('KeyD')
      await draw([-20, 25], [20, 25])
      await shows('40.0 mm')
      // At once: what is not saved by now is saved while the page goes.
      await page.goto('about:blank')
      const draft = async (): Promise<number> => {
        const answer = await service.fetch(`/api/studies/${CURRENT}/draft`)
        return MarkDraft.parse(await answer.json()).marks.length
      }
      await expect.poll(draft).toBe(2)
      await open(CURRENT)
      await says(0, '21 / 40')
      await shows('Mean 2047.5 HU')
      await shows('40.0 mm')
      expect(faults).toEqual([])
    })

    it('keeps marks through a change of layout', { timeout: 120_000 }, async () => {
      await layout(1, 2)
      await says(1, '11 / 20')
      await shows('Mean 2047.5 HU')
      await layout(1, 1)
      await expect.poll(() => page.locator('[data-pane]').count()).toBe(1)
      await shows('Mean 2047.5 HU')
      expect(faults).toEqual([])
    })

    it(
      'says when they are not saved, list or no list, and saves them later',
      { timeout: 120_000 },
      async () => {
        const fault = page.getByLabel('Not saved yet')
        await page.route('**/draft', (route) => route.abort())
        await page.keyboard.press('KeyJ')
        await draw([5, 5], [5, 5])
        await fault.waitFor()
        await page.unroute('**/draft')
        await expect.poll(() => fault.count()).toBe(0)
        expect(faults).toEqual([])
      },
    )

    it(
      'saves them as a report: the same marks and numbers, read-only, after a reload',
      { timeout: 180_000 },
      async () => {
        const rows = page.locator('aside li')
        const savedRows = page.locator('aside li[data-saved]')
        await page.keyboard.press('Control+KeyS')
        await page.getByText('3 saved as a report').waitFor()
        await expect.poll(() => savedRows.count()).toBe(3)
        const before = await savedRows.allInnerTexts()
        const answer = await service.fetch(`/api/studies/${CURRENT}/draft`)
        expect(MarkDraft.parse(await answer.json()).marks).toEqual([])

        await open(CURRENT)
        await says(0, '21 / 40')
        await shows('Mean 2047.5 HU')
        await shows('40.0 mm')
        await page.keyboard.press('KeyM')
        await expect.poll(() => savedRows.allInnerTexts()).toEqual(before)
        // Dragged, it stays; and there is nothing to undo.
        await atRest(pane(0))
        await page.keyboard.press('KeyO')
        await says(0, '100 %')
        // Where they are once the pane has become narrower, which takes a renderer in software its time.
        let lines: string[] = []
        await expect
          .poll(
            async () => {
              const [earlier, now] = [lines, await drawnLines()]
              lines = now
              return now.length > 0 && now.join() === earlier.join()
            },
            { interval: 700 },
          )
          .toBe(true)
        await draw([-20, 25], [0, -25])
        expect(await drawnLines()).toEqual(lines)
        expect(await savedRows.count()).toBe(3)
        expect(await rows.count()).toBe(3)

        // Taken into the draft it is the reader's again, once.
        await savedRows.filter({ hasText: '40.0 mm' }).getByLabel('Change').click()
        await expect.poll(() => savedRows.count()).toBe(2)
        await rows.first().getByLabel('Name').fill('Aorta')
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Save measurements' }).click()
        await page.getByText('1 saved as a report').waitFor()
        await expect.poll(() => savedRows.count()).toBe(3)
        await savedRows.first().getByText('Aorta').waitFor()
        expect(faults).toEqual([])
      },
    )

    it('says why a report could not be made, and keeps the draft', { timeout: 120_000 }, async () => {
      await page.keyboard.press('KeyD')
      await draw([-30, -25], [30, -25])
      await shows('60.0 mm')
      await page.route('**/reports/measurements', (route) =>
        route.request().method() === 'POST' ? route.abort() : route.continue(),
      )
      await page.keyboard.press('Control+KeyS')
      await page.getByText('Not saved as a report; the draft is kept.').waitFor()
      await page.unroute('**/reports/measurements')
      await shows('60.0 mm')
      await page.keyboard.press('Control+KeyS')
      await page.getByText('1 saved as a report').waitFor()
      expect(faults).toEqual([])
    })
  })
}
