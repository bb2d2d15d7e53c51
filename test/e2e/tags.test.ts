import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()
const SERIES = newUid()

const files = [1, 2, 3].map((number) =>
  dicom()
    .ct({ rows: 32, columns: 32 })
    .uids({ study: STUDY, series: SERIES, instance: newUid() })
    .set('PatientName', 'PN', [{ Alphabetic: 'Wang^Fang', Ideographic: '王^芳' }])
    .set('SeriesNumber', 'IS', [4])
    .set('InstanceNumber', 'IS', [number])
    .set('ImagePositionPatient', 'DS', [0, 0, number])
    .set('ReferencedImageSequence', 'SQ', [
      {
        '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
        '00081155': { vr: 'UI', Value: ['1.2.3.4'] },
      },
    ])
    .build(),
)

describeWith(CHROMIUM, 'the attributes of an image', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  const dialog = () => page.getByRole('dialog')
  const row = (text: string) => dialog().getByRole('row').filter({ hasText: text })

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
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

  it('are listed by one key, and found by tag, name or value', async () => {
    await page.keyboard.press('Shift+KeyI')
    await dialog().getByText('Series 4, image 2').first().waitFor()
    await page.keyboard.type('(0010,0010)')
    await row('PatientName').getByText('Wang^Fang=王^芳').waitFor()
    // Its row was there before anything was looked for.
    await expect.poll(() => dialog().getByRole('row').count()).toBe(1)
    await dialog().getByRole('searchbox').fill('sliceThick')
    await expect.poll(() => row('PatientName').count()).toBe(0)
  })

  it('have sequences that unfold, and unfold by themselves for what is looked for', async () => {
    const search = dialog().getByRole('searchbox')
    await search.fill('')
    await row('ReferencedImageSequence').getByRole('button', { name: '1 item' }).click()
    await row('ReferencedSOPInstanceUID').getByText('1.2.3.4').waitFor()
    await row('ReferencedImageSequence').getByRole('button', { name: '1 item' }).click()
    await expect.poll(() => row('ReferencedSOPInstanceUID').count()).toBe(0)
    await search.fill('1.2.3.4')
    await row('ReferencedSOPInstanceUID').waitFor()
  })

  it('are compared with those of another image: what differs, of both', async () => {
    await dialog().getByRole('searchbox').fill('')
    await dialog().getByLabel('Compare with').selectOption({ label: 'Series 4, image 3' })
    await dialog()
      .getByText(/differences from Series 4, image 3/)
      .waitFor()
    await expect
      .poll(async () => (await row('InstanceNumber').getByRole('cell').allInnerTexts()).slice(3, 5))
      .toEqual(['2', '3'])
    expect(await row('PatientName').count()).toBe(0)
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    expect(faults).toEqual([])
  })
})
