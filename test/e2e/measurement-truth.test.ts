import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { MarkDraft, MeasurementReports, type DraftMark } from '../../core/contract/api.ts'
import { firstNumber } from '../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../core/dicom/parse-dataset.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { atRest } from '../support/at-rest.ts'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { DRAWN_TOOLS, handOf, LINE, type DrawnTool, type Hand } from '../support/drawn-tools.ts'
import { imageShown } from '../support/image-shown.ts'
import { multipart } from '../support/multipart.ts'
import { DETECTOR, PHANTOMS, SLICES, ULTRASOUND, type Phantom, type Point } from '../support/phantoms.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { screenMap } from '../support/screen-map.ts'
import { manifest, sharedDicom } from '../support/shared-dicom.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const run = promisify(execFile)
const [DSRDUMP, DCIODVFY] = ['/usr/bin/dsrdump', '/usr/bin/dciodvfy']
const PATIENT_WAIT = 30_000

describeWith(CHROMIUM, 'what is drawn with the mouse on the built page', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  let hand: Hand
  const faults: string[] = []
  /** One of each kind, as it was drawn. */
  const drawn = new Map<string, DraftMark>()

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const files = [...PHANTOMS, ULTRASOUND].flatMap((phantom) => phantom.files)
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
  }, 300_000)
  beforeEach(() => void faults.splice(0))
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  const pane = () => page.locator('[data-pane="0"]')
  const strip = () => pane().locator('[data-care]')
  const says = (text: string) =>
    expect.poll(() => strip().getAttribute('aria-label'), { timeout: PATIENT_WAIT }).toContain(text)
  const marksOf = async ({ study }: Pick<Phantom, 'study'>): Promise<DraftMark[]> =>
    MarkDraft.parse(await (await service.fetch(`/api/studies/${study}/draft`)).json()).marks

  /** Opens a phantom, and finds it on the screen. */
  async function open(phantom: Phantom): Promise<void> {
    await page.goto(`${service.url}/studies/${phantom.study}`)
    await page.waitForSelector('section[data-status=ready]')
    // What is written over the image might lie over what is looked for.
    await page.keyboard.press('KeyT')
    let map = await settled()
    await expect
      .poll(
        async () => {
          const next = await settled()
          const [a, b] = [map?.([80, 50]), next?.([80, 50])]
          map = next
          return a !== undefined && a.join() === b?.join()
        },
        { interval: 400, timeout: PATIENT_WAIT },
      )
      .toBe(true)
    await page.keyboard.press('KeyT')
    if (map === undefined) throw new Error('The phantom is not on the screen.')
    hand = handOf(page, map)
    const [[x, y], [u, v]] = [map([0, 0]), map([10, 10])]
    const [wide, high] = [phantom.place([10, 0]), phantom.place([0, 10])].map((place) => Math.hypot(...place))
    // It is shown in the shape that it has.
    expect((v - y) / (u - x) / ((high ?? 1) / (wide ?? 1))).toBeCloseTo(1, 2)
  }
  const settled = () => screenMap(page).catch(() => undefined)

  /** Draws with one tool, and takes what the archive has of it then. */
  async function drawWith(
    { kind, key, draw }: Pick<DrawnTool, 'kind' | 'key' | 'draw'>,
    phantom: Phantom,
  ): Promise<DraftMark> {
    await page.keyboard.press(key)
    await draw(hand)
    let found: DraftMark | undefined
    await expect
      .poll(
        async () => {
          const marks = await marksOf(phantom)
          found = marks.find(({ geometry }) => geometry.kind === kind)
          return [marks.length, found?.geometry.kind]
        },
        { timeout: PATIENT_WAIT, message: `${kind} on ${phantom.name}` },
      )
      .toEqual([1, kind])
    if (found === undefined) throw new Error('nothing was drawn')
    return found
  }
  const takeBack = async (phantom: Phantom): Promise<void> => {
    await page.keyboard.press('Control+KeyZ')
    await expect.poll(async () => (await marksOf(phantom)).length, { timeout: PATIENT_WAIT }).toBe(0)
  }

  it.each(PHANTOMS)('is as large as it is: $name', { timeout: 300_000 }, async (phantom) => {
    await open(phantom)
    await says(phantom.trust)
    for (const tool of DRAWN_TOOLS) {
      const mark = await drawWith(tool, phantom)
      for (const { quantity, value, unit, within } of tool.expected(phantom)) {
        // In pixels a circle has one diameter only where pixels are square.
        const measured = mark.values.find((each) => each.quantity === quantity)
        const about = `${tool.kind} ${quantity} on ${phantom.name}: ${measured?.value} for ${value}`
        expect(measured?.unit, about).toBe(unit)
        expect(Math.abs((measured?.value ?? NaN) - value), about).toBeLessThanOrEqual(within)
      }
      if (phantom === SLICES) drawn.set(tool.kind, mark)
      if (tool.kind === 'length' && phantom.reason !== undefined) {
        await page.keyboard.press('KeyM')
        await page.locator('aside').getByText(phantom.reason).waitFor()
        await page.keyboard.press('KeyM')
        // The next tool draws where the image was before.
        await atRest(pane())
      }
      await takeBack(phantom)
    }
    expect(faults).toEqual([])
  })

  it(
    'has the units of the region of an ultrasound, and refuses what has none',
    { timeout: 180_000 },
    async () => {
      await open(ULTRASOUND)
      const lineTool = (from: Point, to: Point) => ({
        kind: 'length' as const,
        key: 'KeyD',
        draw: ({ drag }: Hand) => drag(from, to),
      })
      const figures = ({ values }: DraftMark) =>
        values.map(({ quantity, value, unit }) => [quantity, value, unit] as const)
      const near = (value: number, within: number) =>
        expect.toSatisfy((found: number) => Math.abs(found - value) <= within)

      const tissue = await drawWith(lineTool([20, 30], [80, 75]), ULTRASOUND)
      expect(figures(tissue)).toEqual([['length', near(15, 0.1), 'mm']])
      await takeBack(ULTRASOUND)
      const trace = await drawWith(lineTool([110, 30], [150, 70]), ULTRASOUND)
      expect(figures(trace)).toEqual([
        ['duration', near(40 * 0.004, 0.002), 's'],
        ['speed', near(40 * 5, 2.5), 'mm/s'],
      ])
      await takeBack(ULTRASOUND)
      const across = await drawWith(lineTool([60, 40], [130, 40]), ULTRASOUND)
      expect(figures(across)).toEqual([['length', near(70, 0.5), '{pixels}']])
      await takeBack(ULTRASOUND)
      const box = await drawWith(
        { kind: 'rectangle', key: 'KeyQ', draw: ({ drag }) => drag([110, 30], [150, 70]) },
        ULTRASOUND,
      )
      expect(box.values.filter(({ intensity }) => intensity === undefined)).toEqual([])
      await page.keyboard.press('KeyM')
      await page.locator('aside').getByText('this ultrasound region measures something else').waitFor()
      await page.keyboard.press('KeyM')
      await atRest(pane())
      await takeBack(ULTRASOUND)
      // A heart is not measured here, nor calibrated what has its scale.
      await page.keyboard.press('Shift+KeyC')
      await hand.drag([20, 30], [60, 30])
      await hand.drag([20, 60], [80, 60])
      await page.getByText('this is no image of the chest').waitFor()
      await page.keyboard.press('Shift+KeyD')
      await hand.drag([20, 40], [80, 40])
      await page.getByText('have scales of their own').waitFor()
      expect(await marksOf(ULTRASOUND)).toEqual([])
      expect(faults).toEqual([])
    },
  )

  it(
    'is measured anew by a known length, and in pixels again when that is undone',
    { timeout: 180_000 },
    async () => {
      await open(DETECTOR)
      await drawWith({ kind: 'length', key: 'KeyD', draw: ({ drag }) => drag(...LINE) }, DETECTOR)
      const shown = (text: string) => page.locator('section svg text').filter({ hasText: text }).first()
      await shown('64.0 px').waitFor()
      await page.keyboard.press('Shift+KeyD')
      await hand.drag([30, 85], [130, 85])
      const field = page.getByLabel('Length in millimetres')
      await field.fill('zero')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').getByText('Millimetres, from').waitFor()
      await field.fill('25')
      await page.keyboard.press('Enter')
      // A hundred pixels are 25 mm.
      await shown('16.0 mm by known length').waitFor()
      await shown('= 25 mm').waitFor()
      await says('calibrated by a known length')
      await expect.poll(async () => (await marksOf(DETECTOR)).length, { timeout: PATIENT_WAIT }).toBe(2)
      // Kept with the draft: after a reload it holds still, for what is drawn then too.
      await open(DETECTOR)
      await says('calibrated by a known length')
      await page.keyboard.press('KeyD')
      await hand.drag([40, 20], [120, 20])
      await shown('20.0 mm by known length').waitFor()
      // Moved by keys: to the right, as it is seen.
      const row = async () => {
        const mark = (await marksOf(DETECTOR)).at(-1)
        return mark?.geometry.kind === 'length' ? Math.round(mark.geometry.line[0][0]) : undefined
      }
      await expect.poll(row, { timeout: PATIENT_WAIT }).toBe(40)
      await page.keyboard.press('Control+ArrowRight')
      await page.keyboard.press('Control+Shift+ArrowRight')
      await expect.poll(row, { timeout: PATIENT_WAIT }).toBe(51)
      for (let step = 0; step < 3; step++) await page.keyboard.press('Control+KeyZ')
      // What calibrates is taken away: nothing has millimetres any longer.
      await page.keyboard.press('KeyM')
      const rows = page.locator('aside li')
      await rows.filter({ hasText: '= 25 mm' }).getByLabel('Delete').click()
      await shown('64.0 px').waitFor()
      await says('no mm, detector only')
      await page.keyboard.press('Control+KeyZ')
      await shown('16.0 mm by known length').waitFor()
      await page.keyboard.press('Control+Shift+KeyZ')
      await shown('64.0 px').waitFor()
      // Or those of the detector are taken, knowingly.
      await page.getByRole('button', { name: 'Length', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Millimetres at the detector' }).click()
      await page.getByRole('dialog').getByText('looks larger').waitFor()
      await page.getByRole('button', { name: 'Take them, knowingly' }).click()
      await shown('12.8 mm at detector').waitFor()
      await says('mm at the detector')
      expect(faults).toEqual([])
    },
  )

  it.runIf(sharedDicom() !== undefined)('is the uptake that a scan had', { timeout: 180_000 }, async () => {
    const [row] = manifest().filter(({ path }) => path === 'series/pt-headneck-299/pt/000150.dcm')
    if (row === undefined) throw new Error('The scan is not there.')
    const bytes = await readFile(join(sharedDicom() ?? '', row.path))
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart([bytes]) })
    expect(sent.status).toBe(200)
    await page.goto(`${service.url}/studies/${row.StudyInstanceUID}`)
    await page.waitForSelector('section[data-status=ready]')
    const box = await page.locator('section canvas').first().boundingBox()
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2]
    const by = (right: number, down: number): Point => [x + right, y + down]
    hand = handOf(page, (point) => point)
    const study = { study: row.StudyInstanceUID, name: 'a scan' } as Phantom
    const region = await drawWith(
      { kind: 'rectangle', key: 'KeyQ', draw: ({ drag }) => drag(by(-90, -70), by(80, 60)) },
      study,
    )
    if (region.geometry.kind !== 'rectangle') throw new Error('no rectangle')
    const [[left, top], , [right, bottom]] = region.geometry.corners

    // By hand: the file's own numbers, 66.2 kg, 381.47 MBq at 11:39:00, half of it left each 6586.2 s, scanned from 13:02:44.678.
    const json = datasetToJson(bytes, { bulkDataUri: (at) => at })
    const [rows, columns] = [Number(row.rows), Number(row.cols)]
    const stored = bytes.subarray(bytes.length - 2 * rows * columns)
    const [slope, intercept] = [firstNumber(json, '00281053') ?? 1, firstNumber(json, '00281052') ?? 0]
    const perGram = 66_200 / (381_470_000 * 0.5 ** ((1 * 3600 + 23 * 60 + 44.678) / 6586.2))
    const inside: number[] = []
    for (let at = 0; at < rows * columns; at++) {
      const [column, line] = [(at % columns) + 0.5, Math.floor(at / columns) + 0.5]
      if (column > left && column < right && line > top && line < bottom)
        inside.push((stored.readInt16LE(at * 2) * slope + intercept) * perGram)
    }
    expect(inside.length).toBeGreaterThan(50)
    const found = (quantity: string) => region.values.find((each) => each.quantity === quantity)
    const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length
    expect(found('mean')).toMatchObject({ unit: 'g/ml{SUVbw}', value: expect.closeTo(mean, 4) })
    expect(found('maximum')).toMatchObject({
      unit: 'g/ml{SUVbw}',
      value: expect.closeTo(Math.max(...inside), 4),
    })
    await takeBack(study)
    expect(faults).toEqual([])
  })

  it(
    'names vertebrae one after the other, and all anew when the first was wrong',
    { timeout: 180_000 },
    async () => {
      await open(SLICES)
      await page.keyboard.press('Shift+KeyL')
      await hand.click([60, 70])
      await page.getByLabel('Vertebra').fill('l4')
      await page.keyboard.press('Enter')
      const label = (text: string) =>
        page
          .locator('section svg text')
          .filter({ hasText: new RegExp(`^${text}$`) })
          .waitFor()
      await label('L4')
      // The slice before it lies nearer to the feet.
      await page.keyboard.press('ArrowUp')
      await imageShown(pane(), 1)
      await hand.click([62, 50])
      await label('L5')
      // Keys move the one on this slice, and leave the other where it is.
      const column = async (at: number): Promise<number | undefined> => {
        const geometry = (await marksOf(SLICES))[at]?.geometry
        return geometry?.kind === 'vertebra' ? Math.round(geometry.point[0]) : undefined
      }
      await page.keyboard.press('Control+ArrowRight')
      await expect.poll(() => column(1), { timeout: PATIENT_WAIT }).toBe(63)
      await page.keyboard.press('ArrowDown')
      await imageShown(pane(), 2)
      await page.keyboard.press('Control+ArrowRight')
      await expect.poll(() => column(0), { timeout: PATIENT_WAIT }).toBe(61)
      expect(await column(1)).toBe(63)
      for (let step = 0; step < 2; step++) await page.keyboard.press('Control+KeyZ')
      await page.keyboard.press('ArrowUp')
      await imageShown(pane(), 1)
      await page.keyboard.press('KeyM')
      await page.locator('aside li').first().getByLabel('Vertebra').selectOption('L3')
      await label('L4')
      await page.keyboard.press('KeyM')
      await expect.poll(async () => levels(await marksOf(SLICES)), { timeout: PATIENT_WAIT }).toBe('L3 L4')
      const first = (await marksOf(SLICES))[0]
      if (first !== undefined) drawn.set('vertebra', first)
      for (let step = 0; step < 3; step++) await page.keyboard.press('Control+KeyZ')
      await expect.poll(async () => (await marksOf(SLICES)).length, { timeout: PATIENT_WAIT }).toBe(0)
      expect(faults).toEqual([])
    },
  )

  it(
    'is the same in a report, after a reload, and without fault to others',
    { timeout: 180_000 },
    async () => {
      const { study } = SLICES
      await open(SLICES)
      await page.keyboard.press('Shift+KeyN')
      await hand.drag([30, 60], [50, 50])
      await page.getByLabel('Text at the arrow').waitFor()
      await page.keyboard.type('cyst')
      await page.keyboard.press('Enter')
      await expect.poll(async () => (await marksOf(SLICES))[0]?.label, { timeout: PATIENT_WAIT }).toBe('cyst')
      const marks = [...drawn.values(), ...(await marksOf(SLICES))]
      expect(new Set(marks.map(({ geometry }) => geometry.kind)).size).toBe(12)
      const { version } = MarkDraft.parse(await (await service.fetch(`/api/studies/${study}/draft`)).json())
      await page.goto('about:blank')
      const kept = await service.fetch(`/api/studies/${study}/draft`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ version, marks }),
      })
      expect(kept.status).toBe(200)
      await page.goto(`${service.url}/studies/${study}`)
      await page.waitForSelector('section[data-status=ready]')
      await page.keyboard.press('KeyM')
      const rows = page.locator('aside li')
      await expect.poll(() => rows.count()).toBe(marks.length)
      const texts = async () => (await rows.locator('button b').allInnerTexts()).sort()
      await page.keyboard.press('Control+KeyS')
      await page.getByText(`${marks.length} saved as a report`).waitFor()
      const before = await texts()
      await page.goto('about:blank')
      await page.goto(`${service.url}/studies/${study}`)
      await page.waitForSelector('section[data-status=ready]')
      await page.keyboard.press('KeyM')
      await expect.poll(() => page.locator('aside li[data-saved]').count()).toBe(marks.length)
      await expect.poll(texts).toEqual(before)

      const answer = await service.fetch(`/api/studies/${study}/reports/measurements`)
      const [report] = MeasurementReports.parse(await answer.json()).reports
      expect(report?.marks.map(({ values }) => values)).toEqual(marks.map(({ values }) => values))
      expect(report?.marks.map(({ geometry }) => flat(geometry))).toEqual(
        marks.map(({ geometry }) => flat(geometry)),
      )
      expect(await marksOf(SLICES)).toEqual([])
      if (!existsSync(DSRDUMP) || !existsSync(DCIODVFY)) return
      const folder = await mkdtemp(join(tmpdir(), 'yunying-truth-'))
      const path = `/dicom-web/studies/${study}/series/${report?.seriesInstanceUid}/instances/${report?.sopInstanceUid}`
      const file = join(folder, 'report.dcm')
      const stored = await service.fetch(path, { headers: { Accept: 'application/dicom' } })
      await writeFile(file, Buffer.from(await stored.arrayBuffer()))
      const dump = await run(DSRDUMP, ['+Pc', '+Pl', file])
      expect(dump.stderr.replace(/^W: The VR checker does not support .*ISO_IR 192\n/, '')).toBe('')
      expect(dump.stdout).toContain('"Cardiothoracic ratio")=')
      expect(dump.stdout).toContain('"L3 vertebra"')
      expect((await run(DCIODVFY, [file])).stderr).not.toMatch(/Error/)
      await rm(folder, { recursive: true })
      expect(faults).toEqual([])
    },
  )
})

const levels = (marks: readonly DraftMark[]): string =>
  marks.flatMap(({ geometry }) => (geometry.kind === 'vertebra' ? [geometry.level] : [])).join(' ')

/** Numbers to the precision of what a document has room for; the axes of an ellipse, which it has in the order of their length. */
function flat(geometry: DraftMark['geometry']): unknown {
  const isRound = geometry.kind === 'ellipse' && geometry.second[0] - geometry.centre[0] !== 0
  const ordered = isRound ? { ...geometry, first: geometry.second, second: geometry.first } : geometry
  return JSON.parse(JSON.stringify(ordered), (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(2)) : value,
  )
}
