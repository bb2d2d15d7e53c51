import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Queryable } from '../../core/ports/database.ts'
import { workCounts } from '../../core/work/work-table.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dropFiles } from '../support/drop-files.ts'
import { firstFrame } from '../support/first-frame.ts'
import { allOf, describeWith } from '../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../support/shared-dicom.ts'
import { ADMIN, startService, type RunningService } from '../support/running-service.ts'
import { CLUSTER_SERVERS } from '../support/servers.ts'

/** Two studies of one patient, three series of one slice each; and a stack of 128 slices. */
const FOLDERS = ['series/ct-prior-current', 'series/mr-pacsman-phantom-128']
/** A CT slice, and how its file says it is to be shown (read with dcmdump). */
const SLICE = {
  path: 'series/ct-prior-current/A002304/axial/19010112-135.dcm',
  series: 'CHEST 1.25 MM',
  slope: 1,
  intercept: -1024,
  center: 40,
  width: 350,
}
/** Grey levels of 256 that rounding in a renderer may cost, and the share of pixels that must keep to it. */
const TOLERANCE = 2
const SHARE = 0.99

const SCANS = allOf(CHROMIUM, SHARED_DICOM)

describeWith(SCANS, 'from a dropped folder to pixels on the screen, embedded', () => road('embedded'))
describeWith(allOf(SCANS, CLUSTER_SERVERS), 'from a dropped folder to pixels on the screen, cluster', () =>
  road('cluster'),
)

function road(stack: 'embedded' | 'cluster'): void {
  const folder = sharedDicom() ?? ''
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService(stack)
    browser = await openBrowser()
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
    page = await context.newPage()
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) faults.push(message.text())
    })
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('signs in, takes dropped folders, and lists the studies by itself', { timeout: 180_000 }, async () => {
    await page.goto(service.url)
    await page.fill('input[type=email], input[name=email]', ADMIN.email)
    await page.fill('input[type=password]', ADMIN.password)
    await page.keyboard.press('Enter')
    const row = (name: string) => page.getByText(name).first()
    await page.waitForSelector('header nav')
    // A second page shows the worklist all the while: it must fill without a reload.
    const watching = await page.context().newPage()
    await watching.goto(service.url)
    await watching.waitForSelector('header nav')
    await dropFiles(
      page,
      FOLDERS.map((name) => join(folder, name)),
    )
    await watching.getByText('PACSMAN').first().waitFor({ timeout: 45_000 })
    await service.withPacs(async ({ database }) => {
      await expect.poll(() => countInstances(database), { timeout: 45_000 }).toBe(6 + 128)
      await expect
        .poll(() => workCounts(database), { timeout: 45_000 })
        .toEqual({ pending: 0, running: 0, failed: 0 })
    })
    await expect.poll(() => watching.locator('img[src*="/thumbnail"]').count()).toBe(3)
    await watching.close()
    await page.goto(service.url)
    await row('PACSMAN').waitFor()
  })

  it('draws a CT slice as its file says, pixel by pixel', { timeout: 60_000 }, async () => {
    await page.goto(`${service.url}/studies/${uidOf(SLICE.path)}`)
    // Another series is ready before this one is chosen.
    await page.waitForSelector('section[data-status=ready]')
    await page.getByRole('button', { name: SLICE.series }).click()
    await pane(page).getByText(SLICE.series).first().waitFor()
    await page.waitForSelector('section[data-status=ready]')
    // One screen pixel an image pixel, and no text over it.
    await page.keyboard.press('KeyO')
    await pane(page).getByText('100 %').first().waitFor()
    await page.keyboard.press('KeyT')
    const reference = referenceRendering(join(folder, SLICE.path))
    await expect
      .poll(async () => bestMatch(await canvasPixels(page), reference), { interval: 500 })
      .toBeGreaterThan(SHARE)
    expect(faults).toEqual([])
  })

  it('scrolls through a stack by keys and wheel', { timeout: 60_000 }, async () => {
    await page.goto(`${service.url}/studies/${uidOf(`${FOLDERS[1]}/slice0.dcm`)}`)
    await page.waitForSelector('section[data-status=ready]')
    await page.getByText('65 / 128').waitFor()
    const middle = await canvasPixels(page)
    await page.keyboard.press('ArrowDown')
    await page.getByText('66 / 128').waitFor()
    await page.keyboard.press('Home')
    await page.getByText(/(^|\n)1 \/ 128/).waitFor()
    await page.mouse.move(800, 450)
    for (const number of [2, 3, 4]) {
      await page.mouse.wheel(0, 100)
      await page.getByText(new RegExp(`(^|\\n)${number} / 128`)).waitFor()
    }
    await page.keyboard.press('End')
    await page.getByText('128 / 128').waitFor()
    await expect.poll(async () => differs(middle, await canvasPixels(page))).toBe(true)
    await page.getByText('All 128 here').waitFor()
    expect(faults).toEqual([])
  })
}

function countInstances(database: Queryable): Promise<number> {
  return database.query<{ n: number }>('select count(*) as n from instance').then((rows) => rows[0]?.n ?? 0)
}

const uidOf = (path: string): string => manifest().find((row) => row.path === path)?.StudyInstanceUID ?? ''

interface Gray {
  readonly width: number
  readonly height: number
  readonly values: Uint8Array
}

const pane = (page: Page) => page.locator('[data-pane="0"]')

/** The red channel of what is drawn. */
async function canvasPixels(page: Page): Promise<Gray> {
  const shown = await page.evaluate(() => {
    const canvas = [...document.querySelectorAll('section canvas')].find(
      (each): each is HTMLCanvasElement => each instanceof HTMLCanvasElement && each.width > 300,
    )
    const context = canvas?.getContext('2d')
    if (canvas === undefined || context == null) return undefined
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    let text = ''
    for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at] ?? 0)
    return { width: canvas.width, height: canvas.height, text: btoa(text) }
  })
  if (shown === undefined) throw new Error('no canvas is shown')
  return {
    width: shown.width,
    height: shown.height,
    values: new Uint8Array(Buffer.from(shown.text, 'base64')),
  }
}

/** PS3.3 C.11.2.1.2.1 and the rescale, written once more for the test: it must not share the viewer's code. */
function referenceRendering(path: string): Gray {
  const frame = firstFrame(path)
  if (frame?.scanned.pixels === undefined) throw new Error('no pixels')
  const { rows, columns } = frame.scanned.pixels
  const stored = new Int16Array(Uint8Array.from(readFileSync(path).subarray(-rows * columns * 2)).buffer)
  const values = Uint8Array.from(stored, (value) => {
    const measured = value * SLICE.slope + SLICE.intercept
    const level = ((measured - (SLICE.center - 0.5)) / (SLICE.width - 1) + 0.5) * 255
    return Math.round(Math.max(0, Math.min(255, level)))
  })
  return { width: columns, height: rows, values }
}

/** The share of the image's pixels that agree within the tolerance, at the best place within two pixels of the centre. */
function bestMatch(shown: Gray, image: Gray): number {
  const left = Math.round((shown.width - image.width) / 2)
  const top = Math.round((shown.height - image.height) / 2)
  let best = 0
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) {
      let agree = 0
      for (let y = 0; y < image.height; y++) {
        for (let x = 0; x < image.width; x++) {
          const is = shown.values[(top + dy + y) * shown.width + left + dx + x] ?? 0
          if (Math.abs(is - (image.values[y * image.width + x] ?? 0)) <= TOLERANCE) agree++
        }
      }
      best = Math.max(best, agree / (image.width * image.height))
    }
  }
  return best
}

function differs(a: Gray, b: Gray): boolean {
  return a.values.some((value, index) => value !== b.values[index])
}
