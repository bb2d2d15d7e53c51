import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { imageShown } from '../support/image-shown.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()
const SLICES = 12

const slices = (): Buffer[] => {
  const series = newUid()
  return Array.from({ length: SLICES }, (_, index) =>
    dicom()
      .ct({ rows: 64, columns: 64 })
      .uids({ study: STUDY, series, instance: newUid() })
      .set('InstanceNumber', 'IS', [index + 1])
      .set('SeriesNumber', 'IS', [1])
      .set('FrameOfReferenceUID', 'UI', [`${STUDY}.1`.slice(0, 60)])
      .set('ImagePositionPatient', 'DS', [0, 0, index * 2])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [1, 1])
      .build(),
  )
}

describeWith(CHROMIUM, 'key images', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const pane = () => page.locator('[data-pane="0"]')
  const says = (text: string) => pane().getByText(text).first().waitFor()
  const star = (text: string) => pane().getByRole('img', { name: text })
  const rows = () => page.locator('aside li')
  const open = async (): Promise<void> => {
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
  }

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(slices()) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
    await open()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('are chosen and given up by one key, with a star on the image and no other', async () => {
    await imageShown(pane(), 7)
    await page.keyboard.press('Shift+KeyK')
    await star('Key image: Of interest').waitFor()
    await page.keyboard.press('ArrowDown')
    await imageShown(pane(), 8)
    await star('Key image: Of interest').waitFor({ state: 'detached' })
    await page.keyboard.press('Shift+KeyK')
    await star('Key image: Of interest').waitFor()
    await page.keyboard.press('Shift+KeyK')
    await star('Key image: Of interest').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+KeyZ')
    await star('Key image: Of interest').waitFor()
  })

  it('are listed with what they are for, and there again after a reload', { timeout: 120_000 }, async () => {
    await page.keyboard.press('KeyM')
    await expect.poll(() => rows().count()).toBe(2)
    await rows().nth(1).getByLabel('For what').selectOption({ label: 'For teaching' })
    await rows().nth(1).getByLabel('Name').fill('结节')
    await page.keyboard.press('Enter')
    await star('Key image: For teaching').waitFor()
    await page.getByText('Saved as your draft').waitFor()
    await open()
    await page.keyboard.press('KeyM')
    await rows().nth(1).getByText('Key image').click()
    await says(`8 / ${SLICES}`)
    await star('Key image: For teaching').waitFor()
    await expect.poll(() => rows().nth(1).getByLabel('Name').inputValue()).toBe('结节')
  })

  it('become selections that the study then has', { timeout: 120_000 }, async () => {
    await page.keyboard.press('Control+KeyS')
    await expect.poll(() => rows().count()).toBe(0)
    // Read from the archive now.
    await star('Key image: For Teaching').waitFor()
    const found = await service.fetch(`/dicom-web/studies/${STUDY}/series?Modality=KO`)
    expect(((await found.json()) as unknown[]).length).toBe(2)
    await open()
    await says(`7 / ${SLICES}`)
    await star('Key image: Of Interest').waitFor()
    await page
      .getByText('2 key images in this series')
      .or(page.getByLabel('2 key images in this series'))
      .first()
      .waitFor()
  })

  it('are images that were received, not planes that were computed', { timeout: 120_000 }, async () => {
    await page.keyboard.press('KeyN')
    await page.locator('[data-pane="1"]').waitFor()
    // Once all of the volume is here, the plane is not computed again.
    await expect
      .poll(() => page.locator('[data-plane]').allTextContents())
      .toEqual(['Axial', 'Coronal', 'Sagittal'])
    await page.locator('[data-pane="1"] section[data-status=ready]').waitFor()
    await page.keyboard.press('BracketRight')
    await page.keyboard.press('Shift+KeyK')
    await page.getByText('A computed plane is no image of the study').waitFor()
    expect(faults).toEqual([])
  })
})
