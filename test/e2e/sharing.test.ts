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
const FILES = [1, 2, 3, 4].map((number) =>
  dicom()
    .ct({ rows: 128, columns: 128 })
    .uids({ study: STUDY, series: SERIES, instance: newUid() })
    .set('PatientName', 'PN', [{ Alphabetic: 'Wang^Fang', Ideographic: '王^芳' }])
    .set('StudyDescription', 'LO', ['Chest CT'])
    .set('InstanceNumber', 'IS', [number])
    .set('ImagePositionPatient', 'DS', [0, 0, number * 2])
    .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
    .set('PixelSpacing', 'DS', [1, 1])
    .build(),
)
const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  locale: 'zh-CN',
}
/** Of an image that is here. */
const READY = 'section[data-status=ready]'

describeWith(CHROMIUM, 'a study shared by a link', () => {
  let service: RunningService
  let [browser, elsewhere] = [undefined as unknown as Browser, undefined as unknown as Browser]
  let maker: Page
  let expert: Page
  let link: string
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(FILES) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    elsewhere = await openBrowser()
    maker = await signedInPage(browser, service, faults)
    const context = await elsewhere.newContext(PHONE)
    expert = await context.newPage()
    expert.setDefaultTimeout(30_000)
    expert.on('pageerror', (error) => faults.push(String(error)))
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await elsewhere?.close()
    await service?.stop()
  })

  it('is made from the reading room: whom it is for, and a passphrase', async () => {
    await maker.goto(`${service.url}/studies/${STUDY}`)
    await maker.waitForSelector(READY)
    await maker.keyboard.press('Shift+KeyQ')
    const dialog = maker.getByRole('dialog')
    await dialog.getByLabel('For whom').fill('李伟 医师')
    await dialog.getByRole('radio', { name: 'Passphrase' }).check()
    await dialog.getByRole('textbox', { name: 'Passphrase' }).fill('river and cloud')
    await dialog.getByRole('button', { name: 'Create link' }).click()
    link = await dialog.getByLabel('Link', { exact: true }).inputValue()
    expect(link).toMatch(new RegExp(`^${service.url}/s/[\\w.-]{55}$`))
    await dialog.getByRole('img', { name: 'The link as a QR code' }).waitFor()
  })

  it('asks the expert for it on a phone, in their language, and refuses another', async () => {
    await expert.goto(link)
    await expert.getByRole('heading', { name: '李伟 医师，请查看影像' }).waitFor()
    await expert.getByLabel('口令').fill('cloud and river')
    await expert.getByRole('button', { name: '查看影像' }).click()
    await expert.getByRole('alert').getByText('不正确').waitFor()
  })

  it('opens the same reading room, marked with who looks, without what is not the expert’s', async () => {
    await expert.getByLabel('口令').fill('river and cloud')
    await expert.getByRole('button', { name: '查看影像' }).click()
    await expert.waitForSelector(READY)
    await expert.getByText('李伟 医师，Yunying 的访客').waitFor()
    const mark = await expert.locator('[data-watermark]').getAttribute('style')
    expect(decodeURIComponent(mark ?? '')).toContain('李伟 医师 ·')
    expect(await expert.getByLabel('返回检查列表').count()).toBe(0)
    // A reload is no second opening.
    await expert.reload()
    await expert.waitForSelector(READY)
  })

  it('tells its maker that it was opened', async () => {
    await maker.getByRole('button', { name: 'Done' }).click()
    await maker.keyboard.press('Shift+KeyQ')
    await maker.getByRole('dialog').getByText('opened 1 time').waitFor()
    await maker.getByRole('button', { name: 'Openings' }).click()
    await maker.getByRole('dialog').getByText('127.0.0.1').waitFor()
  })

  it('taken back leaves the expert’s screen within seconds, and says so', async () => {
    const before = Date.now()
    await maker.getByRole('button', { name: 'Take back' }).click()
    await maker.getByText('The link for 李伟 医师 is taken back.').waitFor()
    await expert.getByText('此链接已被收回').waitFor()
    expect(Date.now() - before).toBeLessThan(30_000)
    await expect.poll(() => expert.locator('canvas').count()).toBe(0)
    const frame = await expert.evaluate(
      async ([study = '', shared = '']) => {
        const answer = await fetch(`/dicom-web/studies/${study}/metadata`, {
          headers: { 'Yunying-Share': shared },
        })
        return answer.status
      },
      [STUDY, link.split('/s/')[1]?.split('.')[0] ?? ''],
    )
    expect(frame).toBe(401)
    expect(faults).toEqual([])
  })
})
