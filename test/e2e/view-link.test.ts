import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { ADMIN, startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDY = newUid()

const series = (number: number, slices: number): Buffer[] => {
  const uid = newUid()
  return Array.from({ length: slices }, (_, index) =>
    dicom()
      .ct({ rows: 32, columns: 32 })
      .uids({ study: STUDY, series: uid, instance: newUid() })
      .set('SeriesNumber', 'IS', [number])
      .set('InstanceNumber', 'IS', [index + 1])
      .set('ImagePositionPatient', 'DS', [0, 0, index])
      .build(),
  )
}

describeWith(CHROMIUM, 'a link to a view', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  let link = ''
  const faults: string[] = []
  const says = (where: Page, text: string) =>
    where.locator('[data-pane="0"]').getByText(text).first().waitFor()
  const windowIn = async (where: Page): Promise<string | undefined> =>
    /W [\d.]+\s+C -?[\d.]+/.exec(await where.locator('[data-pane="0"]').innerText())?.[0]

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart([...series(1, 9), ...series(2, 5)]),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults, {
      device: { permissions: ['clipboard-read', 'clipboard-write'] },
    })
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('is copied by a key', async () => {
    await page.keyboard.press('PageDown')
    await says(page, '3 / 5')
    for (const key of ['ArrowDown', 'Digit2']) await page.keyboard.press(key)
    await says(page, '4 / 5')
    await expect.poll(() => windowIn(page)).toMatch(/W 200\s+C 80/)
    await page.keyboard.press('Control+Shift+KeyC')
    await page.getByText('Link copied').waitFor()
    link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toContain(`/studies/${STUDY}?`)
  })

  it('shows another person the same image with the same window, once they have signed in', async () => {
    const window = await windowIn(page)
    expect(window).toBeDefined()
    const context = await browser.newContext({ locale: 'en-US' })
    const other = await context.newPage()
    await other.goto(link)
    await other.fill('input[type=email], input[name=email]', ADMIN.email)
    await other.fill('input[type=password]', ADMIN.password)
    await other.keyboard.press('Enter')
    await says(other, '4 / 5')
    await expect.poll(() => windowIn(other)).toBe(window)
    await context.close()
  })

  it('says so when what it names is not there', async () => {
    await page.goto(`${service.url}/studies/${STUDY}?series=1.2.3&image=1.2.3.4`)
    await page.getByText('not in this study').waitFor()
    await says(page, '5 / 9')
    expect(faults).toEqual([])
  })
})
