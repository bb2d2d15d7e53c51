import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { multipart } from '../support/multipart.ts'
import { noisySlices } from '../support/noisy-slices.ts'
import { describeWith } from '../support/require.ts'
import { signedInPage } from '../support/signed-in-page.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import { tlsFiles } from '../support/tls-files.ts'
import { byHttp2 } from '../support/wires.ts'

const SLICES = 40

describeWith(CHROMIUM, 'the reading room by HTTP/2', () => {
  let app: TestApp
  let browser: Browser
  const study = newUid()
  beforeAll(async () => {
    await buildViewer()
    const { cert, env } = await tlsFiles()
    app = await startTestApp({ env, viewerFolder: join(import.meta.dirname, '../../dist/viewer') })
    const wire = byHttp2(app.url, cert)
    const { headers, body } = multipart(noisySlices({ study, slices: SLICES, side: 256 }))
    const Authorization = `Bearer ${app.token}`
    const sent = await wire.ask('/dicom-web/studies', {
      method: 'POST',
      headers: { ...headers, Authorization },
      body,
    })
    expect(sent.status).toBe(200)
    wire.close()
    browser = await openBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  it('opens a study, and asks for all of it by HTTP/2', { timeout: 120_000 }, async () => {
    const faults: string[] = []
    const page = await signedInPage(browser, app, faults, { device: { ignoreHTTPSErrors: true } })
    await page.goto(`${app.url}/studies/${study}`)
    await page.locator('section[data-status=ready]').first().waitFor()
    const frames = (): Promise<string[]> =>
      page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .filter(({ name }) => /\/(frames|rendered|metadata|opening)\b/.test(name))
          .map((entry) => (entry as PerformanceResourceTiming).nextHopProtocol),
      )
    // Several frames may come in one answer, where the machine is so busy that the archive seems far.
    await expect
      .poll(() => page.locator('canvas[data-exact]').first().getAttribute('data-exact'), { timeout: 60_000 })
      .toBe(String(SLICES))
    expect((await frames()).length).toBeGreaterThan(2)
    expect(new Set(await frames())).toEqual(new Set(['h2']))
    const [opened] = await page.evaluate(() =>
      performance
        .getEntriesByType('navigation')
        .map((entry) => (entry as PerformanceNavigationTiming).nextHopProtocol),
    )
    expect(opened).toBe('h2')
    expect(faults).toEqual([])
  })
})
