import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hotp } from '../../core/identity/totp.ts'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { secretOf } from '../support/cookie-browser.ts'
import { addAuthenticator } from '../support/person-page.ts'
import { describeWith } from '../support/require.ts'
import { ADMIN, startService, type RunningService } from '../support/running-service.ts'

/** Passkeys are for names, not for addresses of numbers. */
const siteOf = (service: RunningService): string => service.url.replace('127.0.0.1', 'localhost')

const codeAt = (secret: string, steps = 0): string =>
  hotp(secretOf(secret), Math.floor(Date.now() / 30_000) + steps)

describeWith(CHROMIUM, 'signing in', () => {
  let service: RunningService
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    service = await startService('embedded')
    browser = await openBrowser()
    page = await (
      await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } })
    ).newPage()
    page.setDefaultTimeout(30_000)
    await addAuthenticator(page)
  }, 180_000)
  afterAll(async () => {
    await browser.close()
    await service.stop()
  })

  const typePassword = async (): Promise<void> => {
    await page.fill('input[name=email]', ADMIN.email)
    await page.fill('input[name=password]', ADMIN.password)
    await page.keyboard.press('Enter')
  }
  const signOut = async (): Promise<void> => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForSelector('input[name=email]')
  }
  const section = (name: string) => page.getByRole('region', { name })

  it('works with a passkey, which is made, named, used and removed', async () => {
    await page.goto(`${siteOf(service)}/account`)
    await typePassword()
    await section('Passkeys').getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('The desk')
    await page.getByRole('button', { name: 'Continue' }).click()
    await section('Passkeys').getByText('The desk').waitFor()
    await section('Passkeys').getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('The window')
    await page.getByRole('button', { name: 'Save' }).click()
    await section('Passkeys').getByText('The window').waitFor()

    await signOut()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    // Back where they were.
    await section('Where you are signed in').getByText('This one').waitFor()
    await section('Where you are signed in')
      .getByText(/passkey/)
      .waitFor()
    await section('Passkeys').getByRole('button', { name: 'Remove' }).click()
    await section('Passkeys').getByText('The window').waitFor({ state: 'detached' })

    await signOut()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('alert').getByText('This passkey is not known here.').waitFor()
    await typePassword()
    await section('Passkeys').waitFor()
  })

  let secret = ''
  it('works with an authenticator, whose code is asked for after the password', async () => {
    await section('Authenticator').getByRole('button', { name: 'Set up an authenticator' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('img', { name: 'QR code for the authenticator' }).waitFor()
    secret = (await dialog.getByText(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/).innerText()).replaceAll(' ', '')
    await dialog.getByRole('textbox', { name: 'Code' }).fill(codeAt(secret))
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByRole('button', { name: 'I have kept them' }).waitFor()
    expect(await dialog.getByRole('listitem').count()).toBe(10)
    await dialog.getByRole('button', { name: 'I have kept them' }).click()
    await section('Authenticator').getByText('10 recovery codes left').waitFor()

    await signOut()
    await typePassword()
    await page.getByLabel('Code').fill('000000')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('The code is not right').waitFor()
    // The next: each is good once, and one that is past by a step more when it arrives is good no longer.
    await page.getByLabel('Code').fill(codeAt(secret, 1))
    await page.keyboard.press('Enter')
    await section('Where you are signed in')
      .getByText(/password and code/)
      .waitFor()
  })

  it('gives a program a token with a part of the rights, once', async () => {
    await section('API tokens').getByRole('button', { name: 'Make a token' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What it is for').fill('nightly export')
    await dialog.getByLabel('Read every study of the organisation').check()
    await dialog.getByRole('button', { name: 'Make a token' }).click()
    const token = await dialog.getByText(/^[\w-]{43}$/).innerText()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await section('API tokens').getByText('nightly export').waitFor()
    const status = async (path: string): Promise<number> =>
      (await fetch(service.url + path, { headers: { Authorization: `Bearer ${token}` } })).status
    expect([await status('/api/worklist'), await status('/api/admin/users')]).toEqual([200, 403])
  })

  it('lets an invited person in, who sets up the second factor that their role needs', async () => {
    await page.goto(`${siteOf(service)}/admin/sign-in`)
    await page.getByLabel('Auditor').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('People sign in like this from now on.').waitFor()
    await page.goto(`${siteOf(service)}/admin/users`)
    await page.getByRole('button', { name: 'Invite a person' }).click()
    await page.getByRole('textbox', { name: 'E-mail' }).fill('auditor@example.org')
    await page.getByLabel('Radiologist').uncheck()
    await page.getByLabel('Auditor').check()
    await page.getByRole('dialog').getByRole('button', { name: 'Invite a person' }).click()
    const link = await page
      .getByRole('dialog')
      .getByText(/\/invite\//)
      .innerText()
    const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })
    const other = await context.newPage()
    other.setDefaultTimeout(30_000)
    await other.goto(link.replace('127.0.0.1', 'localhost'))
    await other.getByRole('textbox', { name: '您的姓名' }).fill('李伟')
    await other.fill('input[name=password]', 'Password2026!')
    await other.fill('input[name=again]', 'Password2026!')
    await other.keyboard.press('Enter')
    await other.getByRole('alert').getByText('这个密码太常见').waitFor()
    await other.fill('input[name=password]', 'kettle violin 97')
    await other.fill('input[name=again]', 'kettle violin 97')
    await other.keyboard.press('Enter')
    await other.getByRole('button', { name: '设置验证器' }).click()
    const typed = await other.getByText(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/).innerText()
    await other.getByRole('textbox', { name: '验证码' }).fill(codeAt(typed.replaceAll(' ', '')))
    await other.getByRole('button', { name: '确认' }).click()
    await other.getByRole('button', { name: '我已保存' }).click()
    await other.waitForSelector('header nav')
    await other.goto(link.replace('127.0.0.1', 'localhost'))
    await other.getByRole('alert').getByText('此邀请已被使用').waitFor()
    await context.close()
  })
})
