import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, startTestApp, type TestApp } from '../../../support/test-app.ts'

let app: TestApp
let Cookie: string
beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const signedIn = await app.fetch('/api/session', {
    method: 'POST',
    token: null,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(ADMIN),
  })
  Cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
})
afterAll(() => app.close())

describe('every route that changes something', () => {
  it('refuses what another site makes a browser send, signed in or not, resumable uploads too', async () => {
    const writes = app.app.routes.filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
    expect(writes.map(({ method, path }) => `${method} ${path}`)).toContain(
      'PATCH /api/uploads/resumable/:upload',
    )
    const wrong: string[] = []
    for (const { method, path } of writes)
      for (const sent of [
        { Cookie, 'Sec-Fetch-Site': 'cross-site' },
        { Cookie, Origin: 'https://evil.example.org' },
        { Origin: 'null' },
      ]) {
        const address = path.replace(/:\w+|\*\w+/g, '1')
        const headers = sent as Record<string, string>
        const answer = await app.fetch(address, { method, token: null, headers })
        const { code } = (await answer.json()) as { code: string }
        if (answer.status !== 403 || code !== 'foreign-origin')
          wrong.push(`${method} ${path}: ${answer.status}`)
      }
    expect(wrong).toEqual([])
    // The session is as it was.
    expect((await app.fetch('/api/session', { token: null, headers: { Cookie } })).status).toBe(200)
  })

  it('is open to a bearer token, which no other site can send, and not to the cookie beside it', async () => {
    const foreign = { Cookie, 'Sec-Fetch-Site': 'cross-site' }
    const sent = (Authorization: string) =>
      app.fetch('/api/session', { method: 'DELETE', token: null, headers: { ...foreign, Authorization } })
    for (const Authorization of ['Bearer unknown', 'Bearer ', 'bearer']) {
      const { status } = await sent(Authorization)
      expect([Authorization, [401, 403].includes(status)]).toEqual([Authorization, true])
    }
    expect((await app.fetch('/api/session', { token: null, headers: { Cookie } })).status).toBe(200)
  })
})
