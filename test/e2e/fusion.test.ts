import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { colourAt } from '../../core/volume/colour-map.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { block, ct, CT, HOT, pet, PET, petCorner, visited } from '../support/pet-ct-slices.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const PETCT = newUid()
const ELSEWHERE = newUid()
const DOSE = newUid()

function dose(study: string, frame: string): Buffer {
  const plane = block(HOT / 20_000)
  const values = new Int16Array(plane.length * PET.slices)
  for (let slice = 0; slice < PET.slices; slice++) values.set(plane, slice * plane.length)
  return visited(dicom(), study)
    .ct({ rows: PET.size, columns: PET.size, frames: PET.slices })
    .pixels(new Uint8Array(values.buffer))
    .uids({ study, series: newUid(), instance: newUid() })
    .set('SOPClassUID', 'UI', ['1.2.840.10008.5.1.4.1.1.481.2'])
    .set('Modality', 'CS', ['RTDOSE'])
    .set('SeriesDescription', 'LO', ['plan dose'])
    .set('FrameOfReferenceUID', 'UI', [frame])
    .set('ImagePositionPatient', 'DS', [petCorner, petCorner, 0])
    .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
    .set('PixelSpacing', 'DS', [PET.pixel, PET.pixel])
    .set('DoseUnits', 'CS', ['GY'])
    .set('DoseType', 'CS', ['PHYSICAL'])
    .set('DoseSummationType', 'CS', ['PLAN'])
    .set('DoseGridScaling', 'DS', [0.003])
    .set(
      'GridFrameOffsetVector',
      'DS',
      Array.from({ length: PET.slices }, (_, slice) => slice * PET.step),
    )
    .build()
}

describeWith(CHROMIUM, 'one series in colour over another', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = (number: number) => page.locator(`[data-pane="${number}"]`)

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const [one, other, third] = [newUid(), newUid(), newUid()]
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart([
        ...ct(PETCT, one),
        ...pet(PETCT, one),
        ...ct(ELSEWHERE, one),
        ...pet(ELSEWHERE, other),
        ...ct(DOSE, third),
        dose(DOSE, third),
      ]),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
  }, 240_000)
  beforeEach(() => void faults.splice(0))
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  async function open(study: string): Promise<void> {
    await page.goto(`${service.url}/studies/${study}`)
    await page.waitForSelector('section[data-status=ready]', { timeout: 60_000 })
    await page.keyboard.press('Digit1')
  }

  /** The pane that shows the anatomy, by itself. */
  async function anatomy(): Promise<void> {
    await page.locator('nav button').filter({ hasText: 'anatomy' }).first().click()
    await pane(0).getByText('anatomy').first().waitFor()
  }

  /** The four bytes of what lies over the shown image at a place of the patient, millimetres. */
  const overAt = (x: number, y: number) =>
    pane(0)
      .locator('canvas[data-fused]')
      .evaluateAll(
        ([element], [column, row]) => {
          const canvas = element as HTMLCanvasElement | undefined
          return (
            canvas && [...(canvas.getContext('2d')?.getImageData(column ?? 0, row ?? 0, 1, 1).data ?? [])]
          )
        },
        [x, y].map((at) => Math.round((at + ((CT.size - 1) * CT.pixel) / 2) / CT.pixel)),
      )

  /** How far the colour that lies over a place is from another; nothing lies there: not a number. */
  const colourOff = async (x: number, y: number, colour: readonly number[]) => {
    const over = await overAt(x, y)
    return Math.max(...colour.map((value, channel) => Math.abs((over?.[channel] ?? NaN) - value)))
  }

  /** Both values under the mouse, at a place of the patient. */
  async function probeAt(x: number, y: number): Promise<string | null> {
    const box = await pane(0).locator('canvas[data-fused]').boundingBox()
    if (box === null) throw new Error('nothing is laid over')
    const inBox = (at: number): number => at / (CT.size * CT.pixel) + 0.5
    await page.mouse.move(box.x + box.width * inBox(x), box.y + box.height * inBox(y))
    return pane(0).locator('[data-probe]').textContent()
  }

  /** The quarters of what lies over a pane that have colour. */
  const hotQuarters = (number: number) =>
    pane(number)
      .locator('canvas[data-fused]')
      .evaluate((element) => {
        const { width, height } = element as HTMLCanvasElement
        const pixels = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data
        const found = new Set<string>()
        for (let at = 0; at < width * height; at++) {
          if ((pixels?.[at * 4 + 3] ?? 0) < 128) continue
          const side = at % width < width / 2 ? 'left' : 'right'
          found.add(`${side} ${at < (width * height) / 2 ? 'upper' : 'lower'}`)
        }
        return [...found].sort()
      })

  it(
    'is laid over by one key, in the colours of its uptake, where it lies in the patient',
    { timeout: 180_000 },
    async () => {
      await open(PETCT)
      await anatomy()
      await page.keyboard.press('Shift+KeyF')
      await pane(0).locator('[data-legend]').first().waitFor({ timeout: 60_000 })
      await expect
        .poll(() => pane(0).locator('[data-fusion]').first().textContent(), { timeout: 60_000 })
        .toBe('PT uptake')
      // 3.5 of 0 to 7 g/ml is the middle of hot iron; 60 % opaque.
      const middle = colourAt('hot-iron', Math.floor((HOT / 7) * 256 - 1e-6))
      await expect.poll(async () => (await overAt(50, -50))?.[3], { timeout: 60_000 }).toBe(153)
      await expect.poll(() => colourOff(50, -50, middle)).toBeLessThan(5)
      // Mirrored places have none: left is left, and front is front.
      for (const [x, y] of [
        [-50, -50],
        [50, 50],
        [-50, 50],
      ] as const)
        await expect.poll(async () => (await overAt(x, y))?.[3]).toBe(0)
      await expect.poll(() => pane(0).locator('[data-legend]').textContent()).toBe('7SUV0')
      await expect.poll(() => probeAt(50, -50)).toBe('40.0 HU   3.50 SUVbw')

      // Keys: fainter, a narrower window, other colours.
      await page.keyboard.press('Shift+Comma')
      await expect.poll(async () => (await overAt(50, -50))?.[3]).toBe(128)
      await page.keyboard.press('Shift+BracketLeft')
      await expect.poll(() => pane(0).locator('[data-legend]').textContent()).toBe('6.5SUV0')
      await page.keyboard.press('Shift+KeyH')
      const [, , blue = 0] = colourAt('pet', Math.floor((HOT / 6.5) * 256))
      await expect.poll(async () => Math.abs(((await overAt(50, -50))?.[2] ?? 999) - blue)).toBeLessThan(6)

      // It follows each step, and goes as it came.
      const place = async (): Promise<string | undefined> =>
        /Slice -?[\d.]+ mm/.exec((await pane(0).textContent()) ?? '')?.[0]
      const before = await place()
      await page.keyboard.press('ArrowDown')
      await expect.poll(place).not.toBe(before)
      await expect.poll(async () => (await overAt(50, -50))?.[3], { timeout: 30_000 }).toBe(128)
      await page.keyboard.press('Shift+KeyF')
      await expect.poll(() => pane(0).locator('canvas[data-fused]').count()).toBe(0)
      expect(faults).toEqual([])
    },
  )

  it('lies over computed planes too', { timeout: 180_000 }, async () => {
    await open(PETCT)
    await anatomy()
    await page.keyboard.press('Shift+KeyF')
    await pane(0).locator('canvas[data-fused]').waitFor({ state: 'attached', timeout: 60_000 })
    await page.keyboard.press('KeyN')
    // What lies over the image goes before what lies over its plane comes.
    for (const [number, plane] of ['axial', 'coronal', 'sagittal'].entries())
      await pane(number).locator(`[data-plane=${plane}]`).waitFor()
    for (const number of [0, 1, 2])
      await pane(number).locator('canvas[data-fused]').waitFor({ state: 'attached', timeout: 60_000 })
    // The axial plane is seen from the feet: left of the patient is right, front is up. The others run through the middle,
    // beside the block.
    await expect.poll(() => hotQuarters(0), { timeout: 60_000 }).toEqual(['right upper'])
    expect(await hotQuarters(1)).toEqual([])
    expect(await hotQuarters(2)).toEqual([])
    expect(faults).toEqual([])
  })

  it('is refused where frames of reference differ, with the reason', { timeout: 120_000 }, async () => {
    await open(ELSEWHERE)
    await anatomy()
    await page.keyboard.press('Shift+KeyF')
    await page
      .getByText(/another frame of reference/)
      .first()
      .waitFor({ timeout: 60_000 })
    expect(await pane(0).locator('canvas[data-fused]').count()).toBe(0)
    expect(faults).toEqual([])
  })

  it(
    'shows a dose that is opened over its CT, in grays, with isodose lines',
    { timeout: 120_000 },
    async () => {
      await open(DOSE)
      await page.locator('nav button').filter({ hasText: 'plan dose' }).first().click()
      await pane(0).locator('path[data-isodose="95"]').waitFor({ state: 'attached', timeout: 60_000 })
      await pane(0).getByText('RTDOSE plan dose · PLAN').waitFor()
      await pane(0).getByText('anatomy').first().waitFor()
      // 20 000 steps of 0.003 Gy.
      await expect.poll(() => pane(0).locator('[data-legend]').textContent()).toMatch(/^60Gy6/)
      const top = colourAt('rainbow', 255)
      await expect.poll(() => overAt(50, -50)).toEqual([...top, 89])

      // It is taken off and laid over again among what is drawn over the images.
      await pane(0).getByRole('button', { name: 'Drawn over the images' }).click()
      const dose = pane(0).getByRole('checkbox', { name: /plan dose/ })
      await expect.poll(() => dose.getAttribute('aria-checked')).toBe('true')
      await dose.click()
      await expect.poll(() => pane(0).locator('canvas[data-fused]').count()).toBe(0)
      await expect.poll(() => dose.getAttribute('aria-checked')).toBe('false')
      await dose.click()
      await expect.poll(() => overAt(50, -50), { timeout: 60_000 }).toEqual([...top, 89])
      expect(faults).toEqual([])
    },
  )
})
