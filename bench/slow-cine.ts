import type { Browser, Page } from 'playwright-core'
import { madeCine, madeTomosynthesis } from './made-clips.ts'
import { settle, THOROUGH } from './settle.ts'
import { openSlowLink } from './slow-link.ts'
import type { Target } from './target.ts'
import { untilQuiet, untilRenditions } from './until-ready.ts'

/** What a practice has at home: 20 Mbit/s, 50 ms there and back. */
const LINK = { bytesPerMs: 2_500, roundTripMs: 50 } as const
const ROOT = '2.25.1138'
const CINE = { study: `${ROOT}.1`, series: `${ROOT}.1.1`, columns: 800, rows: 600 } as const
const TOMOSYNTHESIS = { study: `${ROOT}.2`, series: `${ROOT}.2.1`, columns: 2_000, rows: 2_500 } as const
/** Frames. */
const FULL = { cine: 300, slices: 60 } as const
const SHORT = { cine: 60, slices: 24 } as const
const RUNS = 3
/** To either side of the middle. */
const AROUND = 10

export interface CineResult {
  readonly text: string
  readonly cines: readonly Cine[]
  readonly stacks: readonly Stack[]
}

/** From the click in the worklist, ms, unless it says otherwise. */
interface Cine {
  readonly count: number
  readonly firstMs: number
  /** From the key until the third image after it stands. */
  readonly playingMs: number
  /** Images a second, of each second since it was playing. */
  readonly shown: readonly number[]
  /** The longest time in which the page did nothing else, ms. */
  readonly longestTaskMs: number
}

interface Stack {
  readonly firstMs: number
  readonly index: number
  readonly aroundMs: number
  readonly allMs: number
  readonly cachedBytes: number
}

/**
 * Stores a colour cine and a tomosynthesis, and opens each from the worklist over a slow link, the reading room's code being there.
 */
export async function measureSlowCine(
  target: Target,
  store: (target: Target, instances: readonly Buffer[]) => Promise<void>,
  openBrowser: () => Promise<Browser>,
  openWorklist: (browser: Browser, url: string) => Promise<Page>,
  isShort: boolean,
): Promise<CineResult> {
  await store(target, [await madeCine({ ...CINE, frames: isShort ? SHORT.cine : FULL.cine })])
  await store(target, [madeTomosynthesis({ ...TOMOSYNTHESIS, frames: isShort ? SHORT.slices : FULL.slices })])
  await untilRenditions(target)
  await settle(target, THOROUGH)
  const runs = isShort ? 1 : RUNS
  const cines: Cine[] = []
  const stacks: Stack[] = []
  for (let run = 0; run < runs; run++) {
    for (const [study, measure] of [
      [CINE.study, async (page: Page) => void cines.push(await watchCine(page))],
      [TOMOSYNTHESIS.study, async (page: Page) => void stacks.push(await watchStack(page))],
    ] as const) {
      const link = await openSlowLink(target.endpoint.port, LINK)
      const browser = await openBrowser()
      try {
        const page = await openWorklist(browser, `http://127.0.0.1:${link.port}`)
        page.setDefaultTimeout(300_000)
        await untilQuiet(link)
        await page.evaluate(clickRow, study === CINE.study ? 'Echo' : 'Tomosynthesis')
        await measure(page)
      } finally {
        await browser.close()
        await link.close()
      }
    }
  }
  return { text: told(cines, stacks), cines, stacks }
}

function told(cines: readonly Cine[], stacks: readonly Stack[]): string {
  const seconds = (values: readonly number[]): string => `${(median(values) / 1000).toFixed(2)} s`
  const [first] = cines
  const count = first?.count
  const early = cines.map(({ shown }) => median(shown.slice(0, 3)))
  const late = cines.map(({ shown }) => median(shown.slice(3)))
  return [
    `cine of ${count} colour frames on 20 Mbit/s and 50 ms: first image after ${seconds(cines.map((each) => each.firstMs))}, playing ${seconds(cines.map((each) => each.playingMs))} after the key, held ${median(early)} of 30 frames per second at first, ${median(late)} then; longest task ${Math.max(...cines.map((each) => each.longestTaskMs)).toFixed(0)} ms (medians of ${cines.length}; ${first?.shown.join(' ')} each second)`,
    `tomosynthesis of ${TOMOSYNTHESIS.columns} × ${TOMOSYNTHESIS.rows} on 20 Mbit/s and 50 ms: first image, number ${stacks[0]?.index}, after ${seconds(stacks.map((each) => each.firstMs))}, the middle ± ${AROUND} usable after ${seconds(stacks.map((each) => each.aroundMs))}, all after ${seconds(stacks.map((each) => each.allMs))}, ${(median(stacks.map((each) => each.cachedBytes)) / 1e6).toFixed(0)} MB of images (medians of ${stacks.length})`,
  ].join('\n')
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

/** Clicks a study, and notes when, and from then on what the page was longest at. */
function clickRow(words: string): void {
  const row = [...document.querySelectorAll<HTMLElement>('[role=row]')].find((each) =>
    each.innerText.includes(words),
  )
  if (row === undefined) throw new Error(`No row says ${words}.`)
  const noted = window as Window & { clickedAt?: number; longestTask?: number }
  noted.longestTask = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      noted.longestTask = Math.max(noted.longestTask ?? 0, duration)
  }).observe({ type: 'longtask' })
  noted.clickedAt = performance.now()
  row.click()
}

/** Presses the key as soon as an image stands, and counts for ten seconds. */
const watchCine = (page: Page): Promise<Cine> =>
  page.evaluate(async () => {
    const drawn = () => new Promise<number>(requestAnimationFrame)
    const noted = window as Window & { clickedAt?: number; longestTask?: number }
    const pane = () => document.querySelector<HTMLElement>('[data-pane="0"]')
    const place = (part: 1 | 2): number => Number(/(\d+) \/ (\d+)/.exec(pane()?.innerText ?? '')?.[part] ?? 0)
    const index = (): number => place(1)
    while (pane()?.querySelector('section[data-status=ready]') == null || index() === 0) await drawn()
    const began = performance.now()
    noted.longestTask = 0
    document.body.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyC', key: 'c', bubbles: true }))
    const shown: number[] = Array.from({ length: 10 }, () => 0)
    let [before, count, playingAt] = [index(), 0, NaN]
    while (!(performance.now() - playingAt >= shown.length * 1_000)) {
      await drawn()
      const now = index()
      if (now === before) continue
      before = now
      if (++count === 3) playingAt = performance.now()
      const second = Math.floor((performance.now() - playingAt) / 1_000)
      if (second >= 0 && second < shown.length) shown[second] = (shown[second] ?? 0) + 1
    }
    return {
      count: place(2),
      firstMs: began - (noted.clickedAt ?? 0),
      playingMs: playingAt - began,
      shown,
      longestTaskMs: noted.longestTask ?? 0,
    }
  })

const watchStack = (page: Page): Promise<Stack> =>
  page.evaluate(async (around) => {
    const drawn = () => new Promise<number>(requestAnimationFrame)
    const began = (window as Window & { clickedAt?: number }).clickedAt ?? 0
    const pane = () => document.querySelector<HTMLElement>('[data-pane="0"]')
    const place = (part: 1 | 2): number =>
      Number(/(\d+) \/ (\d+)/.exec(pane()?.innerText ?? '')?.[part] ?? Infinity)
    const bar = () => pane()?.querySelector<HTMLElement>('canvas[data-loaded]')?.dataset
    const since = async (holds: () => boolean): Promise<number> => {
      while (!holds()) await drawn()
      return performance.now() - began
    }
    const firstMs = await since(() => pane()?.querySelector('section[data-status=ready]') != null)
    // Outwards from the middle: so many are those around it.
    const aroundMs = await since(() => Number(bar()?.['loaded'] ?? 0) >= Math.min(2 * around + 1, place(2)))
    const index = place(1)
    const allMs = await since(() => Number(bar()?.['loaded'] ?? 0) >= place(2))
    return { firstMs, index, aroundMs, allMs, cachedBytes: Number(bar()?.['cachedBytes'] ?? 0) }
  }, AROUND)
