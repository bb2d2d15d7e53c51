import { readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'
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
const FILES = [1, 2, 3].map((number) =>
  dicom()
    .ct({ rows: 32, columns: 32 })
    .uids({ study: STUDY, series: '2.25.31' })
    .set('InstanceNumber', 'IS', [number])
    .build(),
)

describeWith(CHROMIUM, 'downloading a study', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(FILES) })
    expect(sent.status).toBe(200)
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  async function clicked(): Promise<Record<string, Uint8Array>> {
    await page.getByRole('button', { name: 'Download study' }).click()
    const item = page.getByRole('menuitem', { name: 'As it is (ZIP, DICOMDIR)' })
    const [download] = await Promise.all([page.waitForEvent('download'), item.click()])
    expect(download.suggestedFilename()).toBe(`${STUDY}.zip`)
    expect(await download.failure()).toBeNull()
    return unzipSync(new Uint8Array(await readFile(await download.path())))
  }

  it('saves its instances and their directory, from the reading room', async () => {
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
    const files = await clicked()
    expect(Object.keys(files)[0]).toBe('DICOMDIR')
    const { DICOMDIR, ...instances } = files
    expect(Buffer.from(DICOMDIR ?? []).toString('latin1', 128, 132)).toBe('DICM')
    expect(Object.values(instances).map((bytes) => Buffer.from(bytes))).toEqual(FILES)
    expect(page.url()).toBe(`${service.url}/studies/${STUDY}`)
    // The keys are the room's again.
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  })

  it('saves it from the list, without opening it', async () => {
    await page.goto(service.url)
    await page.waitForSelector('[role=row][aria-rowindex="2"]')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    expect(Object.keys(await clicked())).toHaveLength(FILES.length + 1)
    expect(faults).toEqual([])
  })

  it('is not offered to who may not', async () => {
    await page.route('**/api/session', async (route) => {
      const answer = await route.fetch()
      const user = (await answer.json()) as { actions: string[] }
      const actions = user.actions.filter((action) => action !== 'study.download')
      await route.fulfill({ response: answer, json: { ...user, actions } })
    })
    await page.goto(`${service.url}/studies/${STUDY}`)
    await page.waitForSelector('section[data-status=ready]')
    expect(await page.getByRole('button', { name: 'Download study' }).count()).toBe(0)
  })
})
