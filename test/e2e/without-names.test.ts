import { readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
import type { Browser, Locator, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SessionUser } from '../../core/contract/api.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { answerParts } from '../support/multipart-answer.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()
const SERIES = { ct: newUid(), us: newUid() }
/** Twice as high as wide, each pixel three times as wide as high: the picture's shape is not that of the pixels. */
const [ROWS, COLUMNS] = [120, 60]
const samples = (seed: number): Int16Array =>
  Int16Array.from({ length: ROWS * COLUMNS }, (_, index) => ((index * 7 + seed * 13) % 1000) + 1)
const captured = (number: number): Buffer =>
  dicom()
    .ct({ rows: ROWS, columns: COLUMNS })
    .uids({ study: STUDY, series: SERIES.us, instance: newUid() })
    .set('Modality', 'CS', ['US'])
    .set('SeriesNumber', 'IS', [2])
    .set('SeriesDescription', 'LO', ['Zhang San liver'])
    .set('InstanceNumber', 'IS', [number])
    .set('PixelAspectRatio', 'IS', [1, 3])
    .pixels(new Uint8Array(samples(number).buffer))
    .build()
const FILES = [
  ...[1, 2, 3].map((number) =>
    dicom()
      .ct({ rows: 64, columns: 64 })
      .uids({ study: STUDY, series: SERIES.ct, instance: newUid() })
      .set('SeriesNumber', 'IS', [1])
      .set('InstanceNumber', 'IS', [number])
      .build(),
  ),
  captured(1),
  captured(2),
]

describeWith(CHROMIUM, 'a study without names', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(FILES) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  const editor = (): Locator => page.getByRole('dialog', { name: 'Black out regions' })

  /** From one place of the image to another, in its own pixels. */
  async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    await editor().getByRole('img').or(editor().locator('img')).first().waitFor()
    const box = await editor().locator('svg[data-regions]').boundingBox()
    if (box === null) throw new Error('There is no picture.')
    const at = ([x, y]: readonly [number, number]): [number, number] => [
      box.x + (x / COLUMNS) * box.width,
      box.y + (y / ROWS) * box.height,
    ]
    await page.mouse.move(...at(from))
    await page.mouse.down()
    await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]))
    await page.mouse.move(...at(to))
    await page.mouse.up()
  }

  it('is shared with regions drawn on one image blacked out in all of its size, to the pixel', async () => {
    await page.keyboard.press('Shift+KeyQ')
    const dialog = page.getByRole('dialog', { name: 'Share this study' })
    await dialog.getByLabel('For whom').fill('Reader')
    await dialog.getByText('More:').click()
    await dialog.getByLabel('Without names (de-identified)').check()
    await dialog.getByRole('radio', { name: 'Nothing' }).check()
    await dialog.getByRole('button', { name: 'Black out regions in US · Zhang San liver' }).click()
    await editor().locator('img').waitFor()
    await expect.poll(() => editor().getByText('Loading').count()).toBe(0)
    await drag([3.4, 10.3], [29.6, 21.7])
    await expect.poll(regions).toEqual(['Region 1: 27 × 12 pixels at 3, 10'])
    // A click draws nothing.
    await drag([40, 100], [40, 100])
    expect(await regions()).toHaveLength(1)
    await editor().getByRole('button', { name: 'Add a region' }).click()
    await page.keyboard.press('Control+ArrowDown')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowUp')
    await expect.poll(async () => (await regions())[1]).toBe('Region 2: 16 × 11 pixels at 21, 64')
    // Turned to the next image, which has them too.
    await page.keyboard.press('PageDown')
    await editor().getByText('Image 2 of 2').waitFor()
    await expect.poll(regions).toHaveLength(2)
    await editor().getByLabel('Show as it will be').check()
    // Two more each have a handle.
    await expect.poll(() => editor().locator('svg[data-regions] rect').count()).toBe(2)
    expect(
      await editor()
        .getByRole('button', { name: /^Region/ })
        .count(),
    ).toBe(0)
    await editor().getByRole('button', { name: 'Black out', exact: true }).click()
    await dialog.getByText('2 of 2 images have a region').waitFor()
    await dialog.getByRole('button', { name: 'Create link' }).click()
    const link = await dialog.getByLabel('Link', { exact: true }).inputValue()
    await dialog.getByRole('button', { name: 'Done' }).click()

    const frames = await framesOfGuest(link.split('/s/')[1] ?? '')
    expect(frames).toHaveLength(2)
    for (const [index, frame] of frames.entries()) {
      const original = samples(index + 1)
      const wrong: string[] = []
      for (let at = 0; at < ROWS * COLUMNS; at++) {
        const [x, y] = [at % COLUMNS, Math.floor(at / COLUMNS)]
        const isInside = (x >= 3 && x < 30 && y >= 10 && y < 22) || (x >= 21 && x < 37 && y >= 64 && y < 75)
        if (frame.readInt16LE(at * 2) !== (isInside ? -32_768 : original[at])) wrong.push(`${x},${y}`)
      }
      expect(wrong).toEqual([])
    }
  })

  const regions = (): Promise<string[]> =>
    editor()
      .getByRole('button', { name: /^Region/ })
      .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''))

  /** The ultrasound images as the link's guest is served them. */
  async function framesOfGuest(token: string): Promise<Buffer[]> {
    const open = () =>
      fetch(`${service.url}/api/shared/open`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ token }),
      })
    await expect.poll(async () => (await open()).status, { timeout: 30_000, interval: 500 }).toBe(200)
    const opened = await open()
    const user = (await opened.json()) as SessionUser
    const headers = {
      Cookie: (opened.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '',
      'Yunying-Share': user.share?.handle ?? '',
    }
    const root = `${service.url}/dicom-web/studies/${user.share?.studyInstanceUid}`
    const metadata = (await (await fetch(`${root}/metadata`, { headers })).json()) as DicomJson[]
    const value = (json: DicomJson, tag: string): string => String(json[tag]?.Value?.[0])
    const frames: Buffer[] = []
    for (const json of metadata
      .filter((each) => value(each, '00080060') === 'US')
      .sort((a, b) => Number(value(a, '00200013')) - Number(value(b, '00200013')))) {
      const path = `${root}/series/${value(json, '0020000E')}/instances/${value(json, '00080018')}/frames/1`
      const answer = await fetch(path, {
        headers: { ...headers, Accept: 'multipart/related; type="application/octet-stream"' },
      })
      frames.push(...(await answerParts(answer)).map(({ body }) => Buffer.from(body)))
    }
    return frames
  }

  it('is downloaded, with how far it is, and says what was left out', async () => {
    await page.getByRole('button', { name: 'Download study' }).click()
    await page.getByRole('menuitem', { name: 'Without names …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Download without names' })
    await dialog.getByText('In these images a name may be burnt in.').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Download' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^ANON-[0-9A-F]{12}\.zip$/)
    await page.getByText(/is saved without 2 images/).waitFor()
    const files = unzipSync(new Uint8Array(await readFile(await download.path())))
    expect(Object.keys(files)).toHaveLength(3 + 2)
    const text = Buffer.from(files['DEIDENTIFIED.TXT'] ?? []).toString()
    expect(text).toContain('- 2 instances: US')
    expect(text).toContain('- 2 个实例: US')
  })

  it('is given up by Cancel while it is made', async () => {
    // Held until it is given up, and never let through afterwards.
    let hold: (route: Route) => void = () => undefined
    const held = new Promise<Route>((resolve) => (hold = resolve))
    await page.route('**/archive', (route) => hold(route))
    const givenUp = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/archive'))
    await page.getByRole('button', { name: 'Download study' }).click()
    await page.getByRole('menuitem', { name: 'Without names …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Download without names' })
    await dialog.getByRole('button', { name: 'Download' }).click()
    const asked = await held
    await dialog.getByRole('progressbar').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await givenUp
    await asked.abort()
    await dialog.getByRole('progressbar').waitFor({ state: 'detached' })
    expect(await dialog.getByRole('alert').count()).toBe(0)
    await page.unroute('**/archive')
    await page.keyboard.press('Escape')
    // The next key is the room's.
    await dialog.waitFor({ state: 'detached' })
  })

  it('is shared by its key images alone', async () => {
    await Promise.all([
      page.waitForResponse(
        (answer) => answer.url().endsWith('/draft') && answer.request().method() === 'PUT',
      ),
      page.keyboard.press('Shift+KeyK'),
    ])
    await page.keyboard.press('Shift+KeyQ')
    const dialog = page.getByRole('dialog', { name: 'Share this study' })
    await dialog.getByLabel('For whom').fill('Tumour board')
    await dialog.getByText('More:').click()
    await dialog.getByRole('radio', { name: 'Key images only' }).check()
    await dialog.getByRole('checkbox', { name: 'Key image 1, marked, not saved' }).waitFor()
    const [asked] = await Promise.all([
      page.waitForRequest((request) => request.url().endsWith('/shares') && request.method() === 'POST'),
      dialog.getByRole('button', { name: 'Create link' }).click(),
    ])
    const body = asked.postDataJSON() as { selection: { series: string[]; instances: string[] } }
    expect(body.selection.series).toEqual([])
    expect(body.selection.instances).toHaveLength(1)
    const link = await dialog.getByLabel('Link', { exact: true }).inputValue()
    const code = (await dialog.getByText(/^\d{4} \d{4}/).textContent())?.slice(0, 9) ?? ''
    await page.emulateMedia({ media: 'print' })
    const letter = page.getByRole('article')
    expect(await letter.innerText()).toContain(link)
    expect(code).toMatch(/^\d{4} \d{4}$/)
    expect(await letter.innerText()).not.toContain(code)
    expect(await dialog.isVisible()).toBe(false)
    await page.emulateMedia({ media: null })
    expect(faults).toEqual([])
  })
})
