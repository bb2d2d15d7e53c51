import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSlowLink, type SlowLink } from '../../bench/slow-link.ts'
import { keepMoments, openFirstStudy } from '../../bench/slow-reading.ts'
import { makeRenditions } from '../../core/archive/make-renditions.ts'
import type { FrameStreamRequest } from '../../core/contract/frame-stream.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { imageShown } from '../support/image-shown.ts'
import { multipart } from '../support/multipart.ts'
import { noisySlices, noisyValues } from '../support/noisy-slices.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()
const SLICES = 24
const SIDE = 256
const MIDDLE = SLICES / 2

describeWith(CHROMIUM, 'a study over a slow link', () => {
  let service: RunningService
  let link: SlowLink
  let browser: Browser
  let page: Page
  const faults: string[] = []
  /** The rests of frames, while they are held back; undefined: they pass. */
  let held: Route[] | undefined = []
  /** What was asked for of several frames at once. */
  const askedTogether: string[] = []
  const section = () => page.locator('[data-pane="0"] section').first()
  const counts = () =>
    page
      .locator('canvas[data-loaded]')
      .evaluate((canvas) => [Number(canvas.dataset['loaded']), Number(canvas.dataset['exact'])] as const)
  const pixels = (of: Page) =>
    of
      .locator('[data-pane="0"] canvas')
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded', 'on')
    const files = noisySlices({ study: STUDY, slices: SLICES, side: SIDE })
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    await service.withPacs(async (pacs) => {
      const [series] = await pacs.database.query<{ series_id: string }>('select series_id from series')
      await makeRenditions(pacs, series?.series_id ?? '', new AbortController().signal)
    })
    link = await openSlowLink(Number(new URL(service.url).port), { bytesPerMs: 1_000, roundTripMs: 60 })
    browser = await openBrowser()
    page = await signedInPage(browser, { ...service, url: `http://127.0.0.1:${link.port}` }, faults)
    page.setDefaultTimeout(60_000)
    await page.route(/\/frames(\/\d+)?$/, async (route) => {
      const request = route.request()
      const range = request.headers()['range'] ?? ''
      const together = request.method() === 'POST' ? (request.postData() ?? '') : ''
      if (together !== '') askedTogether.push(together)
      if (held !== undefined && (/^bytes=[1-9]/.test(range) || /"from":[1-9]/.test(together)))
        held.push(route)
      else await route.continue()
    })
    await page.goto(`http://127.0.0.1:${link.port}/studies/${STUDY}`)
    await section().and(page.locator('[data-status=ready]')).waitFor()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await link?.close()
    await service?.stop()
  })

  it('begins with an exact image, which its picture stands in for', { timeout: 180_000 }, async () => {
    await page.getByText('lossless', { exact: true }).waitFor()
    expect(await section().getAttribute('data-preview')).toBeNull()
  })

  it('is there to be looked at before the rest is exact, and says so', { timeout: 180_000 }, async () => {
    await expect.poll(counts, { timeout: 60_000 }).toEqual([SLICES, 1])
    // A far link: not a journey for each, and of each no more than its beginning.
    const beginnings = askedTogether
      .map((body) => (JSON.parse(body) as FrameStreamRequest).frames ?? [])
      .filter((frames) => frames.every(({ part }) => part?.from === 0 && part.to !== undefined))
    expect(beginnings.length).toBeGreaterThan(0)
    expect(beginnings.flat().length).toBeGreaterThan(beginnings.length)
    await page.keyboard.press('ArrowDown')
    await imageShown(page.locator('[data-pane="0"]'), MIDDLE + 2)
    await page.getByText(/^preview \d+ %$/).waitFor()
    // 8 KB of a frame that is larger than 32.
    expect(Number(await section().getAttribute('data-preview'))).toBeLessThan(26)
  })

  it('is not measured, nor made a key image, before it is exact', { timeout: 180_000 }, async () => {
    await page.keyboard.press('KeyJ')
    await section().click({ position: { x: 400, y: 300 } })
    await page.getByText('Fetching the whole image first…').waitFor()
    await page.keyboard.press('Shift+KeyK')
    await page.keyboard.press('KeyM')
    expect(await page.locator('aside li').count()).toBe(0)
  })

  it('becomes exact, first where somebody looks', { timeout: 180_000 }, async () => {
    // Somebody waits for the frame that is shown; the link has room for others, too.
    await expect
      .poll(() => (held ?? []).filter((route) => route.request().url().endsWith('/frames/1')).length)
      .toBeGreaterThan(0)
    const waiting = held ?? []
    held = undefined
    for (const route of waiting) await route.continue().catch(() => undefined)
    await page.locator('[data-pane="0"] section:not([data-preview])').waitFor()
    await expect.poll(counts, { timeout: 60_000 }).toEqual([SLICES, SLICES])
    await page.getByText('Fetching the whole image first…').waitFor({ state: 'detached' })
    await page.getByText('lossless', { exact: true }).waitFor()
  })

  it('then measures what is stored', { timeout: 180_000 }, async () => {
    await page.keyboard.press('KeyJ')
    await section().click({ position: { x: 400, y: 300 } })
    await expect.poll(() => page.locator('aside li').count()).toBe(1)
    const kept = async () => {
      const answer = await service.fetch(`/api/studies/${STUDY}/draft`)
      const { marks } = (await answer.json()) as {
        marks: { geometry: { point: [number, number] }; values: { value: number }[] }[]
      }
      return marks
    }
    // The list has the mark a moment before it says that it is to be saved.
    await expect.poll(async () => (await kept()).length).toBe(1)
    const [mark] = await kept()
    const [column, row] = (mark?.geometry.point ?? [0, 0]).map(Math.floor) as [number, number]
    // No slope, and the intercept.
    expect(mark?.values[0]?.value).toBe((noisyValues(SIDE, MIDDLE + 1)[row * SIDE + column] ?? NaN) - 1024)
    await page.keyboard.press('Control+KeyZ')
    await expect.poll(() => page.locator('aside li').count()).toBe(0)
  })

  it('looks as it does on a fast link', { timeout: 180_000 }, async () => {
    const fast = await signedInPage(browser, service, faults)
    await fast.goto(`${service.url}/studies/${STUDY}`)
    await expect
      .poll(() => fast.locator('canvas[data-loaded]').getAttribute('data-exact'), { timeout: 60_000 })
      .toBe(String(SLICES))
    await page.keyboard.press('ArrowUp')
    await imageShown(page.locator('[data-pane="0"]'), MIDDLE + 1)
    // The list of marks takes from the width.
    await page.keyboard.press('KeyM')
    await expect
      .poll(async () => (await pixels(page)) === (await pixels(fast)), { timeout: 60_000 })
      .toBe(true)
    expect(faults).toEqual([])
  })

  it('is recorded by the bench, with a picture of each moment', { timeout: 180_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yunying-moments-'))
    const recorded = await signedInPage(browser, { ...service, url: `http://127.0.0.1:${link.port}` }, faults)
    await recorded.locator('[role=row][aria-rowindex="2"]').waitFor()
    await keepMoments(recorded, folder)
    const { previewMs, firstExactMs, usableMs, exactMs, count } = await openFirstStudy(recorded)
    expect(count).toBe(SLICES)
    const moments = [previewMs, firstExactMs, usableMs, exactMs]
    expect([...moments].sort((a, b) => a - b)).toEqual(moments)
    expect((await readdir(folder)).sort()).toEqual(
      ['first-lossless', 'lossless', 'preview', 'usable'].map((name) => `slow-link-${name}.png`),
    )
    await rm(folder, { recursive: true })
  })
})
