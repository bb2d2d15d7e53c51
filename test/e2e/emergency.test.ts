import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { addAuthenticator, addPerson, PASSWORD, personPage } from '../support/person-page.ts'
import { describeWith } from '../support/require.ts'
import { ADMIN, startService, type RunningService } from '../support/running-service.ts'

const CLINICIAN = { email: 'ward@example.org' }
const STUDY = newUid()

describeWith(CHROMIUM, 'breaking the glass', () => {
  let service: RunningService
  let browser: Browser
  let clinician: Page
  let administrator: Page
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const file = dicom()
      .ct({ rows: 64, columns: 64 })
      .uids({ study: STUDY })
      .set('PatientID', 'LO', ['H-4711'])
      .set('StudyDescription', 'LO', ['CT HEAD'])
      .build()
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file]) })
    expect(sent.status).toBe(200)
    await addPerson(service, CLINICIAN.email, ['referring'], 'Dr Ward')
    await addPerson(service, 'keys@example.org', ['referring'], 'Dr Keys')
    browser = await openBrowser()
    administrator = await personPage(browser, service, faults, ADMIN)
    clinician = await personPage(browser, service, faults, CLINICIAN)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  it('begins where a search has found nothing, and shows only that there are studies', async () => {
    // Who may read nothing yet is offered it at once; the key works on every page.
    await clinician.getByRole('button', { name: 'Emergency access…' }).waitFor()
    await clinician.goto(`${service.url}/?q=H-4711`)
    await clinician.getByRole('button', { name: 'Emergency access…' }).click()
    const dialog = clinician.getByRole('dialog', { name: 'Emergency access' })
    expect(await dialog.getByLabel('Number').inputValue()).toBe('H-4711')
    await dialog.getByRole('button', { name: 'Look' }).click()
    await dialog.getByText('1 study that you may not read').waitFor()
    expect(await dialog.textContent()).toContain('2026-01-02')
    expect(await dialog.textContent()).not.toContain('Zhang')
  })

  it('opens with a reason and the password, and says so as long as it lasts', async () => {
    const dialog = clinician.getByRole('dialog', { name: 'Emergency access' })
    const open = dialog.getByRole('button', { name: 'Open for 60 minutes' })
    await dialog.getByLabel('In your words').fill('Unconscious after a fall, head CT needed')
    expect(await open.isDisabled()).toBe(true)
    await dialog.getByLabel('Your password, once more').fill('not this one')
    await open.click()
    await dialog.getByText('That was not right. Try again.').waitFor()
    await dialog.getByLabel('Your password, once more').fill(PASSWORD)
    await open.click()
    const banner = clinician.getByRole('region').filter({ hasText: 'End now' })
    await banner.getByText('Zhang, San').waitFor()
    expect(await banner.textContent()).toContain('Unconscious after a fall')
    expect(await banner.textContent()).toMatch(/until \d\d:\d\d · (01:00:00|59:\d\d) left/)
    // The search that had found nothing finds it now.
    await clinician.locator(`[role=row] a[href="/studies/${STUDY}"]`).click()
    await clinician.locator('section[data-status=ready]').first().waitFor()
    await banner.getByText('Zhang, San').waitFor()
    // Nothing of the room is pushed out of the window by it.
    const height = await clinician.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)
    expect(height).toBe(0)
  })

  it('is told to the administrator at once, who reviews it, which ends it', async () => {
    await administrator.getByRole('link', { name: '1 emergency access waits for a review' }).click()
    // Opening it, and perhaps its small image in the list before.
    const opened = administrator.getByRole('table', { name: 'What was opened' }).getByRole('row')
    await opened.first().waitFor()
    for (const line of await opened.allInnerTexts()) expect(line).toMatch(/Opened\s.*CT HEAD/)
    await administrator.getByRole('button', { name: 'Review…' }).click()
    const dialog = administrator.getByRole('dialog')
    await dialog.getByLabel('Not justified').check()
    await dialog.getByLabel('Note').fill('The ward knows of no such patient.')
    // Said for a few seconds only, perhaps before the administrator's page has shown all of this.
    const told = clinician.getByText('The emergency access has ended.').waitFor()
    await Promise.all([told, dialog.getByRole('button', { name: 'Close it' }).click()])
    await administrator.getByText('Nothing to review').waitFor()
    await dialog.waitFor({ state: 'hidden' })
    await administrator.getByText('The ward knows of no such patient.').waitFor()
    // Nothing stays on the screen of whoever opened it.
    await clinician.waitForURL(`${service.url}/`)
    await clinician.getByText('No studies yet').waitFor()
    expect(await clinician.getByRole('button', { name: 'End now' }).count()).toBe(0)
  })

  it('opens with a passkey alone for whoever has nothing else', async () => {
    const here = { ...service, url: service.url.replace('127.0.0.1', 'localhost') }
    const page = await personPage(browser, here, faults, { email: 'keys@example.org' })
    await addAuthenticator(page)
    await page.goto(`${here.url}/account`)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('The ward')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('The ward').waitFor()
    await service.withPacs(async ({ database }) => {
      await database.query(`update app_user set password_hash = null where email = 'keys@example.org'`)
      await database.query(`select pg_notify('access_changed', '')`)
    })
    // Who is signed in is remembered until the service has heard of it.
    const said = () => page.evaluate(async () => (await fetch('/api/emergency')).text())
    await expect.poll(said).toContain('"proofs":["passkey"]')
    await page.goto(`${here.url}/?q=H-4711`)
    await page.getByRole('button', { name: 'Emergency access…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Emergency access' })
    await dialog.getByRole('button', { name: 'Look' }).click()
    await dialog.getByLabel('In your words').fill('Unconscious after a fall, head CT needed')
    expect(await dialog.getByLabel(/password/i).count()).toBe(0)
    await dialog.getByRole('button', { name: 'Open with a passkey' }).click()
    await page.getByRole('region').filter({ hasText: 'End now' }).getByText('Zhang, San').waitFor()
    await page.getByRole('button', { name: 'End now' }).click()
    await page.context().close()
  })

  it('is not offered where it was switched off', async () => {
    await administrator.getByLabel('Clinicians may use emergency access').uncheck()
    await administrator.getByRole('button', { name: 'Save' }).click()
    await administrator.getByText('Saved.').waitFor()
    await clinician.reload()
    await clinician.getByText('No studies yet').waitFor()
    expect(await clinician.getByRole('button', { name: 'Emergency access' }).count()).toBe(0)
    expect(faults).toEqual([])
  })
})
