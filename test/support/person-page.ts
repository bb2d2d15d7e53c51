import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { createUser } from '../../core/identity/administer-users.ts'
import type { Role } from '../../core/access/principal.ts'
import { getUserByEmail } from '../../core/identity/user-table.ts'
import { ADMIN, type RunningService } from './running-service.ts'

export const PASSWORD = 'a long password'

/** A person of the first organisation, with PASSWORD. */
export async function addPerson(
  service: RunningService,
  email: string,
  roles: readonly Role[],
  displayName = '',
): Promise<void> {
  await service.withPacs(async (pacs) => {
    const { organisation_id } = await getUserByEmail(pacs.database, ADMIN.email)
    const archive = { kind: 'system', organisationId: organisation_id, reason: 'test' } as const
    await createUser(pacs, archive, { email, displayName, roles, password: PASSWORD })
  })
}

/** A browser of its own in which this person is signed in; what goes wrong in it is put with the faults. */
export async function personPage(
  browser: Browser,
  service: RunningService,
  faults: string[],
  { email, password = PASSWORD }: { readonly email: string; readonly password?: string },
  device: BrowserContextOptions = {},
): Promise<Page> {
  const page = await watchedPage(browser, faults, device)
  await page.goto(service.url)
  await page.fill('input[name=email]', email)
  await page.fill('input[type=password]', password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('header nav')
  return page
}

/** Gives a page an authenticator of its browser's own: it makes passkeys, and says yes. */
export async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

/** A page in a browser of its own where nobody is signed in. */
export async function watchedPage(
  browser: Browser,
  faults: string[],
  device: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    ...device,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text())
  })
  return page
}
