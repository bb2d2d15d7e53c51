import { readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import type { Browser, Download, Page, Route } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { draftMark } from '../support/draft-mark.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()
const SERIES = newUid()
const INSTANCES = Array.from({ length: 6 }, newUid)
const [ROWS, COLUMNS] = [384, 512]
/** A study with one small image. */
const SMALL = newUid()
const MIDDLE = 3

/** With the window below, a value is the grey that is shown. */
const grey = (image: number, row: number, column: number): number => (column + 3 * row + 17 * image) % 256

const samples = (image: number): Uint8Array =>
  new Uint8Array(
    Int16Array.from({ length: ROWS * COLUMNS }, (_, at) =>
      grey(image, Math.floor(at / COLUMNS), at % COLUMNS),
    ).buffer,
  )

const files = INSTANCES.map((instance, index) =>
  dicom()
    .ct({ rows: ROWS, columns: COLUMNS })
    .pixels(samples(index))
    .uids({ study: STUDY, series: SERIES, instance })
    .set('PatientName', 'PN', [{ Alphabetic: 'Wang^Fang', Ideographic: '王^芳' }])
    .set('PatientID', 'LO', ['P-4711'])
    .set('PatientBirthDate', 'DA', ['19700101'])
    .set('InstitutionName', 'LO', ['St. Elsewhere'])
    .set('StudyDescription', 'LO', ['Chest of Wang'])
    .set('SeriesDescription', 'LO', ['Wang axial'])
    .set('SeriesNumber', 'IS', [4])
    .set('InstanceNumber', 'IS', [index + 1])
    .set('WindowCenter', 'DS', [128])
    .set('WindowWidth', 'DS', [256])
    .set('PixelSpacing', 'DS', [1, 1])
    .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
    .set('ImagePositionPatient', 'DS', [0, 0, index * 5])
    .build(),
)

files.push(
  dicom()
    .ct({ rows: 64, columns: 60 })
    .uids({ study: SMALL })
    .set('BurnedInAnnotation', 'CS', ['YES'])
    .build(),
)

interface Pixels {
  readonly width: number
  readonly height: number
  /** Of the red channel, row by row. */
  readonly red: Uint8Array
}

async function decoded(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const red = Uint8Array.from({ length: info.width * info.height }, (_, at) => data[at * info.channels] ?? 0)
  return { width: info.width, height: info.height, red }
}

const truth = (image: number): Uint8Array =>
  Uint8Array.from({ length: ROWS * COLUMNS }, (_, at) => grey(image, Math.floor(at / COLUMNS), at % COLUMNS))

/** Pixels that are further from the truth than rounding. */
const wrong = ({ red }: Pixels, image: number): number => {
  const expected = truth(image)
  return red.filter((value, at) => Math.abs(value - (expected[at] ?? 0)) > 1).length
}

const bytesOf = async (download: Download): Promise<Uint8Array> =>
  new Uint8Array(await readFile(await download.path()))

describeWith(CHROMIUM, 'images as files', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const dialog = () => page.getByRole('dialog')
  const tick = (name: string, checked: boolean) =>
    dialog().getByLabel(name, { exact: true }).setChecked(checked)
  const choose = (name: string | RegExp) => dialog().getByRole('radio', { name }).check({ force: true })
  const preview = () => dialog().getByRole('img', { name: 'The picture as it will be saved' })

  async function open(): Promise<void> {
    await page.keyboard.press('Shift+KeyP')
    await preview().waitFor()
  }
  async function save(button: RegExp = /^Save/): Promise<Download> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog().getByRole('button', { name: button }).click(),
    ])
    await dialog().waitFor({ state: 'detached' })
    return download
  }
  const recorded = () =>
    service.withPacs((pacs) =>
      pacs.database.query<{ study_instance_uid: string; detail: object }>(
        `select study_instance_uid, detail from audit_event where event = 'export' order by audit_event_id`,
      ),
    )

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    const mark = draftMark({
      label: 'Nodule',
      studyInstanceUid: STUDY,
      seriesInstanceUid: SERIES,
      sopInstanceUid: INSTANCES[MIDDLE] ?? '',
      geometry: {
        kind: 'length',
        line: [
          [40, 60],
          [120, 60],
        ],
      },
    })
    const kept = await service.fetch(`/api/studies/${STUDY}/draft`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ version: 0, marks: [mark] }),
    })
    expect(kept.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
    await page
      .getByText(`${MIDDLE + 1} / 6`)
      .first()
      .waitFor()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('have the image’s own pixels, and a name that names nobody', { timeout: 60_000 }, async () => {
    await open()
    await tick('Marks and drawings', false)
    const download = await save()
    expect(download.suggestedFilename()).toBe('CT-series-4-image-4.png')
    const picture = await decoded(await bytesOf(download))
    expect([picture.width, picture.height]).toEqual([COLUMNS, ROWS])
    expect(wrong(picture, MIDDLE)).toBe(0)
    expect(await recorded()).toEqual([
      {
        study_instance_uid: STUDY,
        detail: { format: 'png', series: SERIES, images: 1, identified: false },
      },
    ])
  })

  it('have them on a graphics card as well', { timeout: 120_000 }, async () => {
    const other = await openBrowser({ webgl: true })
    const before = page
    try {
      page = await signedInPage(other, service, faults, { webgl: true })
      await page.goto(`${service.url}/studies/${STUDY}`)
      await page.waitForSelector('section[data-status=ready]')
      await open()
      await choose('Series (6)')
      await tick('Marks and drawings', false)
      const entries = Object.values(unzipSync(await bytesOf(await save(/Save 6 images/))))
      for (const [index, bytes] of entries.entries()) {
        const picture = await decoded(bytes)
        expect([picture.width, picture.height]).toEqual([COLUMNS, ROWS])
        expect(wrong(picture, index)).toBe(0)
      }
    } finally {
      page = before
      await other.close()
    }
  })

  it(
    'have marks and texts over them where they lie, and never the patient’s',
    { timeout: 60_000 },
    async () => {
      await open()
      await tick('Marks and drawings', true)
      const marked = await decoded(await bytesOf(await save()))
      expect([marked.width, marked.height]).toEqual([COLUMNS, ROWS])
      // The line goes from column 40 to 120 at row 60; the other side of the image is as it was.
      const expected = truth(MIDDLE)
      const differs = (column: number, row: number): boolean =>
        Math.abs((marked.red[row * COLUMNS + column] ?? 0) - (expected[row * COLUMNS + column] ?? 0)) > 8
      const along = Array.from({ length: 60 }, (_, at) => at + 50)
      const atLine = along.filter((column) => differs(column, 59) || differs(column, 60))
      expect(atLine.length).toBeGreaterThan(50)
      expect(along.filter((column) => differs(column, 170) || differs(column, 10))).toEqual([])

      await open()
      await tick('Marks and drawings', false)
      await tick('Texts in the corners', true)
      const written = await decoded(await bytesOf(await save()))
      const corners = cornersThatDiffer(written)
      expect(corners).toEqual({ patient: false, study: false, image: true, look: true })
    },
  )

  it('name the patient only when that is asked for, which is recorded', { timeout: 60_000 }, async () => {
    await open()
    await tick('Marks and drawings', false)
    await dialog().getByText('Neither the texts in the corners nor').waitFor()
    await tick('Name the patient', true)
    await dialog().getByText('Whoever sees the picture knows whose it is').waitFor()
    const download = await save()
    expect(download.suggestedFilename()).not.toMatch(/wang|4711|elsewhere/i)
    const named = await decoded(await bytesOf(download))
    expect(cornersThatDiffer(named)).toEqual({ patient: true, study: true, image: false, look: false })
    expect((await recorded()).at(-1)?.detail).toMatchObject({ identified: true })
  })

  it('are all of a series in one ZIP, each image its own', { timeout: 90_000 }, async () => {
    await open()
    await choose('Series (6)')
    await tick('Marks and drawings', false)
    const download = await save(/Save 6 images/)
    expect(download.suggestedFilename()).toBe('CT-series-4.zip')
    const entries = Object.entries(unzipSync(await bytesOf(download)))
    expect(entries.map(([name]) => name)).toEqual(
      INSTANCES.map((_, index) => `CT-series-4-image-${index + 1}.png`),
    )
    for (const [index, [, bytes]] of entries.entries()) expect(wrong(await decoded(bytes), index)).toBe(0)
    expect((await recorded()).at(-1)?.detail).toMatchObject({ images: 6 })
    // What is read is where it was.
    await page
      .getByText(`${MIDDLE + 1} / 6`)
      .first()
      .waitFor()
  })

  it('are part of a series, as JPEG of the pane as it is on the screen', { timeout: 90_000 }, async () => {
    await page.keyboard.press('KeyI')
    await open()
    await choose('From … to …')
    await dialog().getByLabel('From image').fill('2')
    await dialog().getByLabel('to', { exact: true }).fill('3')
    await choose('JPEG')
    await choose('As on the screen')
    await tick('Marks and drawings', false)
    const size = await page
      .locator('[data-pane="0"] canvas')
      .first()
      .evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement
        return { width, height }
      })
    const entries = Object.entries(unzipSync(await bytesOf(await save(/Save 2 images/))))
    expect(entries.map(([name]) => name)).toEqual(['CT-series-4-image-2.jpg', 'CT-series-4-image-3.jpg'])
    for (const [index, [, bytes]] of entries.entries()) {
      const { width, height, red } = await decoded(bytes)
      expect({ width, height }).toEqual(size)
      // Magnified about the middle of the pane, and black and white turned over.
      const shown = red[Math.floor(height / 2) * width + Math.floor(width / 2)] ?? 0
      const near = [-1, 0].flatMap((row) =>
        [-1, 0].map((column) => 255 - grey(index + 1, ROWS / 2 + row, COLUMNS / 2 + column)),
      )
      expect(near.some((value) => Math.abs(value - shown) < 12)).toBe(true)
    }
    await page.keyboard.press('KeyI')
    await page
      .getByText(`${MIDDLE + 1} / 6`)
      .first()
      .waitFor()
  })

  it('are a film that a browser plays', { timeout: 90_000 }, async () => {
    for (const making of ['encoded', 'recorded']) {
      if (making === 'recorded') await page.evaluate(() => Reflect.deleteProperty(window, 'VideoEncoder'))
      await open()
      await choose('Series (6)')
      await choose('Film (WebM)')
      await dialog().getByLabel('Images a second').fill('4')
      const download = await save(/Save the film/)
      expect(download.suggestedFilename()).toBe('CT-series-4.webm')
      const bytes = await bytesOf(download)
      expect([...bytes.subarray(0, 4)]).toEqual([0x1a, 0x45, 0xdf, 0xa3])
      const played = await playedIn(page, bytes)
      expect([played.width, played.height]).toEqual([COLUMNS, ROWS])
      if (making === 'encoded') {
        expect(played.duration).toBeCloseTo(1.5, 1)
        // Of the last image, where a player went to it.
        expect(Math.abs(played.grey - grey(5, 100, 100))).toBeLessThan(30)
      }
    }
    expect((await recorded()).at(-1)?.detail).toMatchObject({ format: 'webm', images: 6 })
    await page.reload()
    await page.waitForSelector('section[data-status=ready]')
  })

  it('are printed with the patient at the head of each page', { timeout: 90_000 }, async () => {
    await page.evaluate(() => {
      window.print = () => void (document.documentElement.dataset['printed'] = document.title)
    })
    await page.keyboard.press('Control+KeyP')
    await dialog().getByText('6 images, 1 page').waitFor()
    await choose(/^4$/)
    await dialog().getByText('6 images, 2 pages').waitFor()
    await choose('A4')
    await choose('Lying')
    await dialog().getByRole('button', { name: 'Print' }).click()
    await page.waitForSelector('html[data-printed]')
    const heads = page.locator('[data-print] header')
    expect(await heads.allTextContents()).toEqual([
      expect.stringMatching(/Wang, Fang.*王芳.*P-4711.*1970-01-01.*St. Elsewhere.*Chest of Wang/),
      expect.stringMatching(/Wang, Fang/),
    ])
    expect(await page.locator('[data-print] footer').last().textContent()).toContain('Page 2 of 2')
    const sizes = await page
      .locator('[data-print] section')
      .evaluateAll((sections) =>
        sections.map((section) =>
          [...section.querySelectorAll('img')].map((image) => [image.naturalWidth, image.naturalHeight]),
        ),
      )
    const size = [COLUMNS, ROWS]
    expect(sizes).toEqual([
      [size, size, size, size],
      [size, size],
    ])
    expect(await page.evaluate(() => document.documentElement.dataset['printed'])).toBe('CT-series-4')
    // What the browser makes of it: as many pages, as large, and nothing of the reading room.
    const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2)
    const [, wide = 0, high = 0] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)?.map(Number) ?? []
    expect([Math.round((wide / 72) * 25.4), Math.round((high / 72) * 25.4)]).toEqual([297, 210])
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
    await page.locator('[data-print]').waitFor({ state: 'detached' })
    expect((await recorded()).at(-1)?.detail).toMatchObject({
      format: 'print',
      images: 6,
      identified: true,
    })
  })

  it('are printed as the panes are, and without the patient where that is taken off', async () => {
    await page.evaluate(() => delete document.documentElement.dataset['printed'])
    await page.keyboard.press('Control+KeyP')
    await choose('This image')
    await tick('Patient at the head of each page', false)
    await dialog().getByText('1 image, 1 page').waitFor()
    const canvas = page.locator('[data-pane="0"] canvas').first()
    const size = await canvas.evaluate((each) => {
      const { width, height } = each as HTMLCanvasElement
      return [width, height]
    })
    await dialog().getByRole('button', { name: 'Print' }).click()
    await page.waitForSelector('html[data-printed]')
    const printed = page.locator('[data-print]')
    expect(await printed.textContent()).not.toMatch(/wang|4711|elsewhere|1970/i)
    expect(
      await printed
        .locator('img')
        .evaluateAll((images) =>
          images.map((image) => [
            (image as HTMLImageElement).naturalWidth,
            (image as HTMLImageElement).naturalHeight,
          ]),
        ),
    ).toEqual([size])
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
    await printed.waitFor({ state: 'detached' })
    expect((await recorded()).at(-1)?.detail).toMatchObject({ format: 'print', identified: false })
  })

  it('have their keys in the help, and a button', async () => {
    await page.keyboard.press('Shift+Slash')
    for (const [text, key] of [
      ['Save images as files', '⇧P'],
      ['Print images', '⌃P'],
    ] as const)
      await dialog().getByRole('listitem').filter({ hasText: text }).getByText(key).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Save or print images' }).click()
    await page.getByRole('menuitem', { name: 'Print images' }).click()
    await dialog().getByRole('button', { name: 'Print' }).waitFor()
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
  })

  it('are enlarged by a whole factor where words have no room, and said to have words of their own', async () => {
    await page.goto(`${service.url}/studies/${SMALL}`)
    await page.waitForSelector('section[data-status=ready]')
    await open()
    await dialog().getByText('60 × 64 pixels').waitFor()
    await dialog().getByText('words are burned into these pixels').waitFor()
    await tick('Texts in the corners', true)
    await dialog().getByText('480 × 512 pixels').waitFor()
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
  })

  it('are not given without their record, and not at all once given up', { timeout: 60_000 }, async () => {
    const before = await recorded()
    let downloads = 0
    page.on('download', () => (downloads += 1))
    await page.route('**/exports', (route) => route.abort())
    await open()
    await dialog().getByRole('button', { name: 'Save the image' }).click()
    await dialog().getByRole('alert').waitFor()
    await page.unroute('**/exports')
    // The record is as far as it comes: held here until it is given up, and never let through
    // afterwards (a route taken away lets go what it still holds).
    let hold: (route: Route) => void = () => undefined
    const held = new Promise<Route>((resolve) => (hold = resolve))
    await page.route('**/exports', (route) => hold(route))
    await choose('Series (6)')
    const givenUp = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/exports'))
    await dialog().getByRole('button', { name: /^Save/ }).click()
    const asked = await held
    await dialog().getByRole('button', { name: 'Cancel' }).click()
    await givenUp
    await asked.abort()
    await dialog().getByRole('button', { name: 'Save 6 images (ZIP)', disabled: false }).waitFor()
    await page.unroute('**/exports')
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    expect(downloads).toBe(0)
    expect(await recorded()).toEqual(before)
    expect(faults).toEqual([])
  })
})

/** In which corners something is written over the image of the middle. */
function cornersThatDiffer({ width, height, red }: Pixels): Record<string, boolean> {
  const expected = truth(MIDDLE)
  const isWritten = (left: number, top: number): boolean => {
    for (let row = top; row < top + 40; row++)
      for (let column = left; column < left + 60; column++)
        if (Math.abs((red[row * width + column] ?? 0) - (expected[row * width + column] ?? 0)) > 8)
          return true
    return false
  }
  return {
    patient: isWritten(0, 0),
    study: isWritten(width - 60, 0),
    image: isWritten(0, height - 40),
    look: isWritten(width - 60, height - 40),
  }
}

/** What a player makes of a film: its size, its length in seconds, and a grey near its end. */
async function playedIn(page: Page, bytes: Uint8Array) {
  return page.evaluate(async (base64) => {
    const film = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const video = document.createElement('video')
    const told = (name: string): Promise<void> =>
      new Promise((resolve, reject) => {
        video.addEventListener(name, () => resolve(), { once: true })
        video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true })
      })
    const here = told('loadeddata')
    video.src = URL.createObjectURL(new Blob([film], { type: 'video/webm' }))
    await here
    const { videoWidth: width, videoHeight: height, duration } = video
    if (Number.isFinite(duration)) {
      // The place is reached before its picture is there to be drawn, on a busy machine.
      const painted = new Promise((resolve) => video.requestVideoFrameCallback(resolve))
      const sought = told('seeked')
      video.currentTime = duration - 0.05
      await sought
      await painted
    }
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d')
    context?.drawImage(video, 0, 0)
    return { width, height, duration, grey: context?.getImageData(100, 100, 1, 1).data[0] ?? -1 }
  }, Buffer.from(bytes).toString('base64'))
}
