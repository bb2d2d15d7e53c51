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
