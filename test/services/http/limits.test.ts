import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../../core/access/principal.ts'
import { AuditPage } from '../../../core/contract/api.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { createAllowance } from '../../../services/http/allowance.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

/** Of each, 300 at once. */
let app: TestApp
beforeAll(async () => {
  app = await startTestApp({
    workers: false,
    env: { YUNYING_SEARCH_LIMIT: '1', YUNYING_UPLOAD_LIMIT: '1' },
  })
})
afterAll(() => app.close())

const ct = () => dicom().ct({ rows: 16, columns: 16 })

/** Asks until the answer is another than 200: how often it was 200, and the other. */
async function until(ask: () => Promise<Response>, most = 400): Promise<{ times: number; other: Response }> {
  for (let times = 0; times < most; times++) {
    const answer = await ask()
    if (answer.status !== 200) return { times, other: answer }
    await answer.arrayBuffer()
  }
  throw new Error(`all ${most} were answered`)
}

describe('who searches without an end', () => {
  it('is asked to wait, with when and what to do; the same person in a browser, and others, are not', async () => {
    const { token, userId, email } = await app.user(['radiologist'])
    const { times, other } = await until(() => app.fetch('/dicom-web/studies?limit=1', { token }))
    expect(times).toBeGreaterThan(200)
    expect(other.status).toBe(429)
    expect(Number(other.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect(other.headers.get('Content-Type')).toContain('application/problem+json')
    expect(await other.json()).toMatchObject({
      code: 'too-many-searches',
      detail: expect.stringMatching(/Wait as long as Retry-After says/),
    })
    // The worklist is a search too; what searches nothing goes on.
    expect((await app.fetch('/api/worklist', { token })).status).toBe(429)
    expect((await app.fetch('/api/session', { token })).status).toBe(200)

    const signedIn = await app.fetch('/api/session', {
      method: 'POST',
      token: null,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, password: 'a long password' }),
    })
    const Cookie = signedIn.headers.getSetCookie().join('; ').split(';')[0] ?? ''
    expect((await app.fetch('/api/worklist', { token: null, headers: { Cookie } })).status).toBe(200)
    expect((await app.fetch('/api/worklist')).status).toBe(200)

    const trail = await app.fetch('/api/admin/audit?event=security-alert')
    const { entries } = AuditPage.parse(await trail.json())
    const limits = entries.filter(({ detail }) => 'limit' in detail)
    expect(limits).toEqual([expect.objectContaining({ outcome: 'denied', detail: { limit: 'searches' } })])
    expect(limits[0]).toMatchObject({ person: { userId } })
  })

  it('is asked the sooner the more is answered', async () => {
    const study = newUid()
    const files = Array.from({ length: 100 }, () => ct().uids({ study, instance: newUid() }).build())
    expect((await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })).status).toBe(200)
    const { token } = await app.user(['radiologist'])
    const { times } = await until(() =>
      app.fetch(`/dicom-web/instances?StudyInstanceUID=${study}&limit=100`, { token }),
    )
    expect(times).toBeLessThan(20)
    // A list of what is in one study is no search of the archive.
    const own = await app.user(['radiologist'])
    const path = `/dicom-web/studies/${study}/instances`
    const { times: within } = await until(() => app.fetch(path, { token: own.token }))
    expect(within).toBeGreaterThan(200)
  })
})

describe('who uploads what brings nothing', () => {
  const send = (files: readonly Uint8Array[], token: string): Promise<Response> =>
    app.fetch('/dicom-web/studies', { method: 'POST', token, ...multipart(files) })

  it('is asked to wait, when it is nothing that DICOM is', async () => {
    const { token } = await app.user(['technician'])
    const { times, other } = await until(async () => {
      const answer = await send([Buffer.from('no instance at all')], token)
      return answer.status === 409 || answer.status === 400 ? new Response('') : answer
    })
    expect(times).toBeLessThan(30)
    expect([other.status, (await other.json()) as unknown]).toEqual([
      429,
      expect.objectContaining({ code: 'too-many-uploads' }),
    ])
    // By whatever door.
    for (const path of ['/api/uploads', '/api/uploads/resumable'])
      expect((await app.fetch(path, { method: 'POST', token, ...multipart([]) })).status).toBe(429)
  })

  it('is asked to wait, when it is the same again and again; not for what is new', async () => {
    const { token } = await app.user(['technician'])
    const file = ct().uids({ instance: newUid() }).build()
    const { times } = await until(() => send([file], token))
    expect(times).toBeLessThan(150)
    const modality = await app.user(['technician'])
    const news = Array.from({ length: 120 }, () => ct().uids({ instance: newUid() }).build())
    expect((await send(news, modality.token)).status).toBe(200)
    expect((await send([ct().build()], modality.token)).status).toBe(200)
  })
})

describe('createAllowance', () => {
  const principal: Principal = { kind: 'system', organisationId: newUid(), reason: 'test' }

  it('gives back by time, never more than there was, and says when there is something again', async () => {
    let now = 0
    const recorded: unknown[] = []
    const database = { query: (...asked: unknown[]) => Promise.resolve(recorded.push(asked) && []) }
    const parts = { clock: { now: () => now }, database } as never
    const { spend, charge } = createAllowance(parts, { of: 'searches', perSecond: 10 })
    for (let each = 0; each < 3000; each++) await spend(principal, 'me')
    await expect(spend(principal, 'me')).rejects.toMatchObject({ kind: 'limit', retryAfterSeconds: 1 })
    now += 500
    for (let each = 0; each < 5; each++) await spend(principal, 'me')
    await expect(spend(principal, 'me')).rejects.toMatchObject({ retryAfterSeconds: 1 })
    // What was done already is owed, but never for longer than five minutes.
    charge('me', 1_000_000)
    await expect(spend(principal, 'me')).rejects.toMatchObject({ retryAfterSeconds: 301 })
    expect(recorded).toHaveLength(1)
    now += 86_400_000
    for (let each = 0; each < 3000; each++) await spend(principal, 'me')
    await expect(spend(principal, 'me')).rejects.toMatchObject({ code: 'too-many-searches' })
    await spend(principal, 'another')
  })

  it('has no end where there is no limit', async () => {
    const { spend, charge } = createAllowance({} as never, { of: 'uploads', perSecond: null })
    charge('me', 1e12)
    await spend(principal, 'me')
  })
})
