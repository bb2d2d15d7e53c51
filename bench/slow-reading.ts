import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openSlowLink, type SlowLink } from './slow-link.ts'
import type { Target } from './target.ts'
import { untilQuiet } from './until-ready.ts'

interface Link {
  readonly name: string
  readonly bytesPerMs: number
  readonly roundTripMs: number
}

/** That of a hotel, and one from another continent. */
const HOTEL: Link = { name: '10 Mbit/s and 100 ms', bytesPerMs: 1_250, roundTripMs: 100 }
const FAR: Link = { name: '20 Mbit/s and 300 ms', bytesPerMs: 2_500, roundTripMs: 300 }
/** Of the far one fewer turns are enough: a link decides more than the machine does. */
const FAR_RUNS = 3

/** From the click in the worklist, ms. */
interface Timeline {
  readonly link: string
  readonly code: 'cold' | 'prefetched'
  /** Something of the opening image is seen: the server's picture of it, or a preview. */
  readonly previewMs: number
  readonly firstExactMs: number
  /** Every slice can be looked at, in full size. */
  readonly usableMs: number
  readonly exactMs: number
  readonly count: number
  /** Over the link since the click. Bytes. */
  readonly bytes: number
}

export interface SlowResult {
  readonly text: string
  readonly timelines: readonly Timeline[]
}

/**
 * Opens the first study of the worklist over slow links, in a browser that has nothing in its cache: once as soon as the list
 * is there, once when the list has fetched the reading room's code ahead. A last time, which is not counted, leaves a picture of
 * each moment.
 *
 * @param pictures the folder for these
 */
export async function measureSlowReading(
  target: Target,
  openBrowser: () => Promise<Browser>,
  openWorklist: (browser: Browser, url: string) => Promise<Page>,
  runs: number,
  pictures: string,
): Promise<SlowResult> {
  const timelines: Timeline[] = []
  const turns = [
    ...Array<Link>(runs).fill(HOTEL),
    ...Array<Link>(Math.min(runs, FAR_RUNS)).fill(FAR),
  ].flatMap((link) => (['cold', 'prefetched'] as const).map((code) => ({ link, code })))
  for (const { link: of, code } of turns) {
    await over(of, async (link, page) => {
      if (code === 'prefetched') await untilQuiet(link)
      const before = link.bytes()
      const times = await openFirstStudy(page)
      timelines.push({ link: of.name, code, ...times, bytes: link.bytes() - before })
    })
  }
  await over(HOTEL, async (_, page) => {
    await keepMoments(page, pictures)
    await openFirstStudy(page)
  })
  return { text: told(timelines), timelines }

  async function over(of: Link, act: (link: SlowLink, page: Page) => Promise<void>): Promise<void> {
    const link = await openSlowLink(target.endpoint.port, of)
    const browser = await openBrowser()
    try {
      await act(link, await openWorklist(browser, `http://127.0.0.1:${link.port}`))
    } finally {
      await browser.close()
      await link.close()
    }
  }
}

/** Keeps a picture of each moment of the opening that follows, by its name. It takes time: what is measured then is not counted. */
export async function keepMoments(page: Page, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await page.exposeFunction('keepMoment', async (name: string) => {
    await page.screenshot({ path: join(folder, `slow-link-${name}.png`) })
  })
}

function told(timelines: readonly Timeline[]): string {
  const kinds = [HOTEL, FAR].flatMap(({ name }) =>
    (['cold', 'prefetched'] as const).map((code) => ({ name, code })),
  )
  const lines = kinds.map(({ name, code }) => {
    const runs = timelines.filter((each) => each.link === name && each.code === code)
    const of = (figure: 'previewMs' | 'firstExactMs' | 'usableMs' | 'exactMs' | 'bytes'): number => {
      const sorted = runs.map((each) => each[figure]).sort((a, b) => a - b)
      return sorted[Math.floor(sorted.length / 2)] ?? NaN
    }
    const seconds = (figure: 'previewMs' | 'firstExactMs' | 'usableMs' | 'exactMs') =>
      `${(of(figure) / 1000).toFixed(2)} s`
    const which = code === 'cold' ? 'code not fetched before' : 'code prefetched by the list'
    return `${runs[0]?.count} slices on ${name}, ${which}: preview after ${seconds('previewMs')}, first lossless after ${seconds('firstExactMs')}, all usable after ${seconds('usableMs')}, all lossless after ${seconds('exactMs')}, ${(of('bytes') / 1e6).toFixed(1)} MB (medians of ${runs.length})`
  })
  return lines.join('\n')
}

/** Clicks the first study, and looks once a drawn frame of the browser what there is. */
export const openFirstStudy = (page: Page): Promise<Omit<Timeline, 'link' | 'code' | 'bytes'>> => {
  page.setDefaultTimeout(300_000)
  return page.evaluate(async () => {
    const drawn = () => new Promise(requestAnimationFrame)
    const { keepMoment } = window as { keepMoment?: (name: string) => Promise<void> }
    const since = async (moment: string, holds: () => boolean): Promise<number> => {
      while (!holds()) await drawn()
      const took = performance.now() - began
      await keepMoment?.(moment)
      return took
    }
    const row = document.querySelector<HTMLElement>('[role=row][aria-rowindex="2"]')
    const began = performance.now()
    row?.click()
    const pane = () => document.querySelector<HTMLElement>('[data-pane="0"]')
    const isReady = () => pane()?.querySelector('section[data-status=ready]') != null
    const opening = () => document.querySelector<HTMLImageElement>('img[data-opening]')
    const previewMs = await since('preview', () => isReady() || (opening()?.naturalWidth ?? 0) > 0)
    const firstExactMs = await since(
      'first-lossless',
      () => isReady() && pane()?.querySelector('section[data-preview]') == null,
    )
    const count = (): number => Number(/\d+ \/ (\d+)/.exec(pane()?.innerText ?? '')?.[1] ?? Infinity)
    const arrived = (which: 'loaded' | 'exact'): number =>
      Number(pane()?.querySelector<HTMLElement>('canvas[data-loaded]')?.dataset[which] ?? 0)
    const usableMs = await since('usable', () => arrived('loaded') >= count())
    const exactMs = await since('lossless', () => arrived('exact') >= count())
    return { previewMs, firstExactMs, usableMs, exactMs, count: count() }
  })
}
