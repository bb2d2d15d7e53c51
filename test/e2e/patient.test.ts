import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { personPage, watchedPage } from '../support/person-page.ts'
import { describeWith } from '../support/require.ts'
import { ADMIN, startService, type RunningService } from '../support/running-service.ts'

const PHONE = { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true }
const STUDY = newUid()

describeWith(CHROMIUM, 'a patient', () => {
  let service: RunningService
  let browser: Browser
  let staff: Page
  let phone: Page
  const faults: string[] = []
  /** What the QR code of the slip holds. */
  let address = ''
  let link = ''

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const series = newUid()
    const files = Array.from({ length: 4 }, (_, index) =>
      dicom()
        .ct({ rows: 64, columns: 64 })
        .uids({ study: STUDY, series })
        .set('InstanceNumber', 'IS', [index + 1])
        .set('PatientBirthDate', 'DA', ['19700102'])
        .set('BodyPartExamined', 'CS', ['HEAD'])
        .build(),
    )
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    staff = await personPage(browser, service, faults, ADMIN)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('is given a slip, on paper by itself, in their language', async () => {
    await staff.locator('[role=row] button[aria-label^=Preview]').click()
    await staff.getByRole('button', { name: 'Access slip…' }).click()
    const dialog = staff.getByRole('dialog')
    await dialog.getByText('the date of birth 1970-01-02').waitFor()
    await dialog.getByLabel('Language of the slip').selectOption('zh-CN')
    await dialog.getByRole('button', { name: 'Make a slip' }).click()
    await dialog.getByRole('img', { name: '网址和访问码的二维码' }).waitFor()
    const [place = '', code = ''] = await dialog.locator('dd').allTextContents()
    expect(place).toBe(`${service.url}/p`)
    address = `${place}#${code}`
    await staff.emulateMedia({ media: 'print' })
    expect(await staff.locator('#root').isVisible()).toBe(false)
    expect(await dialog.isVisible()).toBe(false)
    expect(await staff.locator('body > div article').last().isVisible()).toBe(true)
    await staff.emulateMedia({ media: null })
    await staff.keyboard.press('Escape')
  })

  it('opens their page on a phone by the code and the date of birth', async () => {
    phone = await watchedPage(browser, faults, PHONE)
    const asked: string[] = []
    phone.on('request', (request) => asked.push(request.url()))
    await phone.goto(address)
    const code = phone.getByLabel('Code')
    expect(`#${await code.inputValue()}`).toBe(new URL(address).hash)
    // Not in the history of the phone.
    await phone.waitForFunction(() => location.hash === '')
    await phone.getByLabel('Date of birth').fill('1970-01-03')
    await phone.getByRole('button', { name: 'Open my page' }).click()
    await phone.getByText('do not belong together').waitFor()
    await phone.getByLabel('Date of birth').fill('1970-01-02')
    await phone.getByRole('button', { name: 'Open my page' }).click()
    await phone.getByRole('heading', { name: 'Hello, Zhang, San' }).waitFor()
    await phone.getByRole('heading', { name: 'CT scan, head' }).waitFor()
    expect(asked.filter((url) => url.includes(new URL(address).hash.slice(1)))).toEqual([])
    expect(await widerThanPhone()).toBe(0)
  })

  it('looks at the images, one after another', async () => {
    await phone.getByRole('button', { name: 'Look at the images' }).click()
    const image = phone.locator('img[alt^="Image "]')
    await image.waitFor()
    await shown('Image 1 of 4')
    await phone.getByRole('button', { name: 'Next image' }).click()
    await shown('Image 2 of 4')
    // A finger to the left.
    const box = await image.boundingBox()
    const [x, y] = [(box?.x ?? 0) + 200, (box?.y ?? 0) + 100]
    await phone.mouse.move(x, y)
    await phone.mouse.down()
    await phone.mouse.move(x - 30, y, { steps: 5 })
    await phone.mouse.up()
    await shown('Image 3 of 4')
    await phone.getByText('not for diagnosis').waitFor()
    expect(await widerThanPhone()).toBe(0)
  })

  it('shows it to a doctor by a link', async () => {
    await phone.getByRole('button', { name: 'Show it to a doctor' }).click()
    await phone.getByLabel('For whom?').fill('Dr Lee')
    await phone.getByRole('button', { name: 'Make the link' }).click()
    await phone.getByRole('img', { name: 'The link as a QR code' }).waitFor()
    link = (await phone.getByText(`${service.url}/s/`).textContent()) ?? ''
    await phone.getByRole('button', { name: 'Done' }).click()
    await phone.getByRole('button', { name: 'Back' }).click()
    await phone.getByText('Dr Lee, by a link').waitFor()
    await phone.getByText('not opened yet').waitFor()
    expect((await openLink()).status).toBe(200)
  })

  it('reads who looked, and takes the link back', async () => {
    await staff.goto(`${service.url}/studies/${STUDY}`)
    await staff.locator('section[data-status=ready]').first().waitFor()
    await phone.reload()
    await phone.getByText('opened your CT scan, head').waitFor()
    await phone.getByText('opened once, last').waitFor()
    await phone.getByRole('button', { name: 'Take back' }).click()
    await phone.getByText('Dr Lee, by a link').waitFor({ state: 'hidden' })
    expect((await openLink()).status).toBeGreaterThanOrEqual(400)
  })

  it('has no other page', async () => {
    await phone.goto(`${service.url}/admin/users`)
    await phone.getByRole('heading', { name: 'Your examinations' }).waitFor()
    expect(await phone.getByRole('navigation').count()).toBe(0)
    await phone.getByRole('button', { name: 'Close my page' }).click()
    await phone.getByLabel('E-mail').waitFor()
    expect(faults).toEqual([])
  })

  /** The image of this name is there, whole. */
  async function shown(alt: string): Promise<void> {
    await phone.waitForFunction((name) => {
      const image = document.querySelector<HTMLImageElement>('img[alt^="Image "]')
      return image?.alt === name && image.complete && image.naturalWidth === 64
    }, alt)
  }

  const widerThanPhone = (): Promise<number> =>
    phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

  const openLink = (): Promise<Response> =>
    fetch(`${service.url}/api/shared/open`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: link.split('/').at(-1) }),
    })
})
