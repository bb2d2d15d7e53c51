import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { firstNumber, firstString, numbers } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { framePlanesOf } from '../../core/measurements/frame-planes.ts'
import { dot3, plus3, times3 } from '../../core/measurements/space.ts'
import { geometryOfPlanes } from '../../core/measurements/stack-geometry.ts'
import { sampleStudies } from '../../core/samples/sample-studies.ts'
import { PLANE_NAMES, planeOrigin, planeStackOf, UPRIGHT } from '../../core/volume/reformat-planes.ts'
import { volumeGridOf } from '../../core/volume/volume-grid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { axialSliceOf, valueAt, type AxialSlice } from '../support/axial-slices.ts'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../support/shared-dicom.ts'
import { signedInPage } from '../support/signed-in-page.ts'

/** Grey levels of 255: of rounding to whole Hounsfield units, and to whole levels. */
const TOLERANCE = 1
/** Of the pixels compared. */
const WITHIN = 0.999

const headPhantom = (): Promise<Buffer[]> =>
  Promise.resolve(
    manifest()
      .filter(({ path }) => path.startsWith('series/ct-head-phantom-140/axial-1mm/'))
      .map(({ path }) => readFileSync(join(sharedDicom() ?? '', path))),
  )

async function sampleCt(): Promise<Buffer[]> {
  const files: Buffer[] = []
  const study = sampleStudies().find(({ name }) => name === 'chest CT 2025')
  for await (const { chunks } of study?.instances() ?? []) files.push(Buffer.concat(chunks))
  return files
}

describeWith(SHARED_DICOM, 'with the reference scans', () => {
  describeWith(CHROMIUM, 'the panes of planes through the CT of 140 slices', () => panes(headPhantom, 140))
})
describeWith(CHROMIUM, 'the panes of planes through the sample CT', () => panes(sampleCt, 60))

function panes(read: () => Promise<Buffer[]>, count: number): void {
  let service: RunningService
  let browser: Browser
  let page: Page
  let slices: AxialSlice[] = []
  const faults: string[] = []

  beforeAll(async () => {
    const files = await read()
    slices = files.map(axialSliceOf).sort((one, other) => one.z - other.z)
    await buildViewer()
    service = await startService('embedded')
    for (let from = 0; from < files.length; from += 20) {
      const some = multipart(files.slice(from, from + 20))
      const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...some })
      expect(sent.status).toBe(200)
    }
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
    const study = firstString(slices[0]?.json ?? {}, Tag.StudyInstanceUID) ?? ''
    await page.goto(`${service.url}/studies/${study}`)
    await page.waitForSelector('section[data-status=ready]', { timeout: 60_000 })
    await page.keyboard.press('KeyN')
    // All of the volume is here once no plane says how much is.
    await expect
      .poll(() => page.locator('[data-plane]').allTextContents(), { timeout: 120_000 })
      .toEqual(['Axial', 'Coronal', 'Sagittal'])
    for (let number = 0; number < 3; number++) {
      await page.keyboard.press('KeyO')
      await page.locator(`[data-pane="${number}"]`).getByText('100 %').first().waitFor()
      await page.keyboard.press('BracketRight')
    }
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  /** What a pane says and shows: its text, and its canvas in grey levels, row by row. */
  const shown = (number: number) =>
    page.locator(`[data-pane="${number}"]`).evaluate((pane) => {
      const canvas = pane.querySelector('canvas')
      const { width = 0, height = 0 } = canvas ?? {}
      const { data } = canvas?.getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] }
      const grey = Array.from({ length: width * height }, (_, at) => data[4 * at] ?? 0)
      return { text: (pane as HTMLElement).innerText, width, height, grey }
    })

  it.each(PLANE_NAMES.map((name, number) => ({ name, number })))(
    'equal a resampling of its files, windowed: $name',
    { timeout: 120_000 },
    async ({ name, number }) => {
      expect(slices).toHaveLength(count)
      const planes = slices.flatMap(({ json }) => framePlanesOf(json))
      const sizes = slices.map(({ json }) => {
        const [row = 1, column = 1] = numbers(json, Tag.PixelSpacing)
        return {
          rows: firstNumber(json, Tag.Rows) ?? 0,
          columns: firstNumber(json, Tag.Columns) ?? 0,
          spacing: { row, column },
        }
      })
      const grid = volumeGridOf(planes, sizes, geometryOfPlanes(planes))
      if (typeof grid === 'string') throw new Error(grid)
      const stack = planeStackOf(grid, UPRIGHT[name])
      const { text, width, height, grey } = await shown(number)
      const said = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? NaN)
      const [windowWidth, centre] = [said(/W (-?[\d.]+)/), said(/C (-?[\d.]+)/)]
      const position = said(/Slice (-?[\d.]+) mm/)
      // The plane whose place the pane names, to a tenth of a millimetre.
      const index = Math.round((position - dot3(stack.origin, stack.normal)) / stack.spacing)
      expect(Math.abs(dot3(planeOrigin(stack, index), stack.normal) - position)).toBeLessThan(0.051)

      const levelOf = (value: number): number =>
        255 * Math.min(1, Math.max(0, (value - (centre - 0.5)) / (windowWidth - 1) + 0.5))
      const expected = (column: number, row: number): number | undefined => {
        const along = plus3(times3(stack.row, column * stack.pixel), times3(stack.column, row * stack.pixel))
        return valueAt(slices, plus3(planeOrigin(stack, index), along))
      }
      /** How many pixels are right, of those compared, with the plane's first pixel at a place of the canvas. */
      const compare = (left: number, top: number): { right: number; all: number } => {
        let [right, all] = [0, 0]
        for (let row = Math.max(0, -top); row < stack.rows && row + top < height; row += 2)
          for (
            let column = Math.max(0, -left);
            column < stack.columns && column + left < width;
            column += 2
          ) {
            const value = expected(column, row)
            if (value === undefined) continue
            all++
            const is = grey[(row + top) * width + column + left] ?? NaN
            if (Math.abs(is - levelOf(value)) <= TOLERANCE + 0.5) right++
          }
        return { right, all }
      }
      // In the middle; where half a pixel is left over, it may lie on either side.
      const places = [Math.floor, Math.ceil].flatMap((x) =>
        [Math.floor, Math.ceil].map(
          (y) => [x((width - stack.columns) / 2), y((height - stack.rows) / 2)] as const,
        ),
      )
      const best = places
        .map(([left, top]) => compare(left, top))
        .reduce((one, other) => (other.right > one.right ? other : one))
      expect(best.all).toBeGreaterThan(10_000)
      expect(best.right / best.all).toBeGreaterThanOrEqual(WITHIN)
      expect(faults).toEqual([])
    },
  )
}
