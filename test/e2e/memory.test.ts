import type { Browser, CDPSession, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { noisySlices } from '../support/noisy-slices.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDIES = 20
const SLICES = 24
const SIDE = 128
const LONG = { study: newUid(), slices: 2_000, side: 160, description: 'long' } as const
const CINE = { study: newUid(), frames: 3_000, side: 128 } as const
/** What a browser says of the smallest machines, GiB; the image cache has a quarter of it. */
const DEVICE_MEMORY = 0.25
const CACHE = 64 << 20
/** Of script and of pixels, beyond the cache. Bytes. */
const HEAP_MOST = 100 << 20
/** What a study that was left may leave behind: code that was compiled meanwhile, a third of its pixels. Bytes. */
const LEFT_BY_A_STUDY = 250_000
const SENT_AT_ONCE = 100

describeWith(CHROMIUM, 'memory of the reading room', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  let devtools: CDPSession
  const faults: string[] = []
  /** Frames asked for, by name. */
  const asked: string[] = []
  /** Of these, those that are not answered yet. */
  const open = new Set<Request>()

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    for (let each = 0; each < STUDIES; each++)
      await send(noisySlices({ study: newUid(), slices: SLICES, side: SIDE, description: `study ${each}` }))
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
    page.setDefaultTimeout(120_000)
    await page.addInitScript((memory) => {
      Object.defineProperty(navigator, 'deviceMemory', { value: memory })
    }, DEVICE_MEMORY)
    await page.reload()
    devtools = await page.context().newCDPSession(page)
    page.on('request', (request) => {
      if (!request.url().includes('/frames/')) return
      asked.push(request.url())
      open.add(request)
    })
    page.on('requestfinished', (request) => void open.delete(request))
    page.on('requestfailed', (request) => void open.delete(request))
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  async function send(files: readonly Buffer[]): Promise<void> {
    for (let from = 0; from < files.length; from += SENT_AT_ONCE) {
      const part = multipart(files.slice(from, from + SENT_AT_ONCE))
      const store = () => service.fetch('/dicom-web/studies', { method: 'POST', ...part })
      // A connection that lay idle while the files were made may just have been closed; what is stored twice is stored once.
      const sent = await store().catch(store)
      expect(sent.status).toBe(200)
    }
  }

  /** A handle of an element would keep all of its page: none is asked for. */
  const ready = () => page.locator('section[data-status=ready]').first().waitFor()
  const bar = () => page.locator('canvas[data-loaded]')
  const loaded = async () => Number(await bar().getAttribute('data-loaded'))
  const cached = async () => Number(await bar().getAttribute('data-cached-bytes'))

  async function openStudy(study: string): Promise<void> {
    // Of a page that was left, nobody says that they ended.
    open.clear()
    await page.goto(`${service.url}/studies/${study}`)
    await ready()
  }

  /** Script and the buffers that it holds, after a collection. */
  async function heap(): Promise<number> {
    await devtools.send('HeapProfiler.collectGarbage')
    const usage = (await devtools.send('Runtime.getHeapUsage')) as {
      usedSize: number
      backingStorageSize?: number
    }
    return usage.usedSize + (usage.backingStorageSize ?? 0)
  }

  /** Until nothing more is asked for, all that was is answered, and nothing more is put with what is here. */
  async function settled(): Promise<void> {
    const now = async (): Promise<string> => [asked.length, await loaded(), await cached()].join(' ')
    for (let before = ''; ;) {
      const after = await now()
      if (after === before && open.size === 0) return
      before = after
      await page.waitForTimeout(1_000)
    }
  }

  it(
    'is bounded when twenty studies are opened in turn, whose pixels are not kept',
    { timeout: 400_000 },
    async () => {
      const heaps: number[] = []
      for (let each = 0; each < STUDIES; each++) {
        const row = page.locator(`[role=row][aria-rowindex="${each + 2}"]`)
        await row.waitFor()
        await row.click()
        await ready()
        await expect.poll(loaded, { timeout: 60_000 }).toBe(SLICES)
        // Nothing of the study before is kept: said with the next drawing.
        await expect
          .poll(async () => {
            await page.keyboard.press('ArrowDown')
            return cached()
          })
          .toBe(SLICES * SIDE * SIDE * 2)
        await page.goBack()
        await row.waitFor()
        if ((each + 1) % 5 === 0) heaps.push(await heap())
      }
      const [, ten = NaN, , twenty = NaN] = heaps
      expect(twenty).toBeLessThan(HEAP_MOST)
      expect((twenty - ten) / 10).toBeLessThan(LEFT_BY_A_STUDY)
    },
  )

  it('holds what is near of 2,000 slices, wherever one looks', { timeout: 400_000 }, async () => {
    await send(noisySlices(LONG))
    await openStudy(LONG.study)
    const most = Math.floor(CACHE / (LONG.side * LONG.side * 2))
    await settled()
    await expect.poll(loaded).toBeGreaterThan(0.8 * most)
    await page.keyboard.press('End')
    await page.getByText(`${LONG.slices} / ${LONG.slices}`).waitFor()
    await settled()
    expect(await cached()).toBeLessThanOrEqual(CACHE)
    await expect.poll(loaded).toBeGreaterThan(0.8 * most)
    asked.length = 0
    // What is near the end is there now, though the beginning was first.
    for (let step = 0; step < 60; step++) await page.keyboard.press('ArrowUp')
    await page.getByText(`${LONG.slices - 60} / ${LONG.slices}`).waitFor()
    expect(asked).toEqual([])
    expect(await heap()).toBeLessThan(HEAP_MOST + CACHE)
  })

  it('holds what is near of a cine of 3,000 frames', { timeout: 400_000 }, async () => {
    const cine = dicom()
      .ct({ rows: CINE.side, columns: CINE.side, frames: CINE.frames })
      .uids({ study: CINE.study })
      .set('FrameTime', 'DS', [40])
    await send([cine.build()])
    await openStudy(CINE.study)
    await page.getByText(`1 / ${CINE.frames}`).waitFor()
    await page.keyboard.press('End')
    await page.getByText(`${CINE.frames} / ${CINE.frames}`).waitFor()
    await settled()
    expect(await cached()).toBeLessThanOrEqual(CACHE)
    expect(await heap()).toBeLessThan(HEAP_MOST + CACHE)
    expect(faults).toEqual([])
  })
})
