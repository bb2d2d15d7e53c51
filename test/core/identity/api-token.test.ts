import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiToken, revokeApiTokens } from '../../../core/identity/api-token.ts'
import { getUserByEmail } from '../../../core/identity/user-table.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

describe('revokeApiTokens', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp({ workers: false })
  })
  afterAll(() => app.close())

  it('ends all tokens of a user at once, where it matters: in the requests that follow', async () => {
    const { email, token } = await app.user(['radiologist'])
    const user = await getUserByEmail(app.pacs.database, email)
    const second = await createApiToken(app.pacs, user, { label: 'test' })
    const statuses = async (): Promise<number[]> =>
      Promise.all(
        [token, second].map(async (each) => (await app.fetch('/api/session', { token: each })).status),
      )
    expect(await statuses()).toEqual([200, 200])
    expect(await revokeApiTokens(app.pacs, user)).toBe(2)
    // Other processes hear of it by the database; so does this one.
    await expect.poll(statuses, { timeout: 4_000 }).toEqual([401, 401])
    expect((await app.fetch('/api/session')).status).toBe(200)
  })
})
