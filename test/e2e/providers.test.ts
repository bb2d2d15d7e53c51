import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildViewer } from '../../scripts/build.mjs'
import { addProvider } from '../../core/identity/identity-providers.ts'
import { DEFAULT_ORGANISATION } from '../../core/organisations/organisation-table.ts'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { CLIENT, startIdentityProvider, type TestIdentityProvider } from '../support/identity-provider.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { signedInPage } from '../support/signed-in-page.ts'

const DOCTOR = { email: 'doctor@example.org', email_verified: true, name: 'Dr. Li', groups: ['doctors'] }

describeWith(CHROMIUM, 'identity providers', () => {
  let service: RunningService
  let provider: TestIdentityProvider
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    provider = await startIdentityProvider(service.url, { doctor: DOCTOR })
    // Without TLS, as only the operator may name one.
    await service.withPacs(async (pacs) => {
      const [row] = await pacs.database.query<{ organisation_id: string }>(DEFAULT_ORGANISATION)
      const operator = { kind: 'system', organisationId: row?.organisation_id ?? '', reason: 'test' } as const
      await addProvider(pacs, operator, {
        name: 'Hospital account',
        issuer: provider.issuer,
        clientId: CLIENT.id,
        clientSecret: CLIENT.secret,
        groupRoles: [],
        createsPeople: false,
        listed: false,
      })
    })
    browser = await openBrowser({ webgl: false })
    page = await signedInPage(browser, service, faults)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await provider?.close()
    await service?.stop()
    expect(faults).toEqual([])
  })

  it('are tested and changed on their page, and never show their secret', async () => {
    await page.goto(`${service.url}/admin/users`)
    await page.getByRole('link', { name: 'Identity providers' }).click()
    await page.getByText(`${service.url}/api/sign-in/callback`).waitFor()
    await page.getByRole('button', { name: 'Test the connection' }).click()
    await page.getByText('answers. Whether it knows this archive').waitFor()
    await page.getByRole('button', { name: 'Change…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change Hospital account' })
    expect(await dialog.getByLabel('Client secret').inputValue()).toBe('')
    await dialog.getByRole('radio', { name: 'Also others, who get an account' }).check({ force: true })
    await dialog.getByLabel('Claim with the groups').fill('groups')
    await dialog.getByRole('button', { name: 'Add a group' }).click()
    await dialog.getByLabel('Group, as the provider says it').fill('doctors')
    await dialog.getByLabel('Role').selectOption('radiologist')
    await dialog.getByLabel('Show its button on the sign-in page').check()
    await dialog.getByRole('button', { name: 'Save and test' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText('doctors → Radiologist').waitFor()
    expect(await page.content()).not.toContain(CLIENT.secret)
  })

  it('let somebody in by their button, with the roles of their groups', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
    const theirs = await context.newPage()
    await theirs.goto(`${service.url}/upload`)
    await theirs.getByRole('link', { name: 'Hospital account' }).click()
    await theirs.fill('input[name=login]', 'doctor')
    await theirs.fill('input[name=password]', 'any')
    await theirs.keyboard.press('Enter')
    await theirs.getByRole('button', { name: 'Continue' }).click()
    await theirs.waitForSelector('header nav')
    await theirs.waitForURL(`${service.url}/upload`)
    await theirs.getByText('Dr. Li').first().waitFor()
    expect(await theirs.getByRole('link', { name: 'Administration' }).count()).toBe(0)
    await context.close()
  })

  it('leave the sign-in page when they are switched off', async () => {
    await page.getByRole('button', { name: 'Switch off' }).click()
    await page.getByRole('button', { name: 'Switch on' }).waitFor()
    const context = await browser.newContext({ locale: 'en-US' })
    const theirs = await context.newPage()
    const options = theirs.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/sign-in')
    await theirs.goto(service.url)
    await theirs.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    expect(await (await options).json()).toMatchObject({ providers: [] })
    expect(await theirs.getByRole('link', { name: 'Hospital account' }).count()).toBe(0)
    await context.close()
  })
})
