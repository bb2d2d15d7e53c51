import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SegmentDraft } from '../../core/contract/segments.ts'
import { readSegmentation } from '../../core/dicom/drawn/segmentation.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { decodeRuns } from '../../core/measurements/segments/runs.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { atRest } from '../support/at-rest.ts'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { imageShown } from '../support/image-shown.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()
const [ROWS, COLUMNS, SLICES] = [128, 160, 7] as const
/** Millimetres. */
const [SPACING, STEP] = [1.25, 2.5] as const

/** The left half holds 100, the right half 300; stored as they are. */
const slices = (): Buffer[] => {
  const series = newUid()
  const values = Int16Array.from({ length: ROWS * COLUMNS }, (_, at) =>
    at % COLUMNS < COLUMNS / 2 ? 100 : 300,
  )
  return Array.from({ length: SLICES }, (_, index) =>
    dicom()
      .ct({ rows: ROWS, columns: COLUMNS })
      .pixels(new Uint8Array(values.buffer))
      .uids({ study: STUDY, series, instance: newUid() })
      .set('SeriesNumber', 'IS', [1])
      .set('SeriesDescription', 'LO', ['axial'])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('FrameOfReferenceUID', 'UI', ['1.2.3.4.5'])
      .set('ImagePositionPatient', 'DS', [0, 0, index * STEP])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [SPACING, SPACING])
      .set('RescaleSlope', 'DS', [1])
      .set('RescaleIntercept', 'DS', [0])
      .build(),
  )
}

/** A draft is kept half a second after the hand has let go, and a machine may be busy. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

describeWith(CHROMIUM, 'segments by hand, drawn on canvases', () => segments({ webgl: false }))
describeWith(CHROMIUM, 'segments by hand, drawn by WebGL', () => segments({ webgl: true }))

function segments({ webgl }: { webgl: boolean }): void {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = () => page.locator('[data-pane="0"]')
  const panel = () => page.getByRole('complementary', { name: 'Segments' })
  const draft = async (): Promise<SegmentDraft> => {
    const cookies = await page.context().cookies()
    const answer = await fetch(`${service.url}/api/studies/${STUDY}/segments`, {
      headers: { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
    })
    return SegmentDraft.parse(await answer.json())
  }
  /** Painted pixels by image, in the order in which the draft has them. */
  const painted = async (): Promise<number[]> =>
    (await draft()).segments.flatMap(({ slices: each }) =>
      each.map(({ runs }) => decodeRuns(runs, ROWS * COLUMNS).reduce((sum, value) => sum + value, 0)),
    )
  /** Of the first segment, counted from what is painted: so much of it lies in the right half. */
  const statisticsOf = async (): Promise<string> => {
    const [first] = (await draft()).segments
    const pixels = (first?.slices ?? []).flatMap(({ runs }) =>
      [...decodeRuns(runs, ROWS * COLUMNS)].flatMap((value, at) => (value === 0 ? [] : [at % COLUMNS])),
    )
    const share = pixels.filter((column) => column >= COLUMNS / 2).length / pixels.length
    const deviation = 200 * Math.sqrt(share * (1 - share))
    return `Mean ${(100 + 200 * share).toFixed(1)} HU ± ${deviation.toFixed(1)} HU`
  }
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const shownVolume = async (): Promise<number> => {
    const [, volume] = /([\d.]+) ml/.exec(await panel().innerText()) ?? []
    return Number(volume)
  }
  const goTo = async (image: number): Promise<void> => {
    await page.keyboard.press('Home')
    await imageShown(pane(), 1)
    for (let step = 1; step < image; step++) await page.keyboard.press('ArrowDown')
    // Nothing is painted on an image before it is there.
    await imageShown(pane(), image)
  }
  const stroke = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
    const { x = 0, y = 0, width = 0, height = 0 } = (await pane().boundingBox()) ?? {}
    const at = ([right, down]: readonly [number, number]): [number, number] => [
      x + width / 2 + right,
      y + height / 2 + down,
    ]
    await page.mouse.move(...at(from))
    await page.mouse.down()
    await page.mouse.move(...at(to), { steps: 5 })
    await page.mouse.up()
  }
  const open = async (): Promise<void> => {
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
  }

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(slices()) })
    expect(sent.status).toBe(200)
    browser = await openBrowser({ webgl })
    page = await signedInPage(browser, service, faults, { webgl })
    await open()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('paints on two images, and fills those between', { timeout: 120_000 }, async () => {
    await goTo(2)
    await page.keyboard.press('Shift+KeyB')
    await panel().waitFor()
    await atRest(pane())
    await stroke([-60, 0], [60, 0])
    await eventually(() => painted().then((all) => all.length)).toBe(1)
    await goTo(6)
    await stroke([-60, 0], [60, 0])
    await eventually(() => painted().then((all) => all.length)).toBe(2)
    const [one = 0, other = 0] = await painted()
    expect(one).toBeGreaterThan(100)
    expect(other).toBe(one)
    await panel().getByText('3 images in between are not painted').waitFor()
    await page.keyboard.press('Shift+KeyF')
    await page.getByText('3 images filled').waitFor()
    // The same shape twice: the same in between.
    await eventually(painted).toEqual([one, one, one, one, one])
    await panel().getByText('5 images', { exact: true }).waitFor()
    await eventually(async () =>
      Math.abs((await shownVolume()) / ((5 * one * SPACING * SPACING * STEP) / 1000) - 1),
    ).toBeLessThan(0.01)
    await panel()
      .getByText(await statisticsOf())
      .waitFor()
  })

  it('undoes and redoes a step at a time', { timeout: 120_000 }, async () => {
    await page.keyboard.press('Control+KeyZ')
    await eventually(() => painted().then((all) => all.length)).toBe(2)
    await page.keyboard.press('Control+Shift+KeyZ')
    await eventually(() => painted().then((all) => all.length)).toBe(5)
  })

  it('takes away with Shift, and paints values of a range only', { timeout: 120_000 }, async () => {
    await goTo(4)
    const before = sum(await painted())
    await page.keyboard.down('Shift')
    await stroke([-10, 0], [10, 0])
    await page.keyboard.up('Shift')
    await eventually(async () => sum(await painted())).toBeLessThan(before)
    await page.keyboard.press('Control+KeyZ')
    await eventually(async () => sum(await painted())).toBe(before)

    await goTo(1)
    await page.keyboard.press('Shift+KeyG')
    await panel().getByLabel('Least value painted').fill('250')
    await panel().getByLabel('Greatest value painted').fill('350')
    await page.keyboard.press('Enter')
    await stroke([-60, 0], [60, 0])
    await eventually(() => painted().then((all) => all.length)).toBe(6)
    const {
      segments: [segment],
    } = await draft()
    const mask = decodeRuns(segment?.slices.at(-1)?.runs ?? '', ROWS * COLUMNS)
    const columns = [...mask].flatMap((value, at) => (value === 1 ? [at % COLUMNS] : []))
    expect(Math.min(...columns)).toBe(COLUMNS / 2)
    expect(segment?.assisted).toBe(true)
    await page.keyboard.press('Control+KeyZ')
    await eventually(() => painted().then((all) => all.length)).toBe(5)
  })

  it('paints by keys alone', { timeout: 120_000 }, async () => {
    await goTo(7)
    await page.keyboard.press('Shift+KeyB')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Space')
    await eventually(() => painted().then((all) => all.length)).toBe(6)
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.press('Shift+Delete')
    await eventually(() => painted().then((all) => all.length)).toBe(5)
  })

  it('is there after a reload, with its name and figures', { timeout: 120_000 }, async () => {
    await panel().getByLabel('Name of the segment').fill('结节 1')
    await page.keyboard.press('Enter')
    await eventually(async () => (await draft()).segments[0]?.label).toBe('结节 1')
    const volume = await shownVolume()
    await open()
    await goTo(4)
    await page.waitForSelector('[data-segments][data-painted="1"] canvas', { state: 'attached' })
    await page.keyboard.press('Shift+KeyB')
    await eventually(() => panel().getByLabel('Name of the segment').inputValue()).toBe('结节 1')
    await eventually(shownVolume).toBe(volume)
    await panel()
      .getByText(await statisticsOf())
      .waitFor()
  })

  it(
    'is saved as a segmentation, which is listed and drawn over its images',
    { timeout: 120_000 },
    async () => {
      const before = await draft()
      await page.keyboard.press('Control+KeyS')
      await page.getByText('1 segment saved as a segmentation').waitFor()
      expect((await draft()).segments).toEqual([])
      const found = await service.fetch(`/dicom-web/studies/${STUDY}/series?Modality=SEG`)
      const [series = {}] = (await found.json()) as DicomJson[]
      const uid = String(series['0020000E']?.Value?.[0])
      const metadata = await service.fetch(`/dicom-web/studies/${STUDY}/series/${uid}/metadata`)
      const [instance = {}] = (await metadata.json()) as DicomJson[]
      const segmentation = readSegmentation(instance)
      expect(segmentation.segments.map(({ label }) => label)).toEqual(['结节 1'])
      expect(segmentation.frames.map(({ sources }) => sources[0]?.sopInstanceUid).sort()).toEqual(
        before.segments[0]?.slices.map(({ sopInstanceUid }) => sopInstanceUid).sort(),
      )
      // Drawn from what is stored, where it was painted.
      await page.waitForSelector('[data-drawings] canvas', { state: 'attached' })
      await page.waitForSelector('[data-segments][data-painted="0"]', { state: 'attached' })
      const drawn = await page.locator('[data-drawings] canvas').evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement
        const { data } = (canvas as HTMLCanvasElement)
          .getContext('2d')
          ?.getImageData(0, 0, width, height) ?? {
          data: new Uint8ClampedArray(),
        }
        return data.reduce((count, value, at) => count + (at % 4 === 3 && value > 0 ? 1 : 0), 0)
      })
      expect(drawn).toBe(sum(await paintedOf(before)) / 5)
      expect(faults).toEqual([])
    },
  )

  const paintedOf = async (of: SegmentDraft): Promise<number[]> =>
    of.segments.flatMap(({ slices: each }) =>
      each.map(({ runs }) => decodeRuns(runs, ROWS * COLUMNS).reduce((total, value) => total + value, 0)),
    )
}
