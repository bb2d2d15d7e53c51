import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const study = (name: string, date: string): Uint8Array =>
  dicom()
    .ct({ rows: 64, columns: 64 })
    .set('PatientName', 'PN', [{ Alphabetic: name }])
    .set('PatientID', 'LO', [name])
    .set('StudyDescription', 'LO', ['CT chest'])
    .set('StudyDate', 'DA', [date])
    .build()

describeWith(CHROMIUM, 'retention', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const files = [
      study('Old^One', '20010203'),
      study('Old^Two', '20040506'),
      study('Recent^One', '20260102'),
    ]
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status).toBe(200)
    browser = await openBrowser({ webgl: false })
    page = await signedInPage(browser, service, faults)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
    expect(faults).toEqual([])
  })

  it('shows what a rule would remove before it is on, and lists it then', async () => {
    await page.goto(`${service.url}/admin/retention`)
    await page.getByText('No rule: every study is kept for ever.').waitFor()
    await page.getByRole('button', { name: 'Add a rule' }).click()
    const form = page.getByRole('dialog', { name: 'Add a rule' })
    await form.getByLabel('Modalities').fill('ct')
    await form.getByRole('spinbutton', { name: 'Years' }).fill('15')
    await form.getByRole('button', { name: 'Keep as a draft' }).click()
    const preview = page.getByRole('dialog', { name: 'What this rule would remove' })
    await preview.getByText('2 studies,').waitFor()
    await expect.poll(() => preview.getByRole('row').count()).toBe(3)
    await preview.getByRole('button', { name: 'Switch on' }).click()
    await preview.waitFor({ state: 'hidden' })
    const due = page.locator('section', { hasText: 'Due for removal' }).last()
    await expect.poll(() => due.getByRole('row').count()).toBe(3)
    await page.getByText('CT: kept 15 years from the study date').waitFor()
  })

  it('holds a study that is due, and every other thing stays listed', async () => {
    await page.getByRole('row', { name: 'Old, One' }).getByRole('button', { name: 'Hold…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Hold or remove the study' })
    const hold = dialog.getByRole('button', { name: 'Hold', exact: true })
    expect(await hold.isDisabled()).toBe(true)
    await dialog.getByLabel('Why').fill('A claim is open at the court.')
    await hold.click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('cell', { name: 'A claim is open at the court.' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Hold…' }).count()).toBe(1)
  })

  it('removes a study from its preview in the worklist, for good', async () => {
    await page.goto(service.url)
    await page
      .locator('[role=row]', { hasText: 'Recent, One' })
      .locator('button[aria-label^=Preview]')
      .click()
    await page.getByRole('button', { name: 'Hold or remove…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Hold or remove the study' })
    await dialog.getByLabel('Remove this study now').check()
    await dialog.getByLabel('Why').fill('Sent to us by mistake.')
    await dialog.getByRole('button', { name: 'Remove for good' }).click()
    await expect.poll(() => page.getByText('Recent, One').count()).toBe(0)
    await page.goto(`${service.url}/admin/retention`)
    await page.getByText('Sent to us by mistake.').waitFor()
  })
})
