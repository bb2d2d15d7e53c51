import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { openInstanceMaker } from './made-instances.ts'
import { multipart } from './requests.ts'
import { settle, THOROUGH } from './settle.ts'
import { measureSlowCine, type CineResult } from './slow-cine.ts'
import { measureSlowReading, type SlowResult } from './slow-reading.ts'
import { untilRenditions } from './until-ready.ts'
import { BENCH_USER } from './target-yunying.ts'
import type { Target } from './target.ts'

const CHROMIUM = process.env['YUNYING_TEST_CHROMIUM'] ?? '/usr/bin/chromium'
const MADE = { study: 4_000_000, slices: 140, side: 512 } as const
const SHORT_SLICES = 24
const INSTANCES_A_REQUEST = 20
const STEPS = 100
/** A cold run has fetched nothing but the worklist; in a warm one the code is there, and another study was read. */
const RUNS = 5

export interface ReadingResult {
  readonly text: string
  readonly series: string
  readonly opened: readonly Opened[]
  readonly stepsMs: readonly number[]
  readonly slow: SlowResult
  readonly sequences: CineResult
}

/** From the click in the worklist, ms. */
interface Opened {
  readonly cold: boolean
  readonly firstMs: number
  readonly allMs: number
  readonly count: number
}

/**
 * Opens a CT from the worklist in a real browser without a graphics card, the way a desk of a clinic does: how long until its
 * first image stands, until all are there, and what a step of the arrow key takes.
 *
 * @param folder with the files of one series; undefined: made slices of 512 × 512
 * @param isShort to try it out: one run of a few made slices
 * @param pictures a folder for pictures of what is seen over a slow link, and when
 */
export async function measureReading(
  target: Target,
  side: number,
  folder: string | undefined,
  isShort: boolean,
  pictures: string,
): Promise<ReadingResult> {
  if (!existsSync(CHROMIUM)) throw new Error('Chromium is not there; name it in YUNYING_TEST_CHROMIUM.')
  await store(target, await slices(folder, side, isShort ? SHORT_SLICES : MADE.slices))
  await settle(target, THOROUGH)
  await untilRenditions(target)
  const { host, port } = target.endpoint
  const opened: Opened[] = []
  let stepsMs: number[] = []
  const runs = isShort ? 1 : RUNS
  for (let run = 0; run < runs; run++) {
    // A browser of its own each time: nothing is in its cache.
    const browser = await openBrowser()
    const page = await openWorklist(browser, `http://${host}:${port}`)
    opened.push({ cold: true, ...(await open(page)) })
    if (run === 0) stepsMs = await steps(page)
    await page.goBack()
    await page.waitForSelector('[role=row][aria-rowindex="2"]')
    await page.reload()
    await page.waitForSelector('[role=row][aria-rowindex="2"]')
    opened.push({ cold: false, ...(await open(page)) })
    await browser.close()
  }
  const slow = await measureSlowReading(target, openBrowser, openWorklist, runs, pictures)
  const sequences = await measureSlowCine(target, store, openBrowser, openWorklist, isShort)
  const { text } = told(opened, stepsMs)
  return {
    text: `${text}\n${slow.text}\n${sequences.text}`,
    slow,
    sequences,
    series: folder === undefined ? 'made' : 'given',
    opened,
    stepsMs,
  }
}

function told(opened: readonly Opened[], stepsMs: readonly number[]): { text: string } {
  const line = (cold: boolean): string => {
    const runs = opened.filter((each) => each.cold === cold)
    const of = (figure: 'firstMs' | 'allMs') =>
      quantile(
        runs.map((each) => each[figure]),
        0.5,
      ).toFixed(0)
    const code = cold ? 'code not fetched before' : 'code in the browser’s cache'
    return `open ${runs[0]?.count} slices from the worklist, ${code}: first image after ${of('firstMs')} ms, all after ${of('allMs')} ms (medians of ${runs.length})`
  }
  const step = (share: number) => quantile(stepsMs, share).toFixed(1)
  return {
    text: [
      line(true),
      line(false),
      `a step of the arrow key, software rendering: ${step(0.5)} ms (median of ${stepsMs.length}), ${step(0.95)} ms (95 %)`,
    ].join('\n'),
  }
}

async function slices(folder: string | undefined, side: number, made: number): Promise<Buffer[]> {
  if (folder !== undefined) {
    const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile())
    if (files.length === 0) throw new Error(`There is no file in ${folder}.`)
    return Promise.all(files.map(({ name }) => readFile(join(folder, name))))
  }
  const make = openInstanceMaker(side)
  return Array.from({ length: made }, (_, index) => Buffer.concat(make(MADE.study, index + 1)))
}

async function store(target: Target, instances: readonly Buffer[]): Promise<void> {
  const { host, port, headers } = target.endpoint
  for (let from = 0; from < instances.length; from += INSTANCES_A_REQUEST) {
    const { type, prefix, suffix } = multipart()
    const body = instances
      .slice(from, from + INSTANCES_A_REQUEST)
      .flatMap((instance) => [prefix, instance, Buffer.from('\r\n')])
    const answer = await fetch(`http://${host}:${port}/dicom-web/studies`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': type, Accept: 'application/dicom+json' },
      body: Buffer.concat([...body, suffix]),
    })
    if (answer.status !== 200) throw new Error(`STOW-RS answered ${answer.status}.`)
  }
}

function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
}

async function openWorklist(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(url)
  await page.fill('input[type=email], input[name=email]', BENCH_USER.email)
  await page.fill('input[type=password]', BENCH_USER.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('[role=row][aria-rowindex="2"]')
  return page
}

/** Clicks the first study, and looks once a drawn frame of the browser what there is. */
const open = (page: Page): Promise<Omit<Opened, 'cold'>> =>
  page.evaluate(async () => {
    const drawn = () => new Promise(requestAnimationFrame)
    const row = document.querySelector<HTMLElement>('[role=row][aria-rowindex="2"]')
    const began = performance.now()
    row?.click()
    while (document.querySelector('[data-pane="0"] section[data-status=ready]') === null) await drawn()
    const firstMs = performance.now() - began
    const pane = document.querySelector<HTMLElement>('[data-pane="0"]')
    const count = (): number => Number(/\d+ \/ (\d+)/.exec(pane?.innerText ?? '')?.[1] ?? Infinity)
    const loaded = (): number =>
      Number(pane?.querySelector<HTMLElement>('canvas[data-loaded]')?.dataset['loaded'] ?? 0)
    while (loaded() < count()) await drawn()
    return { firstMs, allMs: performance.now() - began, count: count() }
  })

/** Presses the arrow key, each time once the image before stands: from the key until its number does. */
const steps = (page: Page): Promise<number[]> =>
  page.evaluate(async (wanted) => {
    const pane = document.querySelector<HTMLElement>('[data-pane="0"]')
    const place = (part: 1 | 2): number => Number(/(\d+) \/ (\d+)/.exec(pane?.innerText ?? '')?.[part] ?? 0)
    const index = (): number => place(1)
    const taken: number[] = []
    let key = 'ArrowUp'
    while (taken.length < wanted) {
      const before = index()
      if (before <= 1) key = 'ArrowDown'
      if (before >= place(2)) key = 'ArrowUp'
      const began = performance.now()
      for (const type of ['keydown', 'keyup'])
        document.body.dispatchEvent(
          new KeyboardEvent(type, { key, code: key, bubbles: true, cancelable: true }),
        )
      while (index() === before) {
        if (performance.now() - began > 10_000) throw new Error('The image did not change.')
        await new Promise(requestAnimationFrame)
      }
      taken.push(performance.now() - began)
    }
    return taken
  }, STEPS)

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
