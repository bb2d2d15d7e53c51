import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { cross3, minus3, length3, plus3, times3, type Vector3 } from '../../core/measurements/space.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const HEAD_FIRST_SUPINE = newUid()
/** Feet first, face down: rows still go to the left, columns and slices the other way. */
const FEET_FIRST_PRONE = newUid()
const SINGLE = newUid()

const PIXEL = 1.25
const SIZE = 64
const STEP = 1.5
const SLICES = 41
/** To the left of the middle, in front of it, and at the middle slice. Millimetres. */
const BALL: Vector3 = [18, -12, 30]
const RADIUS = 7

/** A ball in a box, as a scanner would write it for a patient who lies so. */
function scan(study: string, row: Vector3, column: Vector3, slices = SLICES): Buffer[] {
  const series = newUid()
  const frame = newUid()
  const normal = cross3(row, column)
  const half = ((SIZE - 1) * PIXEL) / 2
  const middle: Vector3 = [0, 0, ((SLICES - 1) * STEP) / 2]
  return Array.from({ length: slices }, (_, slice) => {
    const centre = plus3(middle, times3(normal, (slice - (SLICES - 1) / 2) * STEP))
    const corner = minus3(minus3(centre, times3(row, half)), times3(column, half))
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
      .set('SeriesDescription', 'LO', ['ball'])
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

describeWith(CHROMIUM, 'planes through a series, drawn on canvases', () => planes({ webgl: false }))
describeWith(CHROMIUM, 'planes through a series, drawn by WebGL', () => planes({ webgl: true }))

function planes({ webgl }: { webgl: boolean }): void {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)
  const says = (number: number, text: string | RegExp) =>
    pane(number).getByText(text).first().waitFor({ timeout: 30_000 })
  const letters = async (number: number): Promise<string> => {
    const section = await pane(number).locator('section [aria-hidden]').allTextContents()
    return section.filter((text) => /^[LRAPHF]{1,2}$/.test(text)).join(' ')
  }

  async function openPlanes(study: string): Promise<void> {
    await page.goto(`${service.url}/studies/${study}`)
    await page.waitForSelector('section[data-status=ready]')
    await page.keyboard.press('KeyN')
    await allPlanes()
  }

  async function allPlanes(): Promise<void> {
    await expect.poll(() => page.locator('[data-pane]').count()).toBe(4)
    // All of the volume is here once no plane says how much is.
    await expect
      .poll(() => page.locator('[data-plane]').allTextContents(), { timeout: 30_000 })
      .toEqual(['Axial', 'Coronal', 'Sagittal'])
    await expect.poll(() => page.locator('section[data-status=ready]').count(), { timeout: 30_000 }).toBe(4)
  }

  /** The middle of what is bright in a pane, CSS pixels of its canvas; undefined: nothing is. */
  const brightIn = (number: number) =>
    pane(number)
      .locator('canvas')
      .first()
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement
        const { width, height } = canvas
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] }
        let [x, y, count] = [0, 0, 0]
        for (let at = 0; at < data.length; at += 4) {
          if ((data[at] ?? 0) < 128) continue
          x += (at / 4) % width
          y += Math.floor(at / 4 / width)
          count++
        }
        const scale = canvas.getBoundingClientRect().width / width
        return count < 20 ? undefined : { x: (x / count) * scale, y: (y / count) * scale, count }
      })

  /** Where the lines of the other planes cross in a pane. */
  const crossingIn = (number: number) =>
    pane(number)
      .locator('svg[data-lines] line[data-line]')
      .evaluateAll((lines) => {
        const [a, b] = lines.map((line) =>
          ['x1', 'y1', 'x2', 'y2'].map((name) => Number(line.getAttribute(name))),
        )
        if (a === undefined || b === undefined) return undefined
        const [ax = 0, ay = 0, bx = 0, by = 0] = a
        const [cx = 0, cy = 0, dx = 0, dy = 0] = b
        const [rx, ry, sx, sy] = [bx - ax, by - ay, dx - cx, dy - cy]
        const along = ((cx - ax) * sy - (cy - ay) * sx) / (rx * sy - ry * sx)
        return { x: ax + along * rx, y: ay + along * ry }
      })

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart([
        ...scan(HEAD_FIRST_SUPINE, [1, 0, 0], [0, 1, 0]),
        ...scan(FEET_FIRST_PRONE, [1, 0, 0], [0, -1, 0]),
        ...scan(SINGLE, [1, 0, 0], [0, 1, 0], 1),
      ]),
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

  for (const [name, study] of [
    ['head first, on the back', HEAD_FIRST_SUPINE],
    ['feet first, face down', FEET_FIRST_PRONE],
  ] as const) {
    it(
      `shows three planes as they are hung, of a patient who lay ${name}`,
      { timeout: 120_000 },
      async () => {
        await openPlanes(study)
        await expect.poll(() => letters(0)).toBe('A L P R')
        await expect.poll(() => letters(1)).toBe('H L F R')
        await expect.poll(() => letters(2)).toBe('H P F A')
        // A click on the ball: the other planes go through it, and their lines cross in it.
        await expect.poll(() => brightIn(0), { timeout: 30_000 }).toBeDefined()
        const ball = await brightIn(0)
        const canvas = await pane(0).locator('canvas').first().boundingBox()
        if (ball === undefined || canvas === null) throw new Error('there is no ball')
        // To the left of the patient, which is to the right, and in front.
        expect(ball.x).toBeGreaterThan(canvas.width / 2)
        expect(ball.y).toBeLessThan(canvas.height / 2)
        await page.keyboard.press('Shift+KeyY')
        await page.mouse.click(canvas.x + ball.x, canvas.y + ball.y)
        await says(1, /^Slice -1[12]\.\d mm/m)
        await says(2, /^Slice 1[78]\.\d mm/m)
        for (const number of [0, 1, 2]) {
          await expect
            .poll(
              async () => {
                const [bright, crossing] = [await brightIn(number), await crossingIn(number)]
                if (bright === undefined || crossing === undefined) return 'nothing'
                const off = Math.hypot(bright.x - crossing.x, bright.y - crossing.y)
                // Within a voxel as it is drawn here: a slice is 1.5 mm, of a plane that fills its pane.
                return off < 12 ? 'in the ball' : `${off} beside it`
              },
              { timeout: 30_000 },
            )
            .toBe('in the ball')
        }
        expect(faults).toEqual([])
      },
    )
  }

  it(
    'thickens to a slab, keeps what was zoomed, and turns by a hand on a line',
    { timeout: 180_000 },
    async () => {
      await openPlanes(HEAD_FIRST_SUPINE)
      await page.keyboard.press('KeyO')
      await says(0, '100 %')
      await page.keyboard.press('Shift+KeyM')
      await says(0, /Axial · MIP 10 mm/)
      await says(0, '100 %')
      await page.keyboard.press('Shift+ArrowUp')
      await says(1, /Coronal · MIP 15 mm/)
      await page.keyboard.press('Shift+KeyM')
      await says(2, /Sagittal · MinIP 15 mm/)
      // The sagittal plane's line in the axial pane, by its upper end.
      await page.keyboard.press('Equal')
      const end = pane(0).locator('[data-hold="2 end"]').first()
      let hold = { x: 0, y: 0, width: 0, height: 0 }
      // Of a plane that fills its pane again.
      await expect.poll(async () => (hold = (await end.boundingBox()) ?? hold).height).toBeGreaterThan(60)
      const [x, y] = [hold.x + hold.width / 2, hold.y + hold.height / 2]
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move(x + 40, y, { steps: 4 })
      await page.mouse.move(x + 80, y, { steps: 4 })
      await page.mouse.up()
      await says(1, /Coronal, oblique/)
      await says(2, /Sagittal, oblique/)
      expect(await pane(0).locator('[data-plane]').textContent()).toMatch(/^Axial ·/)
      await expect.poll(() => letters(1)).toMatch(/^H (L[AP]|[AP]L) F (R[AP]|[AP]R)$/)
      // What was seen in the axial pane stands as it stood.
      expect(await letters(0)).toBe('A L P R')
      await page.getByRole('button', { name: 'Slab' }).click()
      await page.getByRole('menuitem', { name: 'Upright again' }).click()
      await says(1, /^Coronal ·/)
      await page.keyboard.press('KeyN')
      await expect.poll(() => page.locator('[data-pane]').count()).toBe(1)
      await says(0, `21 / ${SLICES}`)
      // Planes that close while they are being made.
      for (let time = 0; time < 3; time++) {
        await page.keyboard.press('KeyN')
        await expect.poll(() => page.locator('[data-plane]').count()).toBe(3)
        await page.keyboard.press('Shift+KeyM')
        await page.keyboard.press('KeyN')
        await expect.poll(() => page.locator('[data-pane]').count()).toBe(1)
      }
      await says(0, `21 / ${SLICES}`)
      expect(faults).toEqual([])
    },
  )

  it('looks at planes as the series was looked at', { timeout: 120_000 }, async () => {
    await page.goto(`${service.url}/studies/${HEAD_FIRST_SUPINE}`)
    await page.waitForSelector('section[data-status=ready]')
    await says(0, /W 1500/)
    await page.keyboard.press('Digit5')
    await says(0, /C -600/)
    await page.keyboard.press('KeyN')
    await allPlanes()
    // The first pane had an image before: once the others have theirs, it says what its plane has.
    for (const number of [1, 2, 0]) await says(number, /C -600/)
    // What is chosen since is not undone by what arrives, or by another slab.
    await page.keyboard.press('Digit1')
    await says(0, /W 80/)
    await page.keyboard.press('Shift+KeyM')
    await says(0, /Axial · MIP 10 mm/)
    await says(0, /W 80/)
    expect(faults).toEqual([])
  })

  it('shows where other panes cut through, until a key hides it', { timeout: 120_000 }, async () => {
    await openPlanes(HEAD_FIRST_SUPINE)
    await expect.poll(() => pane(0).locator('line[data-line]').count()).toBe(2)
    await page.keyboard.press('Shift+KeyU')
    await expect.poll(() => pane(0).locator('line[data-line]').count()).toBe(0)
    expect(faults).toEqual([])
  })

  it(
    'says why there are no planes through a single image, and leaves it where it is',
    { timeout: 120_000 },
    async () => {
      await page.goto(`${service.url}/studies/${SINGLE}`)
      await page.waitForSelector('section[data-status=ready]')
      await page.keyboard.press('KeyN')
      await page.getByText('It takes at least three slices.').waitFor()
      expect(await page.locator('[data-pane]').count()).toBe(1)
      expect(faults).toEqual([])
    },
  )
}
