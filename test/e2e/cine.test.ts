import type { Browser, Page, Request, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { madeCine, madeTomosynthesis } from '../../bench/made-clips.ts'
import { openSlowLink, type SlowLink } from '../../bench/slow-link.ts'
import { makeRenditions } from '../../core/archive/make-renditions.ts'
import type { FrameStreamRequest } from '../../core/contract/frame-stream.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const CINE = { study: newUid(), series: newUid(), frames: 48, columns: 640, rows: 480 } as const
const SLICES = { study: newUid(), series: newUid(), frames: 40, columns: 384, rows: 512 } as const
/** Of the cine, what comes at first: its first image, and those that are asked for while the viewer starts. Requests. */
const FIRST = 2

const ASKS_FOR_FRAMES = /\/frames(\/\d+)?$/
/** What a request asks for: a frame, or several in one answer. */
function framesOf(request: Request): readonly { readonly frame: number; readonly range: string }[] {
  const alone = /\/frames\/(\d+)$/.exec(request.url())?.[1]
  if (alone !== undefined) return [{ frame: Number(alone), range: request.headers()['range'] ?? 'all' }]
  const { frames = [] } = JSON.parse(request.postData() ?? '{}') as FrameStreamRequest
  return frames.map(({ frame = 1, part }) => ({
    frame,
    range: part === undefined ? 'all' : `bytes=${part.from}-${part.to ?? ''}`,
  }))
}
const numbersOf = (request: Request): number[] => framesOf(request).map(({ frame }) => frame)

describeWith(CHROMIUM, 'a sequence over a slow link', () => {
  let service: RunningService
  let link: SlowLink
  let browser: Browser
  let page: Page
  const faults: string[] = []
  /** Frames that are held back, while they are. */
  let held: Route[] | undefined = []
  const asked: number[] = []
  /** Frames that were not held back, from the first on. */
  let passed = 0
  let requests = 0
  const givenUp: number[] = []
  const pane = () => page.locator('[data-pane="0"]')
  const ready = () => pane().locator('section[data-status=ready]').first()
  const index = async (): Promise<number> => Number(/(\d+) \/ \d+/.exec(await pane().innerText())?.[1] ?? 0)
  const loaded = async (): Promise<number> =>
    Number(await page.locator('canvas[data-loaded]').getAttribute('data-loaded'))
  const open = async (study: string): Promise<void> => {
    await page.goto(`http://127.0.0.1:${link.port}/studies/${study}`)
    await ready().waitFor()
  }

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded', 'on')
    const files = [await madeCine(CINE), madeTomosynthesis(SLICES)]
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    await service.withPacs(async (pacs) => {
      const all = await pacs.database.query<{ series_id: string }>('select series_id from series')
      for (const { series_id: series } of all)
        await makeRenditions(pacs, series, new AbortController().signal)
    })
    link = await openSlowLink(Number(new URL(service.url).port), { bytesPerMs: 2_500, roundTripMs: 50 })
    browser = await openBrowser()
    page = await signedInPage(browser, { ...service, url: `http://127.0.0.1:${link.port}` }, faults)
    page.setDefaultTimeout(60_000)
    await page.addInitScript(() => {
      const create = document.createElement.bind(document)
      const counted = window as Window & { canvases?: number }
      document.createElement = ((name: string, options?: ElementCreationOptions) => {
        if (name === 'canvas') counted.canvases = (counted.canvases ?? 0) + 1
        return create(name, options)
      }) as typeof document.createElement
    })
    page.on('requestfailed', (request) => {
      if (ASKS_FOR_FRAMES.test(request.url())) givenUp.push(...numbersOf(request))
    })
    await page.route(ASKS_FOR_FRAMES, async (route) => {
      const frames = numbersOf(route.request())
      asked.push(...frames)
      requests++
      if (held !== undefined && requests > FIRST) return void held.push(route)
      passed = Math.max(passed, ...frames)
      await route.continue()
    })
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await link?.close()
    await service?.stop()
  })

  it('shows the first image of a cine, and fetches those that follow it', { timeout: 180_000 }, async () => {
    held = []
    asked.length = passed = requests = 0
    await open(CINE.study)
    expect(await index()).toBe(1)
    await expect.poll(() => held?.length).toBeGreaterThan(1)
    // Of several that are asked for at once, a later one may be heard of first.
    await expect
      .poll(() => [...asked].sort((a, b) => a - b).filter((frame, at) => frame !== at + 1))
      .toEqual([])
  })

  it('plays what is here, and says that the link does not hold its rate', { timeout: 180_000 }, async () => {
    await page.keyboard.press('KeyC')
    await page.getByText(/^playing \d+ of 30 fps: link$/).waitFor()
    expect(passed).toBeGreaterThan(1)
    await expect.poll(index).toBe(passed)
    await page.getByText(/fps: link$/).hover()
    await page
      .getByText(/^The link does not bring all images in time\. As long as a few images/)
      .first()
      .waitFor()
    // No more than the link holds: the others wait for their turn.
    expect(asked.length).toBeLessThan(CINE.frames)
  })

  it('plays on when the frames come, all of them, and has no more to say', { timeout: 180_000 }, async () => {
    const before = asked.length
    const waiting = held ?? []
    held = undefined
    for (const route of waiting) await route.continue().catch(() => undefined)
    await expect.poll(loaded, { timeout: 60_000 }).toBe(CINE.frames)
    await page.getByText(/fps: link$/).waitFor({ state: 'detached' })
    // Ahead of where it plays: the images of the next two seconds are asked for before all others.
    expect(asked.slice(before).length).toBe(CINE.frames - before)
    expect(new Set(asked).size).toBe(CINE.frames)
    const seen = new Set<number>()
    await expect
      .poll(async () => (seen.add(await index()), seen.size), { timeout: 60_000, interval: 10 })
      .toBeGreaterThan(CINE.frames / 2)
    expect(asked.length).toBe(CINE.frames)
    // None of its own for each frame: it would take as much memory again.
    const canvases = await page.evaluate(() => (window as Window & { canvases?: number }).canvases ?? 0)
    expect(canvases).toBeLessThan(CINE.frames / 2)
  })

  it('stands still when it is stopped', { timeout: 180_000 }, async () => {
    await page.keyboard.press('KeyC')
    await page.getByRole('button', { name: 'Play' }).waitFor()
    // What was asked for last may come a moment later.
    let at = await index()
    await expect
      .poll(
        async () => {
          const before = at
          at = await index()
          return at === before
        },
        { interval: 300 },
      )
      .toBe(true)
    // For several of its images, had it gone on.
    await page.evaluate(async () => {
      for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame)
    })
    expect(await index()).toBe(at)
  })

  it('gives up what it waits for when the study is left', { timeout: 180_000 }, async () => {
    held = []
    givenUp.length = requests = 0
    await page.goto(`http://127.0.0.1:${link.port}/`)
    await page.getByRole('row').filter({ hasText: 'Echo' }).first().click()
    await ready().waitFor()
    await expect.poll(() => held?.length).toBeGreaterThan(1)
    const waiting = held.flatMap((route) => numbersOf(route.request()))
    await page.keyboard.press('Escape')
    await page.goBack()
    await page.getByRole('row').filter({ hasText: 'Echo' }).first().waitFor()
    await expect.poll(() => waiting.filter((frame) => !givenUp.includes(frame))).toEqual([])
    held = undefined
  })

  it(
    'opens slices of one instance in their middle, by the beginnings of those around it',
    { timeout: 180_000 },
    async () => {
      asked.length = 0
      const parts: string[] = []
      page.on('request', (request) => {
        if (ASKS_FOR_FRAMES.test(request.url()))
          parts.push(...framesOf(request).map(({ frame, range }) => `${frame} ${range}`))
      })
      await open(SLICES.study)
      expect(await index()).toBe(SLICES.frames / 2 + 1)
      await expect.poll(loaded, { timeout: 60_000 }).toBe(SLICES.frames)
      const middle = SLICES.frames / 2 + 1
      const begun = parts.filter((part) => / (all|bytes=0-.*)$/.test(part))
      // The middle itself is small here, and comes as a whole before them. How later ones come is for what the link then gives.
      expect(begun[0]).toBe(`${middle} all`)
      const around = begun.slice(1, 11)
      expect(around.filter((part) => part.endsWith(' all'))).toEqual([])
      expect(new Set(around.map((part) => Number(part.split(' ')[0])))).toEqual(
        new Set(Array.from({ length: 5 }, (_, at) => [middle - 5 + at, middle + 1 + at]).flat()),
      )
    },
  )

  it('plays them forth and back, and leaves none out', { timeout: 180_000 }, async () => {
    // Kept by the page itself: who asks it from outside misses images when there is other work.
    await pane().evaluate((element: HTMLElement) => {
      const seen: number[] = []
      Object.assign(window, { seen })
      new MutationObserver(() => {
        const now = Number(/(\d+) \/ \d+/.exec(element.innerText)?.[1] ?? 0)
        if (now > 0 && now !== seen.at(-1)) seen.push(now)
      }).observe(element, { subtree: true, childList: true, characterData: true })
    })
    await page.keyboard.press('KeyC')
    let seen: number[] = []
    await expect
      .poll(
        async () => {
          seen = await page.evaluate(() => (window as Window & { seen?: number[] }).seen ?? [])
          return seen.some((each, at) => at > 0 && each < (seen[at - 1] ?? 0))
        },
        { timeout: 60_000 },
      )
      .toBe(true)
    // It turned at the last one.
    expect(Math.max(...seen)).toBeGreaterThan(SLICES.frames - 4)
    await page.keyboard.press('KeyC')
    expect(faults).toEqual([])
  })
})
