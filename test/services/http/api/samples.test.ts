import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

describe('/api/samples', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp()
  })
  afterAll(() => app.close())

  const state = async (): Promise<string> => {
    const answer = await app.fetch('/api/samples')
    return ((await answer.json()) as { state: string }).state
  }
  const instances = async (): Promise<number> => {
    const [row] = await app.pacs.database.query<{ count: number }>('select count(*) as count from instance')
    return row?.count ?? 0
  }

  it('says none while the archive is empty', async () => {
    expect(await state()).toBe('none')
  })

  it('refuses people who may not load them', async () => {
    const reader = await app.user(['radiologist'])
    const answer = await app.fetch('/api/samples', { method: 'POST', token: reader.token })
    expect(answer.status).toBe(403)
  })

  it(
    'answers 202 at once, and the studies arrive one instance after the other',
    { timeout: 60_000 },
    async () => {
      for (let time = 0; time < 2; time++) {
        const answer = await app.fetch('/api/samples', { method: 'POST' })
        expect(answer.status).toBe(202)
        expect(await answer.json()).toEqual({ state: 'loading' })
      }
      while ((await instances()) < 2) await new Promise((resolve) => setTimeout(resolve, 50))
      expect(await state()).toBe('loading')
    },
  )

  it('stores no more once the archive closes', async () => {
    await app.app.close()
    const before = await instances()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await instances()).toBe(before)
  })
})
