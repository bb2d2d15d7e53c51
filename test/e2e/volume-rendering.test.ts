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

const STUDIES = { HFS: newUid(), HFP: newUid() }
const SINGLE = newUid()
const ORIENTATIONS: Readonly<Record<keyof typeof STUDIES, readonly [Vector3, Vector3]>> = {
  HFS: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  HFP: [
    [-1, 0, 0],
    [0, -1, 0],
  ],
}

const PIXEL = 1.25
const SIZE = 64
const STEP = 1.25
const SLICES = 64
/** To the left of the middle, in front of it, and above. Millimetres. */
const BALL: Vector3 = [18, -12, 10]
const RADIUS = 8
/** Of a picture's shorter side: the volume and a margin. Millimetres. */
const SPAN = SIZE * PIXEL * 1.04

/** A ball of bone in air, about the origin, as a scanner would write it for a patient who lies so. */
function scan(study: string, [row, column]: readonly [Vector3, Vector3], slices = SLICES): Buffer[] {
  const [series, frame] = [newUid(), newUid()]
  const normal = cross3(row, column)
  const half = ((SIZE - 1) * PIXEL) / 2
  return Array.from({ length: slices }, (_, slice) => {
    const centre = times3(normal, (slice - (slices - 1) / 2) * STEP)
    const corner = minus3(minus3(centre, times3(row, half)), times3(column, half))
    const values = new Int16Array(SIZE * SIZE)
    for (let j = 0; j < SIZE; j++)
      for (let i = 0; i < SIZE; i++) {
        const place = plus3(corner, plus3(times3(row, i * PIXEL), times3(column, j * PIXEL)))
        values[j * SIZE + i] = length3(minus3(place, BALL)) < RADIUS ? 1200 : -1000
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

/** Where each view has the ball: to the right of the middle and below it, in millimetres, and what is at the edges. */
const VIEWS = [
  ['KeyA', 'H L F R', BALL[0], -BALL[2]],
  ['KeyP', 'H R F L', -BALL[0], -BALL[2]],
  ['KeyL', 'H P F A', BALL[1], -BALL[2]],
  ['KeyR', 'H A F P', -BALL[1], -BALL[2]],
  ['KeyS', 'A R P L', -BALL[0], BALL[1]],
  ['KeyI', 'A L P R', BALL[0], BALL[1]],
] as const

describeWith(CHROMIUM, 'a volume in 3D, painted by a processor', () => volumes('processor'))
describeWith(CHROMIUM, 'a volume in 3D, painted by WebGL', () => volumes('card'))

function volumes(paintedBy: 'processor' | 'card'): void {
  const webgl = paintedBy === 'card'
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)
  const picture = () => page.locator('canvas[data-painted]')
  const fine = () => page.locator('canvas[data-painted=fine]').waitFor({ timeout: 60_000 })
  const letters = async (number: number): Promise<string> => {
    const section = await pane(number).locator('section [aria-hidden]').allTextContents()
    return section.filter((text) => /^[LRAPHF]{1,2}$/.test(text)).join(' ')
  }
  /**
   * The middle of what is bright, from the middle of the picture, and how wide it is, millimetres as they are drawn; and
   * whether the picture is as fine as it gets.
   */
  const ball = () =>
    picture().evaluate((element, span) => {
      const canvas = element as HTMLCanvasElement
      const { width, height } = canvas
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] }
      let [x, y, count] = [0, 0, 0]
      for (let at = 0; at < data.length; at += 4) {
        if ((data[at] ?? 0) < 48) continue
        x += ((at / 4) % width) + 0.5
        y += Math.floor(at / 4 / width) + 0.5
        count++
      }
      const pixel = span / Math.min(width, height)
      return {
        isFine: canvas.dataset['painted'] === 'fine',
        right: (x / count - width / 2) * pixel,
        down: (y / count - height / 2) * pixel,
        radius: Math.sqrt(count / Math.PI) * pixel,
      }
    }, SPAN)
  /** That a fine picture has the ball there. What is said of a view is there before its picture: the one before is fine too. */
  const hasBall = (there: Partial<Record<'right' | 'down' | 'radius', number>>): Promise<void> =>
    expect
      .poll(
        async () => {
          const seen = await ball()
          const off = (['right', 'down', 'radius'] as const).map((name) => {
            const wanted = there[name]
            return wanted === undefined ? 0 : Math.abs(seen[name] - wanted)
          })
          return seen.isFine ? Math.max(...off) : Infinity
        },
        { timeout: 60_000, message: JSON.stringify(there) },
      )
      // Half a voxel.
      .toBeLessThan(0.7)

  async function openStudy(study: string): Promise<void> {
    await page.goto(`${service.url}/studies/${study}`)
    await page.waitForSelector('section[data-status=ready]')
  }
  async function openVolume(study: string): Promise<void> {
    await openStudy(study)
    await page.keyboard.press('Shift+Digit3')
    await expect
      .poll(() => page.locator('[data-volume]').textContent(), { timeout: 60_000 })
      .toMatch(webgl ? /^3D · CT bone$/ : /^3D · CT bonepainted without a graphics card$/)
    await fine()
    expect(await picture().getAttribute('data-painted-by')).toBe(paintedBy)
  }

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart([
        ...scan(STUDIES.HFS, ORIENTATIONS.HFS),
        ...scan(STUDIES.HFP, ORIENTATIONS.HFP),
        ...scan(SINGLE, ORIENTATIONS.HFS, 1),
      ]),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser({ webgl })
    page = await signedInPage(browser, service, faults, { webgl })
  }, 300_000)
  beforeEach(() => void faults.splice(0))
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  for (const lying of ['HFS', 'HFP'] as const)
    it(
      `shows a ball where it is from all six sides, of a patient who lay ${lying}`,
      { timeout: 240_000 },
      async () => {
        await openVolume(STUDIES[lying])
        for (const [key, edges, right, down] of VIEWS) {
          await page.keyboard.press(key)
          await expect.poll(() => letters(0), { timeout: 30_000 }).toBe(edges)
          await hasBall({ right, down, radius: RADIUS })
        }
        expect(faults).toEqual([])
      },
    )

  it(
    'turns under a hand and by keys, changes preset and window, and goes back to slices',
    { timeout: 240_000 },
    async () => {
      await openVolume(STUDIES.HFS)
      await page.getByText('computed: volume rendering, not for measuring').first().waitFor()
      const box = await picture().boundingBox()
      if (box === null) throw new Error('there is no picture')
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move(x + 200, y, { steps: 5 })
      await page.mouse.up()
      await expect.poll(() => letters(0)).toMatch(/^H (LP|PL|LA|AL) F (RA|AR|RP|PR)$/)
      await page.keyboard.press('KeyA')
      await expect.poll(() => letters(0)).toBe('H L F R')
      // Six steps are a quarter: what was in front is to the right, and one sees the patient's right.
      for (let turn = 0; turn < 6; turn++) await page.keyboard.press('ArrowRight')
      await expect.poll(() => letters(0)).toBe('H A F P')
      await page.keyboard.press('Shift+ArrowLeft')
      await expect.poll(() => letters(0)).toBe('H L F R')
      await page.keyboard.press('Digit5')
      await expect.poll(() => page.locator('[data-volume]').textContent()).toMatch(/CT MIP/)
      await pane(0)
        .getByText(/W 1200/)
        .first()
        .waitFor()
      await hasBall({ right: BALL[0], down: -BALL[2] })
      // With Shift a hand sets the window.
      await page.keyboard.down('Shift')
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move(x + 80, y, { steps: 4 })
      await page.mouse.up()
      await page.keyboard.up('Shift')
      await pane(0)
        .getByText(/W 17\d\d/)
        .first()
        .waitFor()
      await page.keyboard.press('Digit0')
      await pane(0)
        .getByText(/W 1200/)
        .first()
        .waitFor()
      // Measuring is refused, and says why.
      await page.keyboard.press('KeyD')
      await page.getByText('A volume rendering is not for measuring').first().waitFor()
      await page.keyboard.press('Shift+Digit3')
      await expect.poll(() => page.locator('[data-volume]').count()).toBe(0)
      await page.waitForSelector('section[data-status=ready]')
      await pane(0).getByText(`/ ${SLICES}`).first().waitFor()
      expect(faults).toEqual([])
    },
  )

  it('cuts away what is outside of a box that is moved by its handles', { timeout: 120_000 }, async () => {
    await openVolume(STUDIES.HFS)
    await page.keyboard.press('KeyC')
    const left = page.getByRole('slider', { name: 'face towards L' })
    await left.focus()
    // The face at the patient's left, past the ball.
    for (let press = 0; press < 10; press++) await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(() => left.getAttribute('aria-valuenow')).toBe('50')
    await expect.poll(() => page.locator('[data-volume]').textContent()).toMatch(/cropped/)
    // The picture from before it was cropped may still be there.
    await expect
      .poll(
        async () => {
          const { isFine, radius } = await ball()
          return { isFine, radius }
        },
        { timeout: 60_000 },
      )
      .toEqual({ isFine: true, radius: 0 })
    const handle = await left.boundingBox()
    if (handle === null) throw new Error('there is no handle')
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2)
    await page.mouse.down()
    // Past the whole volume.
    await page.mouse.move(handle.x + 500, handle.y + handle.height / 2, { steps: 4 })
    await page.mouse.up()
    await expect.poll(() => left.getAttribute('aria-valuenow')).toBe('100')
    await hasBall({ radius: RADIUS })
    expect(faults).toEqual([])
  })

  it(
    'stands beside planes in the place of the slices, and is exported as it is seen',
    { timeout: 180_000 },
    async () => {
      await openStudy(STUDIES.HFS)
      await page.keyboard.press('KeyN')
      await expect.poll(() => page.locator('[data-plane]').count(), { timeout: 30_000 }).toBe(3)
      await page.keyboard.press('Shift+Digit3')
      await expect.poll(() => pane(3).locator('[data-volume]').count(), { timeout: 30_000 }).toBe(1)
      await fine()
      expect(await page.locator('[data-plane]').count()).toBe(3)
      await page.keyboard.press('Shift+KeyP')
      const dialog = page.getByRole('dialog')
      await dialog.waitFor()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        dialog
          .getByRole('button', { name: /save|export/i })
          .last()
          .click(),
      ])
      expect(download.suggestedFilename()).toMatch(/\.(png|jpg)$/)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
      await page.keyboard.press('KeyN')
      await expect.poll(() => page.locator('[data-pane]').count()).toBe(1)
      expect(faults).toEqual([])
    },
  )

  it('says why there is no volume of a single image', { timeout: 60_000 }, async () => {
    await openStudy(SINGLE)
    await page.keyboard.press('Shift+Digit3')
    await page.getByText('It takes at least three slices.').waitFor()
    expect(await page.locator('[data-volume]').count()).toBe(0)
    expect(faults).toEqual([])
  })

  if (webgl)
    it('paints on when the graphics card forgets everything', { timeout: 120_000 }, async () => {
      await openStudy(STUDIES.HFS)
      await page.keyboard.press('KeyN')
      await expect.poll(() => page.locator('[data-plane]').count(), { timeout: 30_000 }).toBe(3)
      const volumeWorker = () => page.workers().find((each) => each.url().includes('volume-worker'))
      // The planes' panes are there before it is.
      await expect.poll(() => volumeWorker() !== undefined).toBe(true)
      const worker = volumeWorker()
      if (worker === undefined) throw new Error('there is no volume')
      await worker.evaluate(() => {
        const prototype = OffscreenCanvas.prototype as { getContext(...args: unknown[]): unknown }
        const { getContext } = prototype
        prototype.getContext = function (this: OffscreenCanvas, ...args: unknown[]) {
          const context = getContext.apply(this, args)
          if (args[0] === 'webgl2') (self as { card?: unknown }).card = context
          return context
        }
      })
      await page.keyboard.press('Shift+Digit3')
      await fine()
      await worker.evaluate(() => {
        const { card } = self as { card?: WebGL2RenderingContext }
        card?.getExtension('WEBGL_lose_context')?.loseContext()
      })
      await page.keyboard.press('KeyP')
      await expect.poll(() => letters(3)).toBe('H R F L')
      await hasBall({ right: -BALL[0] })
      expect(await picture().getAttribute('data-painted-by')).toBe('card')
      expect(faults).toEqual([])
    })
}
