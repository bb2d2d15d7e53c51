import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { multipart } from '../support/multipart.ts'
import { noisySlices } from '../support/noisy-slices.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()
const SLICES = 9

describeWith(CHROMIUM, 'a study opened from the list', () => {
  let service: RunningService
  let browser: Browser
  const faults: string[] = []
  const openFirst = async (page: Page): Promise<void> => page.locator('[role=row][aria-rowindex="2"]').click()
  const ready = (page: Page) => page.waitForSelector('[data-pane="0"] section[data-status=ready]')
  /** A page whose list does not get the reading room's code, which it fetches ahead by itself, until it is let go. */
  async function withoutRoom() {
    const held: Route[] = []
    let isHeld = true
    const page = await signedInPage(browser, service, faults, {
      prepare: (opened) =>
        opened.route('**/reading-room-page*.js', async (route) => {
          if (isHeld) held.push(route)
          else await route.continue()
        }),
    })
    const letGo = async (): Promise<void> => {
      isHeld = false
      for (const route of held) await route.continue()
    }
    return { page, held, letGo }
  }

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const files = noisySlices({ study: STUDY, slices: SLICES, side: 128 })
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it(
    'shows its image, as a preview, before the code of the reading room is there',
    { timeout: 180_000 },
    async () => {
      const { page, letGo } = await withoutRoom()
      await page.locator('[role=row][aria-rowindex="2"]').waitFor()
      await openFirst(page)
      const picture = page.locator('img[data-opening]')
      await expect
        .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
        .toBeGreaterThan(0)
      await page.getByText('Preview – opening…').waitFor()
      const place = await picture.boundingBox()
      await letGo()
      await ready(page)
      await picture.waitFor({ state: 'detached' })
      // Nothing jumps: the pane's image is where its picture was, and both are as large as there is room for.
      expect(await page.locator('[data-pane="0"] canvas').first().boundingBox()).toEqual(place)
      await page.close()
    },
  )

  it('has its first frame, exact, before the code that shows it', { timeout: 180_000 }, async () => {
    const { page, held, letGo } = await withoutRoom()
    const frames: { readonly url: string; readonly range: string | undefined }[] = []
    page.on('request', (request) => {
      if (request.url().includes('/frames/'))
        frames.push({ url: request.url(), range: request.headers()['range'] })
    })
    await page.locator('[role=row][aria-rowindex="2"]').waitFor()
    const came = page.waitForResponse((response) => response.url().includes('/frames/'))
    await openFirst(page)
    await (await came).finished()
    await expect.poll(() => held.length).toBeGreaterThan(0)
    // One, and whole.
    expect(frames).toEqual([{ url: expect.stringContaining(STUDY) as string, range: undefined }])
    const [first] = frames
    await letGo()
    await ready(page)
    await expect
      .poll(() => page.locator('canvas[data-loaded]').getAttribute('data-loaded'))
      .toBe(String(SLICES))
    expect(frames.filter(({ url }) => url === first?.url)).toHaveLength(1)
    await page.close()
  })

  it(
    'waits for two answers, one after the other, once the list has fetched the code',
    { timeout: 180_000 },
    async () => {
      let isCodecHere = false
      const page = await signedInPage(browser, service, faults, {
        prepare: (opened) =>
          opened.on('requestfinished', (request) => {
            isCodecHere ||= request.url().endsWith('.wasm')
          }),
      })
      await page.locator('[role=row][aria-rowindex="2"]').waitFor()
      await expect.poll(() => isCodecHere, { timeout: 60_000 }).toBe(true)
      // Until nothing more comes: the codec may be here before the rest of the code.
      let here: string[] = []
      await expect
        .poll(
          async () => {
            const before = here
            here = await page.evaluate(() =>
              performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
            )
            return here.length === before.length && here.some((path) => path.includes('/reading-room-page'))
          },
          { interval: 1_000, timeout: 60_000 },
        )
        .toBe(true)
      const asked: string[] = []
      page.on('request', (request) => asked.push(new URL(request.url()).pathname))
      await openFirst(page)
      await ready(page)
      const before = asked.slice(
        0,
        asked.findIndex((path) => path.includes('/frames/')),
      )
      // All of the code is here; how what a study is opened with reads comes beside it.
      const more = before.filter((path) => path.startsWith('/assets/') && !here.includes(path))
      expect(more.map((path) => path.replace(/-.*/, ''))).toEqual(['/assets/opening'])
      expect(before).toContain(`/api/studies/${STUDY}/opening`)
      await page.close()
    },
  )

  it('asks once for all that comes before its pixels', { timeout: 180_000 }, async () => {
    const page = await signedInPage(browser, service, faults)
    await page.locator('[role=row][aria-rowindex="2"]').waitFor()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await openFirst(page)
    await ready(page)
    const before = asked.slice(
      0,
      asked.findIndex((path) => path.includes('/frames/')),
    )
    expect(before).toContain(`/api/studies/${STUDY}/opening`)
    const parts = /\/metadata$|^\/api\/hanging-protocols$|^\/api\/studies\/[\d.]+$/
    expect(asked.filter((path) => parts.test(path))).toEqual([])
    // What is newer than the opening is asked for, as ever.
    const more = noisySlices({ study: STUDY, slices: 1, side: 64 })
    await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(more) })
    await expect.poll(() => asked.includes(`/api/studies/${STUDY}`)).toBe(true)
    expect(faults).toEqual([])
    await page.close()
  })
})
