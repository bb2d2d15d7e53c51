import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { describeWith } from '../support/require.ts'
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.ts'

describeWith(CHROMIUM, 'an administrator before the quarantine', () => {
  const instance = newUid()
  const image = dicom().ct({ rows: 8, columns: 8 }).uids({ instance })
  let app: TestApp
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    await buildViewer()
    app = await startTestApp({ viewerFolder: join(import.meta.dirname, '../../dist/viewer') })
    for (const patient of ['P1', 'P2']) {
      const body = new Uint8Array(image.set('PatientID', 'LO', [patient]).build())
      const headers = { 'Content-Type': 'application/dicom' }
      await app.fetch('/dicom-web/studies', { method: 'POST', headers, body })
    }
    await app.drain()
    browser = await openBrowser()
    page = await (await browser.newContext({ locale: 'en-US' })).newPage()
    await page.goto(app.url)
    await page.fill('input[type=email], input[name=email]', ADMIN.email)
    await page.fill('input[type=password]', ADMIN.password)
    await page.keyboard.press('Enter')
    await page.waitForSelector('header nav')
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  it('sees in what the images differ, keeps a copy of the received one, and discards it', async () => {
    await page.goto(`${app.url}/admin/quarantine`)
    await page.getByRole('button', { name: 'Compare' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The pixels are the same. 1 attribute differs.').waitFor()
    const row = dialog.getByRole('row', { name: /PatientID/ })
    expect(await row.getByRole('cell').allTextContents()).toEqual(['P1', 'P2'])

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('link', { name: 'Download' }).click(),
    ])
    expect(await readFile(await file.path())).toEqual(image.build())

    await dialog.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('heading', { name: 'Discard the received image?' }).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    await page.getByText('Nothing is in quarantine').waitFor()
  }, 60_000)
})
