import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const SLICES = 40
/** Screen frames a finger rests before it is lifted. */
const REST_FRAMES = 12
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
const LYING = { ...PHONE, viewport: { width: 844, height: 390 } }

const HELD = [
  { how: 'upright', device: PHONE, study: newUid(), name: 'Wang^Fang' },
  { how: 'lying', device: LYING, study: newUid(), name: 'Zhao^Lei' },
]

function series(study: string, name: string, number: number, description: string, slices: number): Buffer[] {
  const uid = newUid()
  return Array.from({ length: slices }, (_, index) =>
    dicom()
      .ct({ rows: 128, columns: 128 })
      .uids({ study, series: uid, instance: newUid() })
      .set('PatientName', 'PN', [{ Alphabetic: name }])
      .set('PatientID', 'LO', [name])
      .set('SeriesNumber', 'IS', [number])
      .set('SeriesDescription', 'LO', [description])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('ImagePositionPatient', 'DS', [0, 0, index * 2])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [1, 1])
      .set('WindowCenter', 'DS', [40])
      .set('WindowWidth', 'DS', [400])
      .build(),
  )
}

describeWith(CHROMIUM, 'a phone', () => {
  let service: RunningService
  let browser: Browser
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart(
        HELD.flatMap(({ study, name }) => [
          ...series(study, name, 1, 'thin slices', SLICES),
          ...series(study, name, 2, 'survey', 1),
        ]),
      ),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  describe.each(HELD)('$how', ({ device, name }) => {
    let page: Page
    let fingers: CDPSession
    let box: { x: number; y: number; width: number; height: number }

    async function drawn(frames: number): Promise<void> {
      for (let frame = 0; frame < frames; frame++)
        await page.evaluate(() => new Promise(requestAnimationFrame))
    }

    /** Fingers on the pane, each by its place; those that are no longer named are lifted. Fractions of the pane. */
    async function touch(...moments: readonly (readonly (readonly [number, number])[])[]): Promise<void> {
      let down = 0
      for (const places of moments) {
        const touchPoints = places.map(([x, y], id) => ({
          x: box.x + x * box.width,
          y: box.y + y * box.height,
          id,
        }))
        const type = places.length > down ? 'touchStart' : places.length < down ? 'touchEnd' : 'touchMove'
        // As fast as a screen tells, and at rest before it is lifted: no fling, which would eat the next tap.
        await drawn(type === 'touchEnd' ? REST_FRAMES : 1)
        await fingers.send('Input.dispatchTouchEvent', { type, touchPoints })
        down = places.length
      }
    }
    const between = (from: number, to: number): number[] =>
      Array.from({ length: 9 }, (_, step) => from + ((to - from) * step) / 8)
    const says = (text: string | RegExp) => page.locator('[data-pane="0"]').getByText(text).waitFor()
    const tool = (name: string) => page.getByRole('toolbar').getByRole('button', { name, exact: true })
    const pictured = (): Promise<number> =>
      page
        .locator('[data-pane="0"]')
        .getByText(/^\d+ %/)
        .innerText()
        .then((text) => Number.parseInt(text, 10))

    beforeAll(async () => {
      page = await signedInPage(browser, service, faults, { device })
      fingers = await page.context().newCDPSession(page)
      await page.getByText('2 studies').waitFor()
      await page.getByText(name.replace('^', ', ')).first().tap()
      await page.waitForSelector('section[data-status=ready]')
      const found = await page.locator('[data-pane="0"] section > div').first().boundingBox()
      if (found === null) throw new Error('there is no pane')
      box = found
    }, 120_000)
    afterAll(async () => {
      await page?.context().close()
    })

    it('shows the image on most of the screen, who it is of, and tools a finger can hit', async () => {
      const { width, height } = device.viewport
      expect((box.width * box.height) / (width * height)).toBeGreaterThan(0.7)
      await page.locator('header').getByText(name.replace('^', ', ')).waitFor()
      expect(await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])).toEqual([
        width,
        width,
      ])
      const sizes = await page
        .getByRole('toolbar')
        .getByRole('button')
        .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height))
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44)
    })

    it('turns over the images with a finger', async () => {
      await says(`21 / ${SLICES}`)
      await touch([[0.5, 0.4]], ...between(0.4, 0.4 + 80 / box.height).map((y) => [[0.5, y]] as const), [])
      await says(`31 / ${SLICES}`)
    })

    it('moves and magnifies with two, and keeps what lies between them there', async () => {
      const before = await pictured()
      await touch(
        [[0.4, 0.5]],
        [
          [0.4, 0.5],
          [0.6, 0.5],
        ],
        ...between(0, 0.1).map(
          (apart) =>
            [
              [0.4 - apart, 0.5],
              [0.6 + apart, 0.5],
            ] as const,
        ),
        // One stays behind, and is no drag.
        [[0.3, 0.5]],
        [[0.3, 0.2]],
        [],
      )
      await expect.poll(async () => (await pictured()) / before).toBeCloseTo(2, 1)
      await says(`31 / ${SLICES}`)
    })

    it('sets the window by the tool that is tapped', async () => {
      await tool('Window').tap()
      await touch([[0.5, 0.4]], ...between(0.5, 0.7).map((x) => [[x, 0.4]] as const), [])
      await expect
        .poll(() =>
          page
            .locator('[data-pane="0"]')
            .getByText(/^W 400/)
            .count(),
        )
        .toBe(0)
    })

    it('measures with a finger; a second one gives the mark up', async () => {
      await tool('Fit').or(tool('Turn, invert, fit')).first().tap()
      await page.getByRole('menuitem', { name: /Fit/ }).tap()
      await tool('Measure').tap()
      await page.getByRole('menuitemcheckbox', { name: /^Length/ }).tap()
      await touch([[0.4, 0.5]], ...between(0.4, 0.6).map((x) => [[x, 0.5]] as const), [])
      await says(/^[\d.]+ mm$/)
      await touch(
        [[0.4, 0.4]],
        [[0.42, 0.4]],
        [
          [0.42, 0.4],
          [0.6, 0.4],
        ],
        [
          [0.4, 0.4],
          [0.62, 0.4],
        ],
        [],
      )
      await tool('List of measurements').tap()
      const list = page.getByRole('complementary')
      await list.getByText(/mm/).first().waitFor()
      expect(await list.getByRole('listitem').count()).toBe(1)
      await tool('List of measurements').tap()
      await list.waitFor({ state: 'detached' })
    })

    it('chooses another series from the rail, which then makes way', async () => {
      const rail = page.getByRole('navigation', { name: 'Series' })
      await rail.waitFor({ state: 'hidden' })
      await tool('Series and priors').tap()
      await rail.getByText('survey').tap()
      await rail.waitFor({ state: 'hidden' })
      await says('survey')
    })

    it('says why an image can be relied on when it is tapped', async () => {
      // Chosen just now: what is said of the series before goes with it.
      await page.waitForSelector('section[data-status=ready]')
      const strip = page.locator('[data-care]').first()
      const reasons = page.getByRole('tooltip')
      await strip.tap()
      await reasons.waitFor()
      // For as long as it takes to read, and not while the finger lies there.
      await drawn(REST_FRAMES)
      expect(await reasons.count()).toBe(1)
      await strip.tap()
      await reasons.waitFor({ state: 'detached' })
      await strip.tap()
      await reasons.waitFor()
      await page.locator('[data-pane="0"] canvas').first().tap()
      await reasons.waitFor({ state: 'detached' })
    })
  })

  it('has logged no fault', () => {
    expect(faults).toEqual([])
  })
})
