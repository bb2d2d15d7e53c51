import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { framePlanesOf } from '../../core/measurements/frame-planes.ts'
import { dot3, plus3, times3, type Vector3 } from '../../core/measurements/space.ts'
import { geometryOfPlanes } from '../../core/measurements/stack-geometry.ts'
import { sampleStudies } from '../../core/samples/sample-studies.ts'
import {
  PLANE_NAMES,
  planeOrigin,
  planeStackOf,
  turned,
  UPRIGHT,
  type PlaneDirections,
  type PlaneName,
} from '../../core/volume/reformat-planes.ts'
import { volumeGridOf, type VolumeGrid } from '../../core/volume/volume-grid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { axialSliceOf, valueAt, type AxialSlice } from '../support/axial-slices.ts'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../support/shared-dicom.ts'
import { signedInPage } from '../support/signed-in-page.ts'

/** Of rounding to whole levels, once in the image and once where the canvas averages. Grey levels of 255. */
const ROUNDING = 1
/** Of rounding to whole Hounsfield units. */
const UNIT = 0.5
/** Of the pixels compared. */
const WITHIN = 0.999
/** Of the pixels of a pane, along a side: a slab is many planes. */
const EVERY = 3
/** Pixels that are compared at least. */
const LEAST = 5_000
/** The first that the key for slabs makes. Millimetres. */
const SLAB = 10
const SENT_AT_ONCE = 20

/** A scan whose planes are looked at. */
interface Scan {
  readonly study: string
  readonly files: readonly Buffer[]
  /** By height. */
  readonly slices: readonly AxialSlice[]
  readonly grid: VolumeGrid
}

/** What a pane says and shows: its text, and its canvas in grey levels, row by row. */
interface Shown {
  readonly text: string
  readonly width: number
  readonly height: number
  readonly grey: readonly number[]
}

function scanOf(files: readonly Buffer[]): Scan {
  const slices = files.map(axialSliceOf).sort((one, other) => one.z - other.z)
  const planes = slices.flatMap(({ json }) => framePlanesOf(json))
  const sizes = slices.map(({ rows, columns, step: [column, row] }) => ({
    rows,
    columns,
    spacing: { row, column },
  }))
  const grid = volumeGridOf(planes, sizes, geometryOfPlanes(planes))
  if (typeof grid === 'string') throw new Error(grid)
  return { study: firstString(slices[0]?.json ?? {}, Tag.StudyInstanceUID) ?? '', files, slices, grid }
}

const headPhantom = (): Promise<Buffer[]> =>
  Promise.resolve(
    manifest()
      .filter(({ path }) => path.startsWith('series/ct-head-phantom-140/axial-1mm/'))
      .map(({ path }) => readFileSync(join(sharedDicom() ?? '', path))),
  )

async function sampleCt(): Promise<Buffer[]> {
  const files: Buffer[] = []
  const study = sampleStudies().find(({ name }) => name === 'chest CT 2025')
  for await (const { chunks } of study?.instances() ?? []) files.push(Buffer.concat(chunks))
  return files
}

/** How the samples across a slab become one value. */
type Across = (values: readonly number[]) => number
const MODES: readonly (readonly [name: string, across: Across])[] = [
  ['MIP', (values) => Math.max(...values)],
  ['MinIP', (values) => Math.min(...values)],
  ['Average', (values) => values.reduce((sum, value) => sum + value) / values.length],
]

/**
 * Of the pixels that a pane shows of a plane, one screen pixel a pixel, the share that is as the files say; 0 where it shows
 * another plane.
 */
function shareRight(
  { grid, slices }: Scan,
  directions: PlaneDirections,
  { text, width, height, grey }: Shown,
  slab?: Across,
): number {
  const stack = planeStackOf(grid, directions)
  const [, number, count] = /(\d+) \/ (\d+)/.exec(text) ?? []
  const said = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? NaN)
  const [windowWidth, centre] = [said(/W (-?[\d.]+)/), said(/C (-?[\d.]+)/)]
  const origin = planeOrigin(stack, Number(number) - 1)
  const isHere = Math.abs(dot3(origin, stack.normal) - said(/Slice (-?[\d.]+) mm/)) < 0.051
  if (!isHere || Number(count) !== stack.count) return 0

  const samples = Math.round(SLAB / stack.spacing) + 1
  const across = Array.from({ length: samples }, (_, at) => (at / (samples - 1) - 0.5) * SLAB)
  const valueOf = (place: Vector3): number | undefined => {
    if (slab === undefined) return valueAt(slices, place)
    const values = across
      .map((along) => valueAt(slices, plus3(place, times3(stack.normal, along))))
      .filter((value) => value !== undefined)
    // Beyond the outermost centres the files say nothing.
    return values.length < samples ? undefined : slab(values)
  }
  /** As it is windowed (PS3.3 C.11.2.1.2.1). */
  const levelOf = (column: number, row: number): number | undefined => {
    const along = plus3(times3(stack.row, column * stack.pixel), times3(stack.column, row * stack.pixel))
    const value = valueOf(plus3(origin, along))
    if (value === undefined) return undefined
    return 255 * Math.min(1, Math.max(0, (value - (centre - 0.5)) / (windowWidth - 1) + 0.5))
  }
  const tolerance = ROUNDING + (255 * UNIT) / (windowWidth - 1)
  let [right, all] = [0, 0]
  for (let y = 0; y < height; y += EVERY)
    for (let x = 0; x < width; x += EVERY) {
      // The middle of the plane is in that of the canvas: where half a pixel is left over, a screen pixel lies between two.
      const columns = between(x + (stack.columns - width) / 2)
      const rows = between(y + (stack.rows - height) / 2)
      const levels = rows.flatMap((row) => columns.map((column) => levelOf(column, row)))
      if (levels.includes(undefined)) continue
      const level = levels.reduce<number>((sum, each) => sum + (each ?? NaN), 0) / levels.length
      all++
      if (Math.abs((grey[y * width + x] ?? NaN) - level) <= tolerance) right++
    }
  return all < LEAST ? 0 : right / all
}

const between = (place: number): readonly number[] =>
  Number.isInteger(place) ? [place] : [Math.floor(place), Math.ceil(place)]

describeWith(CHROMIUM, 'the panes of planes', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
  }, 240_000)
  beforeEach(() => void faults.splice(0))
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  async function send(files: readonly Buffer[]): Promise<void> {
    for (let from = 0; from < files.length; from += SENT_AT_ONCE) {
      const some = multipart(files.slice(from, from + SENT_AT_ONCE))
      const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...some })
      expect(sent.status).toBe(200)
    }
  }

  /** Four panes, the planes in three of them, all of the volume in these. */
  async function openPlanes(study: string): Promise<void> {
    await page.goto(`${service.url}/studies/${study}`)
    await page.waitForSelector('section[data-status=ready]', { timeout: 60_000 })
    await page.keyboard.press('KeyN')
    // All of the volume is here once no plane says how much is.
    await expect
      .poll(() => page.locator('[data-plane]').allTextContents(), { timeout: 120_000 })
      .toEqual(['Axial', 'Coronal', 'Sagittal'])
    await oneToOne()
  }

  /** Each plane with one screen pixel a pixel of its own; the first pane in hand. */
  async function oneToOne(): Promise<void> {
    for (let number = 0; number < 4; number++) {
      await page.keyboard.press('KeyO')
      await pane(number).getByText('100 %').first().waitFor()
      await page.keyboard.press('BracketRight')
    }
  }

  const shown = (plane: PlaneName): Promise<Shown> =>
    pane(PLANE_NAMES.indexOf(plane)).evaluate((element) => {
      const canvas = element.querySelector('canvas')
      const { width = 0, height = 0 } = canvas ?? {}
      const { data } = canvas?.getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] }
      const grey = Array.from({ length: width * height }, (_, at) => data[4 * at] ?? 0)
      return { text: (element as HTMLElement).innerText, width, height, grey }
    })

  /** That a pane shows a plane of the scan, once it has come to rest. */
  const holds = (scan: Scan, plane: PlaneName, directions = UPRIGHT[plane], slab?: Across): Promise<void> =>
    expect
      .poll(async () => shareRight(scan, directions, await shown(plane), slab), {
        timeout: 60_000,
        interval: 500,
        message: plane,
      })
      .toBeGreaterThanOrEqual(WITHIN)

  function planesOf(name: string, read: () => Promise<Buffer[]>, count: number): void {
    describe(`through ${name}`, () => {
      let scan: Scan
      beforeAll(async () => {
        scan = scanOf(await read())
        await send(scan.files)
      }, 120_000)

      it('equal a resampling of its files, windowed', { timeout: 240_000 }, async () => {
        expect(scan.slices).toHaveLength(count)
        await openPlanes(scan.study)
        for (const plane of PLANE_NAMES) await holds(scan, plane)
        expect(faults).toEqual([])
      })

      it('equal it in slabs, whatever becomes of what lies in one', { timeout: 240_000 }, async () => {
        await openPlanes(scan.study)
        for (const [mode, across] of MODES) {
          await page.keyboard.press('Shift+KeyM')
          await pane(1).getByText(`Coronal · ${mode} ${SLAB} mm`).waitFor()
          await holds(scan, 'coronal', UPRIGHT.coronal, across)
        }
        expect(faults).toEqual([])
      })

      it('equal it when they are turned by a hand', { timeout: 240_000 }, async () => {
        await openPlanes(scan.study)
        // The sagittal plane's line in the axial pane, by an end, about the middle of what was scanned.
        const box = await pane(0).locator('canvas').first().boundingBox()
        const hold = await pane(0).locator('[data-hold="2 end"]').first().boundingBox()
        if (box === null || hold === null) throw new Error('there is no line to take hold of')
        const within = (y: number): number => Math.min(box.y + box.height - 30, Math.max(box.y + 30, y))
        const from = { x: hold.x + hold.width / 2, y: within(hold.y + hold.height / 2) }
        const to = { x: from.x + 120, y: from.y + 10 }
        await page.mouse.move(from.x, from.y)
        await page.mouse.down()
        await page.mouse.move(to.x, to.y, { steps: 4 })
        await page.mouse.up()
        await pane(1)
          .getByText(/Coronal, oblique/)
          .waitFor()
        await oneToOne()
        const angleOf = ({ x, y }: typeof from): number =>
          (Math.atan2(y - box.y - box.height / 2, x - box.x - box.width / 2) * 180) / Math.PI
        const turn = angleOf(to) - angleOf(from)
        expect(Math.abs(turn)).toBeGreaterThan(15)
        for (const plane of ['coronal', 'sagittal'] as const)
          await holds(scan, plane, turned(UPRIGHT[plane], UPRIGHT.axial.normal, turn))
        expect(faults).toEqual([])
      })
    })
  }

  describeWith(SHARED_DICOM, 'of reference scans', () => planesOf('the CT of 140 slices', headPhantom, 140))
  planesOf('the sample CT', sampleCt, 60)
})
