import type { Browser, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AuditPage } from '../../core/contract/api.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { multipart } from '../support/multipart.ts'
import { noisySlices } from '../support/noisy-slices.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const STUDIES = 3
const PATIENT = { timeout: 60_000, interval: 250 }

describeWith(CHROMIUM, 'the next study of the list', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  const faults: string[] = []
  /** Study Instance UIDs in the order of the list. */
  let list: string[] = []
  /** What the pane of a study says of it. */
  const described = new Map<string, string>()
  /** Paths asked for, and for what. */
  const asked: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    for (let each = 0; each < STUDIES; each++) {
      const [study, description] = [newUid(), `study ${each}`]
      described.set(study, description)
      const files = noisySlices({ study, slices: 9, side: 128, description })
      const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
      expect(sent.status).toBe(200)
    }
    browser = await openBrowser()
    page = await signedInPage(browser, service, faults)
    page.on('request', (request) => {
      const purpose = request.headers()['purpose']
      asked.push(`${new URL(request.url()).pathname}${purpose === undefined ? '' : ` ${purpose}`}`)
    })
    await page.locator(`[role=row][aria-rowindex="${STUDIES + 1}"]`).waitFor()
    list = await page
      .locator('[role=row] a[href^="/studies/"]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')?.split('/').at(-1) ?? ''))
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  const ready = (): Promise<void> => page.locator('section[data-status=ready]').first().waitFor()
  /** The address is another before the room is: keys are still those of the study before. */
  async function arrived(uid: string | undefined): Promise<void> {
    await page.waitForURL(`**/studies/${uid}`)
    await page
      .locator('[data-pane="0"] section[data-status=ready]')
      .filter({ hasText: described.get(uid ?? '') ?? 'a study of the list' })
      .waitFor()
  }
  const openingOf = (uid: string | undefined): string => `/api/studies/${uid}/opening`
  /** What the trail says of those who saw a study, the first first. */
  async function accesses(uid: string | undefined): Promise<unknown[]> {
    const query = new URLSearchParams({ study: uid ?? '', event: 'instances-accessed' })
    const answer = await service.fetch(`/api/admin/audit?${query.toString()}`)
    const { entries } = AuditPage.parse(await answer.json())
    return entries.map(({ detail }) => detail).reverse()
  }

  it(
    'is fetched once this one is here, and is on the screen before anything more of it is asked for',
    { timeout: 240_000 },
    async () => {
      const [first, second, third] = list
      const before = await accesses(second)
      await page.locator('[role=row][aria-rowindex="2"]').click()
      await ready()
      await expect.poll(() => asked.includes(`${openingOf(second)} prefetch`), PATIENT).toBe(true)
      await expect.poll(() => asked).toContain(openingOf(first))
      // One, and no more.
      expect(asked.filter((path) => path.endsWith(' prefetch'))).toHaveLength(1)
      await expect.poll(() => accesses(second), PATIENT).toEqual([...before, { purpose: 'prefetch' }])

      const held: Route[] = []
      let isHeld = true
      await page.route(
        (url) => url.pathname.includes(second ?? ''),
        async (route) => {
          if (isHeld && route.request().resourceType() !== 'document') held.push(route)
          else await route.continue()
        },
      )
      await page.keyboard.press('Shift+PageDown')
      await page.waitForURL(`**/studies/${second}`)
      const picture = page.locator('img[data-opening]')
      await expect
        .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth), PATIENT)
        .toBeGreaterThan(0)
      isHeld = false
      for (const route of held) await route.continue()
      await arrived(second)
      expect(asked).not.toContain(openingOf(second))
      expect(asked).not.toContain(openingOf(third))
      // That it was opened is recorded as such.
      await expect
        .poll(() => accesses(second), PATIENT)
        .toEqual([...before, { purpose: 'prefetch' }, { purpose: 'opening' }])
      expect(faults).toEqual([])
    },
  )

  it(
    'is gone to and back from by keys, until the list ends; the way back is the list',
    { timeout: 240_000 },
    async () => {
      const [first, second, third] = list
      await page.goto(service.url)
      await page.locator('[role=row][aria-rowindex="3"]').click()
      await arrived(second)
      await page.keyboard.press('Shift+PageUp')
      await arrived(first)
      await page.keyboard.press('Shift+PageUp')
      await page.getByText('The list from which you came ends here.').waitFor()
      await page.keyboard.press('Shift+PageDown')
      await arrived(second)
      await page.keyboard.press('Shift+PageDown')
      await arrived(third)
      await page.goBack()
      await page.locator('[role=row][aria-rowindex="2"]').waitFor()
      expect(faults).toEqual([])
    },
  )
})
