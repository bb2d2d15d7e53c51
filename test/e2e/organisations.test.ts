import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

describeWith(CHROMIUM, 'organisations', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', {
      method: 'POST',
      ...multipart([dicom().ct({ rows: 64, columns: 64 }).build()]),
    })
    expect(sent.status).toBe(200)
    browser = await openBrowser({ webgl: false })
    page = await signedInPage(browser, service, faults)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
    expect(faults).toEqual([])
  })

  const openTab = async (name: string): Promise<void> => {
    await page.goto(`${service.url}/admin/users`)
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor()
  }

  it('are made by the operator, whose administrators sign in with the password that is shown once', async () => {
    await openTab('Organisations')
    await page.getByRole('button', { name: 'Add an organisation' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Eye clinic')
    await dialog.getByLabel('E-mail of its administrator').fill('chief@eye.example')
    await dialog.getByLabel('AE title').fill('EYE')
    await dialog.getByLabel('Quota in GB').fill('0')
    await dialog.getByLabel('Time zone').selectOption('Asia/Shanghai')
    await dialog.getByRole('button', { name: 'Add an organisation' }).click()
    const shown = page.getByRole('dialog', { name: 'One-time password' })
    const password = /(?:\w{4}-){3}\w{4}/.exec((await shown.textContent()) ?? '')?.[0] ?? ''
    await page.keyboard.press('Escape')
    await page.getByRole('cell', { name: 'Eye clinic', exact: true }).waitFor()

    const other = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
    const theirs = await other.newPage()
    await theirs.goto(service.url)
    await theirs.fill('input[type=email], input[name=email]', 'chief@eye.example')
    await theirs.fill('input[type=password]', password)
    await theirs.keyboard.press('Enter')
    await theirs.fill('input[name=current]', password)
    for (const name of ['next', 'again']) await theirs.fill(`input[name=${name}]`, 'quiet harbour 58 lantern')
    await theirs.keyboard.press('Enter')
    await theirs.waitForSelector('header nav')
    // Nothing of the first organisation, and no page of the operator.
    await theirs.getByText(/^(Drop a folder of scans here|No studies yet)$/).waitFor()
    expect(await theirs.locator('main').textContent()).not.toContain('Zhang')
    await theirs.goto(`${service.url}/admin/users`)
    await theirs.getByRole('link', { name: 'Usage' }).waitFor()
    expect(await theirs.getByRole('link', { name: 'Organisations', exact: true }).count()).toBe(0)
    await other.close()
  })

  it('say on the upload page that there is no room, before anything is sent', async () => {
    const { organisations } = (await (await service.fetch('/api/admin/organisations')).json()) as {
      organisations: { organisationId: string; name: string }[]
    }
    const own = organisations.find(({ name }) => name === 'Yunying')?.organisationId ?? ''
    const setQuota = (quotaBytes: number | null) =>
      service.fetch(`/api/admin/organisations/${own}`, {
        method: 'PATCH',
        body: JSON.stringify({ quotaBytes }),
        headers: { 'Content-Type': 'application/json' },
      })
    await setQuota(1000)
    await page.goto(`${service.url}/upload`)
    const notice = page.getByRole('alert')
    await expect.poll(() => notice.textContent()).toContain('keeps as much as it may')
    await setQuota(null)
    await expect.poll(() => notice.count()).toBe(0)
  })

  it('have settings and a logo in the bar of all their pages', async () => {
    await openTab('Organisation')
    await page.getByLabel('Name').fill('Riverside hospital')
    await page.getByLabel('Time zone').selectOption('Europe/Berlin')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    const picture = await sharp({ create: { width: 400, height: 160, channels: 3, background: '#1f8a5b' } })
      .png()
      .toBuffer()
    await page
      .locator('input[type=file][accept*=webp]')
      .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: picture })
    await page.getByAltText('Logo of Riverside hospital').waitFor()
    await expect
      .poll(async () => {
        await page.reload()
        await page.waitForSelector('header nav')
        return page.locator('header').getByAltText('Riverside hospital').count()
      })
      .toBe(1)
  })

  it('see their usage as charts, and as a table for who cannot see those', async () => {
    await openTab('Usage')
    const charts = page.getByRole('figure')
    await expect.poll(() => charts.count()).toBe(4)
    for (const name of ['Kept', 'Served', 'Studies', 'People who were there'])
      await page.getByRole('img', { name: new RegExp(`^${name}: .* on the last day`) }).waitFor()
    await page.getByText('As a table').click()
    const today = page.getByRole('row').nth(1)
    await expect.poll(() => today.textContent()).toMatch(/^\d{4}-\d\d-\d\d.*B.*1/)
  })
})
