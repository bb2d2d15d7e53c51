import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { items } from '../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../core/dicom/parse-dataset.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'

import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { ecg } from '../support/ecg.ts'
import { multipart } from '../support/multipart.ts'
import { allOf, describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../support/shared-dicom.ts'
import { signedInPage } from '../support/signed-in-page.ts'
import { wholeNumbers } from '../support/whole-numbers.ts'

const folder = sharedDicom() ?? ''
const PET = 'series/pt-headneck-299/pt'
const PET_SEGMENTATION = 'series/pt-headneck-299/seg/tumor_User1_Manual_Trial1.dcm'
const OBJECTS = [
  'objects/kos/made-kos-of-interest-pt.dcm',
  PET_SEGMENTATION,
  'series/ct-prior-current/A002304/axial/19001231-076.dcm',
  'objects/pr/made-gsps-lung-window-arrow.dcm',
  'objects/pr/prOverlay.dcm',
  'objects/rt/lctsc-ct-slice.dcm',
  'objects/rt/lctsc-rtstruct.dcm',
  'objects/rt/rtstruct-no-preamble.dcm',
  'objects/pdf/encapsulated-pdf.dcm',
  'objects/stl/encapsulated-stl-minimal.dcm',
  'objects/sr/comprehensive-test.dcm',
  'objects/sr/enhanced-deflated.dcm',
  'objects/sr/tid1500-highdicom.dcm',
]
const row = (path: string) => manifest().find((each) => each.path === path)
const studyOf = (path: string): string => row(path)?.StudyInstanceUID ?? ''

describeWith(allOf(CHROMIUM, SHARED_DICOM), 'objects that are no plain images', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)
  const rail = (text: string | RegExp) => page.locator('nav button').filter({ hasText: text })

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const pet = readdirSync(join(folder, PET)).filter((name) => name.endsWith('.dcm'))
    const files = [...pet.map((name) => join(PET, name)), ...OBJECTS]
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart([...files.map((path) => readFileSync(join(folder, path))), turned()]),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
  }, 180_000)
  beforeEach(() => void faults.splice(0))
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })
  const open = (path: string) => page.goto(`${service.url}/studies/${studyOf(path)}`)

  it(
    'shows a report as a document: who verified it, headings, measurements',
    { timeout: 120_000 },
    async () => {
      await open('objects/sr/comprehensive-test.dcm')
      const sheet = pane(0).getByRole('article')
      await sheet.getByRole('heading', { name: 'Diagnosis' }).waitFor()
      await sheet.getByText('Verified', { exact: true }).waitFor()
      await sheet.getByText(/Verified by .*Riesmeier.*OFFIS e\.V\..*2001-02-13 18:47/).waitFor()
      await sheet.getByText('3 Length Unit').first().waitFor()
      await open('objects/sr/enhanced-deflated.dcm')
      await pane(0)
        .getByText(/This 78-year-old gentleman/)
        .waitFor()
      await open('objects/sr/tid1500-highdicom.dcm')
      await pane(0)
        .getByRole('row', { name: /Area of defined region 1\.7 cm²/ })
        .waitFor()
      expect(faults).toEqual([])
    },
  )

  it('lists key images, goes to each beside the list, and marks them', { timeout: 120_000 }, async () => {
    await open('objects/kos/made-kos-of-interest-pt.dcm')
    await page.waitForSelector('section[data-status=ready]')
    await rail('KO').click()
    const list = pane(0).getByRole('article')
    await list.getByRole('heading', { name: 'Of Interest' }).waitFor()
    await expect
      .poll(
        () =>
          list
            .locator('img')
            .first()
            .evaluate((image: HTMLImageElement) => image.naturalWidth),
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0)
    await list.getByRole('listitem').first().getByRole('button').click()
    await pane(1).getByLabel('Key image: Of Interest').waitFor()
    // The list is still there.
    await list.getByRole('heading', { name: 'Of Interest' }).waitFor()
    await page
      .getByLabel(/key images? in this series/)
      .first()
      .waitFor()
    await pane(1).click()
    await page.keyboard.press('Home')
    await pane(1).getByText(wholeNumbers('1 / 299')).waitFor()
    await pane(1).getByLabel('Key image: Of Interest').waitFor({ state: 'detached' })
    expect(faults).toEqual([])
  })

  it('shows a PDF in its pane, and offers what is enclosed in another', { timeout: 120_000 }, async () => {
    await open('objects/pdf/encapsulated-pdf.dcm')
    const frame = pane(0).locator('iframe')
    await frame.waitFor()
    expect(await frame.getAttribute('src')).toMatch(/^blob:/)
    await pane(0).getByText('Download the PDF').waitFor()
    await open('objects/stl/encapsulated-stl-minimal.dcm')
    await pane(0).getByText('Download the file').waitFor()
    expect(faults).toEqual([])
  })

  it('plays a film where the browser can, and says so where it cannot', { timeout: 120_000 }, async () => {
    const recorded = await page.evaluate(recordFilm)
    const [playable, broken] = [newUid(), newUid()]
    const film = (study: string, stream: Uint8Array): Buffer =>
      dicom()
        .ct({ rows: 48, columns: 64, frames: 10 })
        .uids({ study })
        .set('SOPClassUID', 'UI', ['1.2.840.10008.5.1.4.1.1.77.1.1.1'])
        .set('Modality', 'CS', ['ES'])
        .set('SeriesDescription', 'LO', ['Colonoscopy'])
        .fragments('1.2.840.10008.1.2.4.102', [stream])
        .build()
    const files = [film(playable, Buffer.from(recorded, 'base64')), film(broken, Buffer.alloc(1000, 7))]
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    const answer = await sent.text()
    expect(sent.ok, answer).toBe(true)
    await page.goto(`${service.url}/studies/${playable}`)
    const video = pane(0).locator('video')
    await expect
      .poll(() => video.evaluate((element: HTMLVideoElement) => element.videoWidth), { timeout: 30_000 })
      .toBe(64)
    await page.goto(`${service.url}/studies/${broken}`)
    await pane(0)
      .getByText(/cannot play this video/)
      .waitFor()
    await pane(0).getByText('Download the file').waitFor()
    expect(faults).toEqual([])
  })

  it('draws a segmentation over its images, part by part', { timeout: 120_000 }, async () => {
    await open(PET_SEGMENTATION)
    await rail('SEG').click()
    await pane(0).getByText('Neoplasm, Primary').waitFor()
    // An image in the middle of what was drawn, not one of the segmentation's own.
    await pane(0).getByText('/ 299').waitFor()
    await expect.poll(() => paintedPixels(page), { timeout: 30_000 }).toBeGreaterThan(10)
    const both = await paintedPixels(page)
    await page.keyboard.press('Shift+KeyO')
    await expect.poll(() => paintedPixels(page)).toBe(0)
    await page.keyboard.press('Shift+KeyO')
    await expect.poll(() => paintedPixels(page)).toBe(both)
    await pane(0).getByRole('checkbox', { name: 'All' }).click()
    await expect.poll(() => paintedPixels(page)).toBe(0)
    await pane(0).getByRole('checkbox', { name: 'All' }).click()
    await expect.poll(() => paintedPixels(page)).toBe(both)
    await page.keyboard.press('Home')
    await pane(0).getByText(wholeNumbers('1 / 299')).waitFor()
    await expect.poll(() => paintedPixels(page)).toBe(0)
    expect(faults).toEqual([])
  })

  it('draws the contours of organs over their images', { timeout: 120_000 }, async () => {
    await open('objects/rt/lctsc-rtstruct.dcm')
    await rail('RTSTRUCT').click()
    await pane(0).getByText('SpinalCord').waitFor()
    const cord = pane(0).locator('path[data-structure="SpinalCord"]')
    await cord.waitFor()
    expect(await cord.getAttribute('stroke')).toBe('rgb(242 202 48)')
    await pane(0).getByRole('checkbox', { name: 'SpinalCord' }).click()
    await cord.waitFor({ state: 'detached' })
    await open('objects/rt/rtstruct-no-preamble.dcm')
    await pane(0)
      .getByText(/drawn over images that are not here/)
      .waitFor()
    expect(faults).toEqual([])
  })

  it('draws an electrocardiogram on paper, to be measured by two clicks', { timeout: 120_000 }, async () => {
    const study = newUid()
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart([ecg().uids({ study }).build()]),
    })
    expect(sent.status).toBe(200)
    await page.goto(`${service.url}/studies/${study}`)
    const paper = pane(0).getByRole('img', { name: 'Waveform with 12 channels over 10.0 s' })
    await paper.waitFor()
    await pane(0).getByText('Heart rate: 60 /min').waitFor()
    // A canvas is 300 wide until something is drawn on it.
    await expect.poll(async () => (await paper.boundingBox())?.width).toBeGreaterThan(300)
    // Ten seconds of 25 mm each, and a margin of 5 mm at both sides.
    const box = await paper.boundingBox()
    if (box === null) throw new Error('the paper is not on the screen')
    const millimetre = box.width / 260
    await paper.click({ position: { x: 20 * millimetre, y: 30 * millimetre } })
    await paper.click({ position: { x: 45 * millimetre, y: 20 * millimetre } })
    const said = async (): Promise<number[]> => {
      const words = await pane(0).locator('output').innerText()
      return (/(\d+) ms · (\d+)\/min · ([\d.]+) mV/.exec(words) ?? []).slice(1).map(Number)
    }
    await expect.poll(async () => Math.abs(((await said())[0] ?? NaN) - 1000)).toBeLessThan(20)
    expect(Math.abs(((await said())[2] ?? NaN) - 1)).toBeLessThan(0.05)
    const before = await paper.evaluate((canvas: HTMLCanvasElement) => canvas.height)
    await pane(0).getByLabel('Layout').selectOption('One below the other')
    await expect
      .poll(() => paper.evaluate((canvas: HTMLCanvasElement) => canvas.height))
      .toBeGreaterThan(2 * before)
    expect(faults).toEqual([])
  })

  it('looks at an image as somebody did, with what they drew', { timeout: 120_000 }, async () => {
    await open('objects/pr/made-gsps-lung-window-arrow.dcm')
    await page.waitForSelector('section[data-status=ready]')
    await pane(0).getByText('W 1500 C -600').waitFor()
    await rail('Turned').click()
    await pane(0).getByText('W 400 C 40').waitFor()
    await pane(0).getByText('Nodule?').waitFor()
    await pane(0).getByText('Synthetic, Reader').waitFor()
    expect(
      await pane(0)
        .locator('path[data-annotation]')
        .evaluateAll((all) => all.map((path) => (path as SVGElement).dataset['annotation'])),
    ).toEqual(['POLYLINE', 'CIRCLE'])
    // A quarter turn clockwise: what was at the left, the patient's right, is above.
    const letters = pane(0).locator('section > div[aria-hidden]')
    await expect.poll(() => letters.allInnerTexts()).toEqual(['R', 'A', 'L', 'P'])
    // Without it the image is as filed.
    await pane(0).getByRole('checkbox', { name: 'Turned' }).click()
    await pane(0).getByText('W 1500 C -600').waitFor()
    await pane(0).getByText('Nodule?').waitFor({ state: 'detached' })
    await expect.poll(() => letters.allInnerTexts()).toEqual(['A', 'L', 'P', 'R'])
    await open('objects/pr/prOverlay.dcm')
    await pane(0)
      .getByText(/Presentation state\. It is drawn over images that are not here/)
      .waitFor()
    expect(faults).toEqual([])
  })
})

/** The presentation state of the reference scans with another window, a quarter turn clockwise. */
function turned(): Buffer {
  const file = readFileSync(join(folder, 'objects/pr/made-gsps-lung-window-arrow.dcm'))
  const state = datasetToJson(file, { bulkDataUri: (path) => path })
  const [voi = {}] = items(state, '00283110')
  Object.assign(voi, {
    '00281050': { vr: 'DS', Value: [40] },
    '00281051': { vr: 'DS', Value: [400] },
  })
  const builder = dicom()
  Object.assign(builder.json(), state)
  return builder
    .uids({ series: newUid(), instance: newUid() })
    .set('SeriesDescription', 'LO', ['Turned'])
    .set('ImageRotation', 'US', [90])
    .build()
}

/** Pixels of segmentations that are not clear, over all panes. */
const paintedPixels = (page: Page): Promise<number> =>
  page.locator('[data-drawings] canvas').evaluateAll((all) =>
    all.reduce((sum, element) => {
      const canvas = element as HTMLCanvasElement
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
      return sum + Array.from(data).filter((value, at) => at % 4 === 3 && value > 0).length
    }, 0),
  )

/** Half a second of a canvas as a film, base64. */
async function recordFilm(): Promise<string> {
  const canvas = document.createElement('canvas')
  canvas.width = 64
  canvas.height = 48
  const context = canvas.getContext('2d')
  const mimeType = ['video/mp4', 'video/webm'].find((type) => MediaRecorder.isTypeSupported(type)) ?? ''
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType })
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => void parts.push(data)
  const ended = new Promise((resolve) => (recorder.onstop = resolve))
  recorder.start()
  for (let frame = 0; frame < 12; frame++) {
    if (context !== null) {
      context.fillStyle = `rgb(${frame * 20} 80 120)`
      context.fillRect(0, 0, 64, 48)
    }
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  recorder.stop()
  await ended
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
