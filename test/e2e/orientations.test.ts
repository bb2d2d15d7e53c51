import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { cross3, length3, minus3, plus3, times3, type Vector3 } from '../../core/measurements/space.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

/** Directions of the patient (PS3.3 C.7.6.2.1.1). */
const L: Vector3 = [1, 0, 0]
const R: Vector3 = [-1, 0, 0]
const P: Vector3 = [0, 1, 0]
const A: Vector3 = [0, -1, 0]
const LETTER_OF = new Map([
  [L, 'L'],
  [R, 'R'],
  [P, 'P'],
  [A, 'A'],
])
const OPPOSITE: Readonly<Record<string, string>> = { L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H' }

/**
 * How rows and columns lie in a patient who lies so in the gantry (PS3.3 C.7.3.1.1.2): the gantry's columns go down, its
 * rows so that the slices of a patient who goes in with the head first go to the head.
 */
const POSITIONS: readonly (readonly [position: string, row: Vector3, column: Vector3])[] = [
  ['HFS', L, P],
  ['HFP', R, A],
  ['FFS', R, P],
  ['FFP', L, A],
  ['HFDR', P, R],
  ['HFDL', A, L],
  ['FFDR', A, R],
  ['FFDL', P, L],
]

const SIZE = 64
const SLICES = 40
const PIXEL = 1.5
/** To the left, in front, and towards the head of the middle; so large that the middle planes cut it. Millimetres. */
const BALL: Vector3 = [14, -16, 12]
const RADIUS = 22
/** The letters of the sides on which the ball is. */
const OF_BALL = ['L', 'A', 'H']

/** A ball in a box that a scanner saw so. */
function scan(study: string, position: string, row: Vector3, column: Vector3): Buffer[] {
  const [series, frame] = [newUid(), newUid()]
  const normal = cross3(row, column)
  return Array.from({ length: SLICES }, (_, slice) => {
    const middle = times3(normal, (slice - (SLICES - 1) / 2) * PIXEL)
    const corner = minus3(middle, times3(plus3(row, column), ((SIZE - 1) * PIXEL) / 2))
    const values = new Int16Array(SIZE * SIZE)
    for (let j = 0; j < SIZE; j++)
      for (let i = 0; i < SIZE; i++) {
        const place = plus3(corner, plus3(times3(row, i * PIXEL), times3(column, j * PIXEL)))
        values[j * SIZE + i] = length3(minus3(place, BALL)) < RADIUS ? 1000 : -500
      }
    return dicom()
      .ct({ rows: SIZE, columns: SIZE })
      .pixels(new Uint8Array(values.buffer))
      .uids({ study, series, instance: newUid() })
      .set('SeriesDescription', 'LO', [position])
      .set('PatientPosition', 'CS', [position])
      .set('InstanceNumber', 'IS', [slice + 1])
      .set('FrameOfReferenceUID', 'UI', [frame])
      .set('ImagePositionPatient', 'DS', [...corner])
      .set('ImageOrientationPatient', 'DS', [...row, ...column])
      .set('PixelSpacing', 'DS', [PIXEL, PIXEL])
      .set('WindowCenter', 'DS', [250])
      .set('WindowWidth', 'DS', [1500])
      .build()
  })
}

/** The letters at the top, the right, the bottom and the left of slices with these directions. */
function lettersOf(row: Vector3, column: Vector3): string {
  const [right = '', bottom = ''] = [LETTER_OF.get(row), LETTER_OF.get(column)]
  return `${OPPOSITE[bottom] ?? ''} ${right} ${bottom} ${OPPOSITE[right] ?? ''}`
}

/** After a quarter to the right: what was at the left is at the top. After a flip: left and right change places. */
const quarterTurned = (letters: string): string => {
  const [top, right, bottom, left] = letters.split(' ')
  return [left, top, right, bottom].join(' ')
}
const flipped = (letters: string): string => {
  const [top, right, bottom, left] = letters.split(' ')
  return [top, left, bottom, right].join(' ')
}

describeWith(CHROMIUM, 'letters at the edges, drawn on canvases', () => letters({ webgl: false }))
describeWith(CHROMIUM, 'letters at the edges, drawn by WebGL', () => letters({ webgl: true }))

function letters({ webgl }: { webgl: boolean }): void {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const studies = POSITIONS.map(([position, row, column]) => ({ position, row, column, study: newUid() }))
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)

  async function lettersIn(number: number): Promise<string> {
    const shown = await pane(number).locator('section [aria-hidden]').allTextContents()
    return shown.filter((text) => /^[LRAPHF]{1,2}$/.test(text)).join(' ')
  }

  /** The letters of the two sides of the pane's middle on which its bright pixels are; what is not clear is said. */
  async function brightSides(number: number): Promise<string[]> {
    const [top = '', right = '', bottom = '', left = ''] = (await lettersIn(number)).split(' ')
    const away = await pane(number)
      .locator('canvas')
      .first()
      .evaluate((element) => {
        const { width, height } = element as HTMLCanvasElement
        const context = (element as HTMLCanvasElement).getContext('2d')
        const { data } = context?.getImageData(0, 0, width, height) ?? { data: [] }
        let [x, y, count] = [0, 0, 0]
        for (let at = 0; at < data.length; at += 4) {
          if ((data[at] ?? 0) < 128) continue
          x += (at / 4) % width
          y += Math.floor(at / 4 / width)
          count++
        }
        return { x: x / count - width / 2, y: y / count - height / 2, count, clear: height / 40 }
      })
    if (!(away.count > 100)) return ['nothing is bright']
    if (Math.min(Math.abs(away.x), Math.abs(away.y)) < away.clear)
      return [`in the middle: ${away.x} ${away.y}`]
    return [away.x > 0 ? right : left, away.y > 0 ? bottom : top]
  }

  /** The pane has these letters, and the ball lies where they say that it lies. */
  async function isTrue(number: number, expected: string): Promise<void> {
    await expect.poll(() => lettersIn(number), { timeout: 30_000 }).toBe(expected)
    await expect
      .poll(async () => (await brightSides(number)).filter((side) => !OF_BALL.includes(side)), {
        timeout: 30_000,
      })
      .toEqual([])
  }

  /** So it stays when the pane is turned, turned over, and put back. */
  async function staysTrue(number: number, expected: string): Promise<void> {
    await isTrue(number, expected)
    await page.keyboard.press('KeyR')
    await isTrue(number, quarterTurned(expected))
    await page.keyboard.press('KeyH')
    await isTrue(number, flipped(quarterTurned(expected)))
    await page.keyboard.press('KeyH')
    await page.keyboard.press('KeyL')
    await isTrue(number, expected)
  }

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    for (const { study, position, row, column } of studies) {
      const files = scan(study, position, row, column)
      const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
      expect(sent.status).toBe(200)
    }
    browser = await openBrowser({ webgl })
    page = await signedInPage(browser, service, faults, { webgl })
  }, 300_000)
  beforeEach(() => void faults.splice(0))
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it.each(studies)(
    'say where the patient’s left, front and head are: $position',
    { timeout: 180_000 },
    async ({ study, row, column }) => {
      await page.goto(`${service.url}/studies/${study}`)
      await page.waitForSelector('section[data-status=ready]', { timeout: 60_000 })
      await staysTrue(0, lettersOf(row, column))
      // Planes are hung alike, however the patient lay.
      await page.keyboard.press('KeyN')
      await expect
        .poll(() => page.locator('[data-plane]').allTextContents(), { timeout: 60_000 })
        .toEqual(['Axial', 'Coronal', 'Sagittal'])
      // A few frames on, a pane no longer counts as ready by what it showed before.
      await page.evaluate(async () => {
        for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame)
      })
      await expect.poll(() => page.locator('section[data-status=ready]').count(), { timeout: 60_000 }).toBe(4)
      for (const [number, expected] of ['A L P R', 'H L F R', 'H P F A'].entries()) {
        await staysTrue(number, expected)
        await page.keyboard.press('BracketRight')
      }
      expect(faults).toEqual([])
    },
  )
}
