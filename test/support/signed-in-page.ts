import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { ADMIN, type RunningService } from './running-service.ts'

/** A renderer that says it is software is not used: this one is made to say something else. */
const pretendGraphicsCard = (): void => {
  const prototype = WebGL2RenderingContext.prototype
  const { getParameter } = prototype
  prototype.getParameter = function (this: WebGL2RenderingContext, name: number): unknown {
    return name === 0x9246 ? 'A graphics card' : getParameter.call(this, name)
  }
}

interface PageOptions {
  /** Drawn by WebGL: the browser has to be opened for it. */
  readonly webgl?: boolean
  /** What is not a desk's screen and mouse. */
  readonly device?: BrowserContextOptions
  /** What has to be there before the page asks for anything. */
  readonly prepare?: (page: Page) => unknown
}

/** A page of the application, signed in; what goes wrong in it is put with the faults. */
export async function signedInPage(
  browser: Browser,
  service: Pick<RunningService, 'url'>,
  faults: string[],
  { webgl = false, device = {}, prepare }: PageOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    ...device,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  if (webgl) await page.addInitScript(pretendGraphicsCard)
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text())
  })
  await prepare?.(page)
  await page.goto(service.url)
  await page.fill('input[type=email], input[name=email]', ADMIN.email)
  await page.fill('input[type=password]', ADMIN.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('header nav')
  return page
}
