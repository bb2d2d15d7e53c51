import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../../../core/contract/account.ts'
import { publishRegistry, restoreRegistry } from '../../../../core/identity/registry.ts'
import { reauthenticate } from '../../../../core/identity/reauthenticate.ts'
import { getUserByEmail } from '../../../../core/identity/user-table.ts'
import { codeNow } from '../../../support/code-now.ts'
import { cookieBrowser, secretOf, type CookieBrowser } from '../../../support/cookie-browser.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const PASSWORD = 'a long password'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false, env: { YUNYING_TRUST_PROXY: 'loopback' } })
})
afterAll(() => app.close())

async function signedIn(email: string, code?: string): Promise<CookieBrowser> {
  const browser = cookieBrowser(app, { 'User-Agent': 'Mozilla/5.0 Firefox/140.0' })
  const answer = await browser.call('POST', '/api/session', { email, password: PASSWORD, code })
  expect(answer.status).toBe(200)
  return browser
}

const accountOf = async (browser: CookieBrowser): Promise<Account> =>
  (await browser.call('GET', '/api/account')).body

async function setUp(browser: CookieBrowser): Promise<{ secret: string; recoveryCodes: string[] }> {
  const begun: { secret: string } = (await browser.call('POST', '/api/account/codes')).body
  // The step before, so that the current one is left for what follows.
  const confirmed = await browser.call('POST', '/api/account/codes/confirmation', {
    code: await codeNow(begun.secret, -1),
  })
  expect(confirmed.status).toBe(200)
  return { ...begun, ...(confirmed.body as { recoveryCodes: string[] }) }
}

describe('codes of an authenticator', () => {
  it('are asked for after the password, and each is taken once', async () => {
    const { email } = await app.user(['radiologist'])
    const { secret, recoveryCodes } = await setUp(await signedIn(email))
    expect(new Set(recoveryCodes).size).toBe(10)

    const browser = cookieBrowser(app)
    const trySignIn = async (code?: string): Promise<[number, string]> => {
      const { status, code: fault } = await browser.call('POST', '/api/session', {
        email,
        password: PASSWORD,
        code,
      })
      return [status, fault]
    }
    expect(await trySignIn()).toEqual([401, 'second-factor-needed'])
    expect(await trySignIn('000000')).toEqual([401, 'second-factor-wrong'])
    const code = await codeNow(secret)
    expect(await trySignIn(code)).toEqual([200, ''])
    expect(await trySignIn(code)).toEqual([401, 'second-factor-wrong'])
    // Two at once are one.
    const next = await codeNow(secret, 1)
    const both = await Promise.all([trySignIn(next), trySignIn(next)])
    expect(both.map(([status]) => status).sort()).toEqual([200, 401])
  })

  it('are replaced by a recovery code, once', async () => {
    const { email } = await app.user(['radiologist'])
    const { recoveryCodes } = await setUp(await signedIn(email))
    const [recovery = ''] = recoveryCodes
    const browser = await signedIn(email, recovery.toUpperCase().replaceAll('-', ' '))
    expect((await accountOf(browser)).codes.recoveryCodesLeft).toBe(9)
    const again = await browser.call('POST', '/api/session', { email, password: PASSWORD, code: recovery })
    expect(again.code).toBe('second-factor-wrong')
  })

  it('cannot be guessed from many addresses: what is tried is counted by account', async () => {
    const { email, userId } = await app.user(['radiologist'])
    await setUp(await signedIn(email))
    await app.pacs.database.query('delete from trusted_browser where user_id = $1', [userId])
    const codes: string[] = []
    for (let guess = 0; guess < 11; guess++) {
      const browser = cookieBrowser(app, { 'X-Forwarded-For': `203.0.113.${guess}` })
      codes.push(
        (await browser.call('POST', '/api/session', { email, password: PASSWORD, code: '000000' })).code,
      )
    }
    expect(codes.at(-1)).toBe('too-many-attempts')
  })

  it('are kept encrypted, and come back when the database is lost', async () => {
    const lost = await startTestApp({ workers: false })
    try {
      const { email } = await lost.user(['radiologist'])
      const browser = cookieBrowser(lost)
      await browser.call('POST', '/api/session', { email, password: PASSWORD })
      const { secret }: { secret: string } = (await browser.call('POST', '/api/account/codes')).body
      await browser.call('POST', '/api/account/codes/confirmation', {
        code: await codeNow(secret, -1),
      })
      const [row] = await lost.pacs.database.query<{ secret: Buffer }>('select secret from one_time_codes')
      expect(row?.secret.includes(secretOf(secret))).toBe(false)
      await publishRegistry(lost.pacs)
      await lost.pacs.database.query('truncate organisation, app_user cascade')
      expect(await restoreRegistry(lost.pacs)).toBe(true)
      const answer = await cookieBrowser(lost).call('POST', '/api/session', {
        email,
        password: PASSWORD,
        code: await codeNow(secret),
      })
      expect(answer.status).toBe(200)
    } finally {
      await lost.close()
    }
  })
})

describe('a role that needs a second factor', () => {
  it('lets its people do nothing before they have set one up', async () => {
    const own = await startTestApp({ workers: false })
    try {
      const settings = { secondFactorRoles: ['radiologist'], sessionIdleMinutes: 60, sessionHours: 8 }
      const changed = await own.fetch('/api/admin/sign-in', {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(settings),
      })
      expect(changed.status).toBe(204)
      expect(await (await own.fetch('/api/admin/sign-in')).json()).toEqual(settings)

      const { email } = await own.user(['radiologist'])
      const browser = cookieBrowser(own)
      const entered = await browser.call('POST', '/api/session', { email, password: PASSWORD })
      expect(entered.body).toMatchObject({ mustAddSecondFactor: true })
      for (const path of ['/api/worklist', '/dicom-web/studies', '/api/events', '/api/account']) {
        const { status, code } = await browser.call('GET', path)
        expect([path, status, code]).toEqual([path, 403, 'second-factor-setup-needed'])
      }
      const { secret }: { secret: string } = (await browser.call('POST', '/api/account/codes')).body
      await browser.call('POST', '/api/account/codes/confirmation', { code: await codeNow(secret) })
      expect((await browser.call('GET', '/api/worklist')).status).toBe(200)
      // And it cannot be taken away again.
      expect((await browser.call('DELETE', '/api/account/codes')).code).toBe('last-factor')
    } finally {
      await own.close()
    }
  })
})

describe('sessions', () => {
  it('are listed with where they are, and end at once', async () => {
    const { email } = await app.user(['radiologist'])
    const [one, other] = [await signedIn(email), await signedIn(email)]
    const { sessions } = await accountOf(one)
    expect(sessions).toHaveLength(2)
    expect(sessions[0]).toMatchObject({
      isThis: true,
      method: 'password',
      userAgent: 'Mozilla/5.0 Firefox/140.0',
    })
    expect(sessions[0]?.address).toMatch(/127\.0\.0\.1/)
    const foreign = sessions.find(({ isThis }) => !isThis)
    expect((await one.call('DELETE', `/api/account/sessions/${foreign?.sessionId}`)).status).toBe(204)
    await expect.poll(async () => (await other.call('GET', '/api/session')).status).toBe(401)
    expect((await one.call('GET', '/api/session')).status).toBe(200)
  })

  it('are nobody else’s to end', async () => {
    const [mine, theirs] = [await app.user(['radiologist']), await app.user(['administrator'])]
    const browser = await signedIn(mine.email)
    const [session] = (await accountOf(await signedIn(theirs.email))).sessions
    const answer = await browser.call('DELETE', `/api/account/sessions/${session?.sessionId}`)
    expect([answer.status, answer.code]).toEqual([404, 'session-not-found'])
  })

  it('end when they were idle, or old, for as long as the organisation says', async () => {
    const { email } = await app.user(['radiologist'])
    const [idle, old] = [await signedIn(email), await signedIn(email)]
    const age = (browser: CookieBrowser, column: string, interval: string): Promise<unknown> =>
      app.pacs.database.query(
        `update session set ${column} = now() - interval '${interval}' where token_hash = sha256($1::bytea)`,
        [Buffer.from(browser.cookie('yunying_session') ?? '')],
      )
    await age(idle, 'last_seen_at', '121 minutes')
    await age(old, 'created_at', '721 minutes')
    await expect.poll(async () => (await idle.call('GET', '/api/session')).status).toBe(401)
    await expect.poll(async () => (await old.call('GET', '/api/session')).status).toBe(401)
  })
})

describe('API tokens', () => {
  it('have what of their owner’s rights they were given, and not more', async () => {
    const { email } = await app.user(['radiologist'])
    const browser = await signedIn(email)
    const make = async (actions: string[] | null): Promise<string> =>
      (
        (await browser.call('POST', '/api/account/tokens', { label: 'script', days: 7, actions })).body as {
          token: string
        }
      ).token
    const status = async (token: string, method: string, path: string): Promise<number> =>
      (await app.fetch(path, { method, token })).status
    const reader = await make(['study.read.organisation', 'instance.retrieve'])
    expect([200, 204]).toContain(await status(reader, 'GET', '/dicom-web/studies'))
    expect(await status(reader, 'POST', '/dicom-web/studies')).toBe(403)
    // An action that the owner's roles do not allow is not given by naming it.
    expect(await status(await make(['user.manage']), 'GET', '/api/admin/users')).toBe(403)
    const { tokens } = await accountOf(browser)
    // And the one that the test's user came with.
    expect(tokens).toHaveLength(3)
    const used = tokens.find(({ actions }) => actions?.includes('study.read.organisation'))
    expect(used?.lastUsedAt).not.toBeNull()

    await browser.call('DELETE', `/api/account/tokens/${used?.tokenId}`)
    await expect.poll(() => status(reader, 'GET', '/dicom-web/studies')).toBe(401)
  })

  it('change nothing of how their owner signs in', async () => {
    const { token } = await app.user(['administrator'])
    for (const [method, path] of [
      ['POST', '/api/account/tokens'],
      ['POST', '/api/account/codes'],
      ['DELETE', '/api/account/sessions'],
      ['GET', '/api/account'],
    ] as const) {
      const answer = await app.fetch(path, { method, token })
      expect([path, answer.status]).toEqual([path, 403])
    }
  })
})

describe('what changes how somebody signs in', () => {
  it('asks who they are once more, a quarter of an hour after they showed it', async () => {
    const { email, userId } = await app.user(['radiologist'])
    const browser = await signedIn(email)
    await app.pacs.database.query(
      `update session set authenticated_at = now() - interval '16 minutes' where user_id = $1`,
      [userId],
    )
    await app.pacs.database.query(`select pg_notify('access_changed', '')`)
    await expect
      .poll(async () => (await browser.call('POST', '/api/account/codes')).code)
      .toBe('proof-needed')
    expect((await browser.call('POST', '/api/account/proof', { password: 'not it' })).code).toBe(
      'proof-wrong',
    )
    expect((await browser.call('POST', '/api/account/proof', { password: PASSWORD })).status).toBe(204)
    expect((await browser.call('POST', '/api/account/codes')).status).toBe(200)
  })
})

describe('reauthenticate', () => {
  it('takes the password, or a code, and nothing else', async () => {
    const { email } = await app.user(['radiologist'])
    const { secret } = await setUp(await signedIn(email))
    const user = await getUserByEmail(app.pacs.database, email)
    await expect(reauthenticate(app.pacs, user, { password: PASSWORD })).resolves.toBeUndefined()
    const code = await codeNow(secret)
    await expect(reauthenticate(app.pacs, user, { code })).resolves.toBeUndefined()
    for (const proof of [{}, { password: 'wrong' }, { code }])
      await expect(reauthenticate(app.pacs, user, proof)).rejects.toMatchObject({ code: 'proof-wrong' })
  })
})
