import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, startTestApp, type TestApp } from '../../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
})
afterAll(() => app.close())

const JSON_TYPE = { 'Content-Type': 'application/json' }

function signIn(email: string, password: string): Promise<Response> {
  return app.fetch('/api/session', {
    method: 'POST',
    token: null,
    headers: JSON_TYPE,
    body: JSON.stringify({ email, password }),
  })
}

function cookieOf(answer: Response): string {
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

describe('/api/session', () => {
  it('signs in with a cookie that scripts cannot read', async () => {
    const answer = await signIn(ADMIN.email, ADMIN.password)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/i)
    expect(answer.headers.get('set-cookie')).toMatch(/SameSite=lax/i)
    const me = await app.fetch('/api/session', { token: null, headers: { Cookie: cookieOf(answer) } })
    expect(await me.json()).toMatchObject({ email: ADMIN.email, mustChangePassword: false })
  })

  it('answers a wrong password and an unknown address alike', async () => {
    const wrong = await signIn(ADMIN.email, 'not it at all')
    const unknown = await signIn('nobody@example.org', 'not it at all')
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(await wrong.json()).toEqual(await unknown.json())
  })

  it('ends a session when its user signs out', async () => {
    const cookie = cookieOf(await signIn(ADMIN.email, ADMIN.password))
    await app.fetch('/api/session', { method: 'DELETE', token: null, headers: { Cookie: cookie } })
    const after = await app.fetch('/api/session', { token: null, headers: { Cookie: cookie } })
    expect(after.status).toBe(401)
    const signOuts = `select detail ->> 'change' as change from audit_event
      where event = 'user-authentication' and detail ->> 'change' = 'signed-out'`
    expect((await app.pacs.database.query(signOuts)).length).toBe(1)
    // A token of a program is no session: nobody was signed in by it.
    await app.fetch('/api/session', { method: 'DELETE' })
    expect((await app.pacs.database.query(signOuts)).length).toBe(1)
  })

  it('makes the holder of a one-time password choose their own before anything else', async () => {
    const created = await app.fetch('/api/admin/users', {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({ email: 'new@example.org', displayName: 'New', roles: ['radiologist'] }),
    })
    const { oneTimePassword } = (await created.json()) as { oneTimePassword: string }
    const cookie = cookieOf(await signIn('new@example.org', oneTimePassword))
    const early = await app.fetch('/dicom-web/studies', { token: null, headers: { Cookie: cookie } })
    expect([early.status, ((await early.json()) as { code: string }).code]).toEqual([
      403,
      'password-change-needed',
    ])
    const changed = await app.fetch('/api/session/password', {
      method: 'POST',
      token: null,
      headers: { ...JSON_TYPE, Cookie: cookie },
      body: JSON.stringify({ currentPassword: oneTimePassword, newPassword: 'their own password' }),
    })
    expect(changed.status).toBe(204)
    const later = await app.fetch('/dicom-web/studies', { token: null, headers: { Cookie: cookie } })
    expect([200, 204]).toContain(later.status)
  })

  it('slows a guesser down after ten attempts, for that account from that address', async () => {
    const statuses: number[] = []
    for (let attempt = 0; attempt < 11; attempt++) {
      statuses.push((await signIn('guessed@example.org', `guess ${attempt}`)).status)
    }
    expect(statuses.slice(0, 10).every((status) => status === 401)).toBe(true)
    expect(statuses[10]).toBe(429)
    expect((await signIn(ADMIN.email, ADMIN.password)).status).toBe(200)
  })

  it('refuses to shut out the last administrator', async () => {
    const users = (await (await app.fetch('/api/admin/users')).json()) as {
      users: { userId: string; email: string }[]
    }
    const admin = users.users.find((user) => user.email === ADMIN.email)
    const answer = await app.fetch(`/api/admin/users/${admin?.userId}`, {
      method: 'PATCH',
      headers: JSON_TYPE,
      body: JSON.stringify({ disabled: true }),
    })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      409,
      'last-administrator',
    ])
  })

  it('ends a disabled user’s access at once', async () => {
    const user = await app.user(['radiologist'])
    expect([200, 204]).toContain((await app.fetch('/dicom-web/studies', { token: user.token })).status)
    await app.fetch(`/api/admin/users/${user.userId}`, {
      method: 'PATCH',
      headers: JSON_TYPE,
      body: JSON.stringify({ disabled: true }),
    })
    await expect
      .poll(async () => (await app.fetch('/dicom-web/studies', { token: user.token })).status, {
        timeout: 3000,
      })
      .toBe(401)
  })

  it('answers a body that is not right with the fields to correct', async () => {
    const answer = await app.fetch('/api/admin/users', {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"email":1}',
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toMatch('application/problem+json')
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/email/)
  })
})

describe('guessing a password', () => {
  /** As a browser of its own: a jar of cookies, and an address behind the proxy that the test trusts. */
  function browser(target: TestApp, address: string): (email: string, password: string) => Promise<Response> {
    const cookies = new Map<string, string>()
    return async (email, password) => {
      const answer = await target.fetch('/api/session', {
        method: 'POST',
        token: null,
        headers: {
          ...JSON_TYPE,
          'X-Forwarded-For': address,
          Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
        body: JSON.stringify({ email, password }),
      })
      for (const cookie of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=')
        cookies.set(name, value)
      }
      return answer
    }
  }

  let guessed: TestApp
  beforeAll(async () => {
    guessed = await startTestApp({ workers: false, env: { YUNYING_TRUST_PROXY: 'loopback' } })
  })
  afterAll(() => guessed.close())

  it('never shuts the owner out: not elsewhere, and not on their own browser behind the guesser’s address', async () => {
    const owner = browser(guessed, '203.0.113.7')
    expect((await owner(ADMIN.email, ADMIN.password)).status).toBe(200)
    const guesser = browser(guessed, '203.0.113.7')
    const statuses: number[] = []
    for (let guess = 0; guess < 12; guess++) statuses.push((await guesser(ADMIN.email, `no ${guess}`)).status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
    // Even with the right password, the guesser waits.
    expect((await guesser(ADMIN.email, ADMIN.password)).status).toBe(429)
    expect((await owner(ADMIN.email, ADMIN.password)).status).toBe(200)
    const elsewhere = browser(guessed, '198.51.100.4')
    expect((await elsewhere(ADMIN.email, ADMIN.password)).status).toBe(200)
  })

  it('is counted by all processes together, and keeps no address of anybody', async () => {
    const rows = await guessed.pacs.database.query<{ text: string }>('select a::text as text from attempt a')
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.some(({ text }) => text.includes('203.0.113.7') || text.includes('admin'))).toBe(false)
  })

  it('stops one address that tries one password on many accounts', async () => {
    const sprayer = browser(guessed, '192.0.2.55')
    expect((await sprayer('person1@example.org', 'Spring2026!')).status).toBe(401)
    // As if there had been ninety-nine more accounts: each takes a tenth of a second.
    await guessed.pacs.database.query(
      `update attempt set count = 100 where attempt_key = sha256('address|192.0.2.55'::bytea)`,
    )
    const { status } = await sprayer('person2@example.org', 'Spring2026!')
    expect(status).toBe(429)
  })

  it('is in the record, also for an address that nobody has, without what was typed', async () => {
    const events = await guessed.pacs.database.query<{ detail: Record<string, string>; text: string }>(
      `select detail, e::text as text from audit_event e where event = 'user-authentication' and outcome = 'denied'`,
    )
    const unknown = events.filter(({ detail }) => detail['reason'] === 'account-unknown')
    expect(unknown.some(({ detail }) => detail['address'] === '192.0.2.55')).toBe(true)
    expect(unknown.some(({ text }) => text.includes('person1@'))).toBe(false)
    expect(events.some(({ detail }) => detail['reason'] === 'password-wrong')).toBe(true)
  })
})

describe('a common password', () => {
  it('is refused wherever one is chosen', async () => {
    const user = await app.user(['radiologist'])
    const cookie = cookieOf(await signIn(user.email, 'a long password'))
    const changed = await app.fetch('/api/session/password', {
      method: 'POST',
      token: null,
      headers: { ...JSON_TYPE, Cookie: cookie },
      body: JSON.stringify({ currentPassword: 'a long password', newPassword: 'P@ssw0rd2026' }),
    })
    expect([changed.status, ((await changed.json()) as { code: string }).code]).toEqual([
      400,
      'password-common',
    ])
  })
})
