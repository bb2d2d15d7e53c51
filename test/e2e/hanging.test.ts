import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { panesShown } from '../support/shown-panes.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const MAMMOGRAM = newUid()
const EARLIER = newUid()
const CT = [newUid(), newUid()] as const
const [ROWS, COLUMNS] = [240, 160]
const BRIGHT = 3000

/** A breast as a half disc at its chest wall, which is at the side of the image that PatientOrientation says. */
function breast(
  study: string,
  laterality: 'R' | 'L',
  view: 'CC' | 'MLO',
  row: 'A' | 'P',
  rows = ROWS,
): Buffer {
  const pixels = new Int16Array(rows * COLUMNS)
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < COLUMNS; x++) {
      const fromWall = row === 'P' ? COLUMNS - 1 - x : x
      if (Math.hypot(fromWall, y - rows / 2) < 90) pixels[y * COLUMNS + x] = BRIGHT
    }
  const column = view === 'MLO' ? 'F' : laterality === 'R' ? 'L' : 'R'
  return dicom()
    .ct({ rows, columns: COLUMNS })
    .pixels(new Uint8Array(pixels.buffer))
    .uids({ study, series: newUid(), instance: newUid() })
    .set('Modality', 'CS', ['MG'])
    .set('PatientName', 'PN', [{ Alphabetic: 'Li^Na' }])
    .set('PatientID', 'LO', ['M1'])
    .set('StudyDate', 'DA', [study === EARLIER ? '20240301' : '20260301'])
    .set('StudyDescription', 'LO', ['Screening'])
    .set('BodyPartExamined', 'CS', ['BREAST'])
    .set('SeriesDescription', 'LO', [`${laterality} ${view}`])
    .set('ImageLaterality', 'CS', [laterality])
    .set('ViewPosition', 'CS', [view])
    .set('PatientOrientation', 'CS', [row, column])
    .set('ImagerPixelSpacing', 'DS', [0.5, 0.5])
    .set('WindowCenter', 'DS', [BRIGHT / 2])
    .set('WindowWidth', 'DS', [BRIGHT])
    .build()
}

function slices(study: string, number: number, description: string, count: number): Buffer[] {
  const series = newUid()
  return Array.from({ length: count }, (_, index) =>
    dicom()
      .ct({ rows: 64, columns: 64 })
      .uids({ study, series, instance: newUid() })
      .set('PatientID', 'LO', [study === CT[0] ? 'C1' : 'C2'])
      .set('SeriesNumber', 'IS', [number])
      .set('SeriesDescription', 'LO', [description])
      .set('BodyPartExamined', 'CS', ['CHEST'])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('ImagePositionPatient', 'DS', [0, 0, index])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [1, 1])
      .set('WindowCenter', 'DS', [2000])
      .set('WindowWidth', 'DS', [4000])
      .build(),
  )
}

const FILES = [
  // Out of order, and one filed the other way round.
  breast(MAMMOGRAM, 'L', 'MLO', 'A'),
  breast(MAMMOGRAM, 'R', 'MLO', 'A'),
  breast(MAMMOGRAM, 'R', 'CC', 'P'),
  breast(MAMMOGRAM, 'L', 'CC', 'A', 320),
  breast(EARLIER, 'R', 'CC', 'P'),
  breast(EARLIER, 'L', 'CC', 'A'),
  ...CT.flatMap((study) => [
    ...slices(study, 1, 'soft', 6),
    ...slices(study, 2, 'lung', 9),
    ...slices(study, 3, 'bone', 4),
  ]),
]

describeWith(CHROMIUM, 'hanging protocols', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)
  const panes = () => page.locator('[data-pane]')
  const trigger = () => page.locator('button[data-hanging]')

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(FILES) })
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

  /** How bright the pane is at its left and right edge, and how high the bright part there is, in rows. */
  async function edges(number: number): Promise<{ left: number; right: number; height: number }> {
    const canvas = pane(number).locator('canvas').first()
    const { data, info } = await sharp(await canvas.screenshot())
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const brightRows = (column: number): number => {
      let count = 0
      for (let row = 0; row < info.height; row++) if ((data[row * info.width + column] ?? 0) > 200) count++
      return count
    }
    // Beside the ring of the active pane, the slice bar and the letters.
    const [left, right] = [brightRows(16), brightRows(info.width - 24)]
    return { left, right, height: Math.max(left, right) }
  }

  it('hangs a mammogram four-up, back to back, at one scale', { timeout: 120_000 }, async () => {
    await open(MAMMOGRAM, 4)
    await expect.poll(() => trigger().getAttribute('data-hanging')).toBe('built-in:mg')
    for (const [number, text] of ['R CC', 'L CC', 'R MLO', 'L MLO'].entries())
      await pane(number).getByText(text).first().waitFor()
    await expect
      .poll(
        async () => {
          const seen = []
          for (const number of [0, 1, 2, 3]) seen.push(await edges(number))
          return seen.map(({ left, right }) =>
            left > 40 && right < 10 ? 'left' : right > 40 && left < 10 ? 'right' : `${left} ${right}`,
          )
        },
        { timeout: 30_000 },
      )
      .toEqual(['right', 'left', 'right', 'left'])
    // One image is higher than the others: where each is fitted by itself, its breast would be smaller.
    await expect
      .poll(
        async () => {
          const [one, other] = [await edges(0), await edges(1)]
          return Math.abs(one.height - other.height)
        },
        { timeout: 30_000 },
      )
      .toBeLessThan(6)
    expect(faults).toEqual([])
  })

  it('goes through the steps by key, to the prior, and back', { timeout: 120_000 }, async () => {
    await open(MAMMOGRAM, 4)
    // The step with the prior is there once it is known that there is one.
    await page.getByText('2024-03-01').first().waitFor()
    await page.keyboard.press('Period')
    await shows(2)
    for (const [number, text] of ['R CC', 'L CC'].entries())
      await pane(number).getByText(text).first().waitFor()
    await page.keyboard.press('Period')
    await pane(0).getByText('R MLO').first().waitFor()
    await page.keyboard.press('Period')
    await pane(0).getByText('R CC').first().waitFor()
    await shows(2)
    await pane(1).getByText(/2024/).first().waitFor()
    await page.keyboard.press('Comma')
    await pane(1).getByText('L MLO').first().waitFor()
    expect(faults).toEqual([])
  })

  it('remembers an arrangement, for the next study of the kind', { timeout: 120_000 }, async () => {
    await open(CT[0], 1)
    await pane(0).getByText('lung').first().waitFor()
    for (const key of ['KeyX', 'Digit1', 'Digit2']) await page.keyboard.press(key)
    await shows(2)
    await pane(1).getByText('bone').first().waitFor()
    await page.keyboard.press('i')
    await page.keyboard.press('Shift+X')
    await page.getByRole('menuitem', { name: 'Remember this arrangement…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('My chest')
    expect(await dialog.getByLabel('Body part').inputValue()).toBe('CHEST')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await trigger().getByText('My chest').waitFor()

    for (const study of CT) {
      await open(study, 2)
      await trigger().getByText('My chest').waitFor()
      await pane(0).getByText('lung').first().waitFor()
      await pane(1).getByText('bone').first().waitFor()
    }
    // Another protocol by menu; then one's own is deleted, and the built-in one hangs again.
    await page.keyboard.press('Shift+X')
    await page.getByRole('menuitemcheckbox', { name: /^CT/ }).click()
    await shows(1)
    await page.keyboard.press('Shift+X')
    await page.getByRole('menuitem', { name: 'Edit arrangements…' }).click()
    page.once('dialog', (question) => void question.accept())
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByText('My chest').waitFor({ state: 'detached' })
    await open(CT[1], 1)
    expect(await panes().count()).toBe(1)
    expect(faults).toEqual([])
  })

  it('takes a changed built-in protocol until it is restored', { timeout: 120_000 }, async () => {
    await open(CT[0], 1)
    await page.keyboard.press('Shift+X')
    await page.getByRole('menuitem', { name: 'Edit arrangements…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('li').filter({ hasText: /^CTCT/ }).getByRole('button', { name: 'Edit' }).click()
    await dialog.getByLabel('Columns').selectOption('3')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByRole('button', { name: 'Restore built-in' }).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await shows(3)
    await page.keyboard.press('Shift+X')
    await page.getByRole('menuitem', { name: 'Edit arrangements…' }).click()
    await dialog.getByRole('button', { name: 'Restore built-in', exact: true }).click()
    await dialog.getByRole('button', { name: 'Restore built-in' }).waitFor({ state: 'detached' })
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await shows(1)
    expect(faults).toEqual([])
  })
})
