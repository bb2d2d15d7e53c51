import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createApi, withQuery } from '../../../viewer/client/api.ts'
import { SessionStore } from '../../../viewer/client/session-store.ts'

const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  vi.fn<typeof fetch>(() => {
    const type = status >= 400 ? 'application/problem+json' : 'application/json'
    return Promise.resolve(
      new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type, ...headers } }),
    )
  })

const Answer = z.object({ count: z.number() })
const nobody = (): void => undefined

describe('createApi', () => {
  it('answers what the contract says, and refuses what it does not', async () => {
    const api = createApi({ onSignedOut: nobody, fetch: answering(200, { count: 3 }) })
    await expect(api.call('GET', '/api/x', { answer: Answer })).resolves.toEqual({ count: 3 })
    const wrong = createApi({ onSignedOut: nobody, fetch: answering(200, { count: 'three' }) })
    await expect(wrong.call('GET', '/api/x', { answer: Answer })).rejects.toMatchObject({
      code: 'answer-invalid',
    })
  })

  it('turns problem+json into its code, with how long to wait', async () => {
    const fetch = answering(503, { code: 'not-ready', detail: 'Wait.' }, { 'Retry-After': '5' })
    const api = createApi({ onSignedOut: nobody, fetch })
    const error = { status: 503, code: 'not-ready', message: 'Wait.', retryAfterSeconds: 5, passes: true }
    await expect(api.call('GET', '/api/x')).rejects.toMatchObject(error)
  })

  it('has the browser finish small requests after the page was left, as many bytes as browsers allow', async () => {
    const fetch = answering(200, {})
    const api = createApi({ onSignedOut: nobody, fetch })
    const put = (characters: number, outlivesPage = true) =>
      api.call('PUT', '/api/x', { body: '影'.repeat(characters), outlivesPage })
    const kept = () => fetch.mock.calls.map(([, init]) => init?.keepalive === true)
    // Three bytes each, together too many.
    await Promise.all([put(15_000), put(15_000)])
    expect(kept()).toEqual([true, false])
    await put(15_000)
    expect(kept()).toEqual([true, false, true])
    await put(10, false)
    expect(kept().at(-1)).toBe(false)
  })

  it('says offline when nothing answers', async () => {
    const api = createApi({ onSignedOut: nobody, fetch: () => Promise.reject(new TypeError('network')) })
    await expect(api.call('GET', '/api/x')).rejects.toMatchObject({ code: 'offline', passes: true })
  })

  it('tells when the session is gone, and keeps the pages behind the sign-in', async () => {
    const session = new SessionStore()
    const user = {
      userId: 'u',
      email: 'e',
      displayName: '',
      organisationName: '',
      roles: ['radiologist'],
      actions: [],
      language: null,
      organisationLogoUrl: null,
      mustChangePassword: false,
      mustAddSecondFactor: false,
      share: null,
    }
    const api = createApi({
      onSignedOut: session.expire,
      fetch: vi
        .fn<typeof fetch>()
        .mockImplementationOnce(answering(200, user))
        .mockImplementationOnce(answering(401, { code: 'sign-in-needed', detail: '' })),
    })
    await session.refresh(api)
    expect(session.getState()).toMatchObject({ kind: 'signed-in', expired: false })
    await expect(api.call('GET', '/api/worklist')).rejects.toMatchObject({ status: 401 })
    expect(session.getState()).toMatchObject({ kind: 'signed-in', expired: true })
  })
})

describe('withQuery', () => {
  it('repeats arrays and leaves out what is empty', () => {
    expect(withQuery('/x', { q: 'a&b', modality: ['CT', 'MR'], from: undefined, to: '' })).toBe(
      '/x?q=a%26b&modality=CT&modality=MR',
    )
  })
})
