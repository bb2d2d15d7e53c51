import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
})
afterAll(() => app.close())

const ready = async (): Promise<{ status: number; body: unknown }> => {
  const answer = await app.fetch('/readyz', { token: null })
  return { status: answer.status, body: await answer.json() }
}

describe('GET /readyz', () => {
  it('warns of what could be better, with what to do, and is ready all the same', async () => {
    const parts = { database: 'ok', objects: 'ok', queue: 'ok' }
    expect(await ready()).toEqual({ status: 200, body: { status: 'ready', parts, warnings: [] } })
    await app.superuser.query('alter function texticlike(text, text) not leakproof')
    expect(await ready()).toEqual({
      status: 200,
      body: {
        status: 'ready',
        parts,
        warnings: [expect.stringMatching(/docs\/operations\.md has the statement/)],
      },
    })
  })
})
