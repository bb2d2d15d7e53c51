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
    'answers 202 at once, stores every study in its time, and stores nothing twice',
    { timeout: 240_000 },
    async () => {
      const answer = await app.fetch('/api/samples', { method: 'POST' })
      expect(answer.status).toBe(202)
      expect(await answer.json()).toEqual({ state: 'loading' })
      while ((await state()) === 'loading') await new Promise((resolve) => setTimeout(resolve, 250))
      expect(await state()).toBe('loaded')
      expect(await instances()).toBe(322)

      await app.fetch('/api/samples', { method: 'POST' })
      expect(await state()).toBe('loaded')
      expect(await instances()).toBe(322)
      const studies = await app.pacs.database.query<{ patient_id: string }>(
        'select patient_id from study order by patient_id',
      )
      expect(studies.map((study) => study.patient_id)).toEqual([
        'YY-0001',
        'YY-0001',
        'YY-0002',
        'YY-0003',
        'YY-0004',
      ])
    },
  )
})
