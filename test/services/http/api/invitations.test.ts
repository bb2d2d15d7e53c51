import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InvitationPage } from '../../../../core/contract/people.ts'
import type { z } from 'zod'
import { cookieBrowser } from '../../../support/cookie-browser.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false, env: { YUNYING_PUBLIC_URL: 'https://pacs.example.org' } })
})
afterAll(() => app.close())

const JSON_TYPE = { 'Content-Type': 'application/json' }
let people = 0

async function invited(): Promise<{ email: string; token: string; id: string }> {
  const email = `invited${++people}@example.org`
  const answer = await app.fetch('/api/admin/invitations', {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ email, displayName: 'Li Wei', roles: ['radiologist'] }),
  })
  expect(answer.status).toBe(201)
  const { url } = (await answer.json()) as { url: string }
  const token = /^https:\/\/pacs\.example\.org\/invite\/([\w-]{43})$/.exec(url)?.[1] ?? ''
  const { invitations } = (await (await app.fetch('/api/admin/invitations')).json()) as z.infer<
    typeof InvitationPage
  >
  return { email, token, id: invitations.find((one) => one.email === email)?.invitationId ?? '' }
}

const look = (token: string) => cookieBrowser(app).call('POST', '/api/invitations/look', { token })
const accept = (token: string, password = 'kettle violin 97') => {
  const browser = cookieBrowser(app)
  const body = { token, displayName: 'Li Wei', password, language: 'zh-CN' }
  return { browser, answer: browser.call('POST', '/api/invitations/accept', body) }
}

describe('an invitation', () => {
  it('makes whoever holds its link a person of the organisation, signed in, in their language', async () => {
    const { email, token } = await invited()
    expect((await look(token)).body).toMatchObject({ email, displayName: 'Li Wei', roles: ['radiologist'] })
    const { browser, answer } = accept(token)
    expect(await answer).toMatchObject({ status: 200, body: { email, language: 'zh-CN' } })
    expect((await browser.call('GET', '/api/worklist')).status).toBe(200)
    expect((await look(token)).code).toBe('invitation-accepted')
    expect((await accept(token).answer).code).toBe('invitation-accepted')
  })

  it('is used once, also by two at the same time', async () => {
    const { token } = await invited()
    const both = await Promise.all([accept(token).answer, accept(token).answer])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('opens no more when it was taken back, has expired, or has a new link', async () => {
    const [revoked, expired, renewed] = [await invited(), await invited(), await invited()]
    expect((await app.fetch(`/api/admin/invitations/${revoked.id}`, { method: 'DELETE' })).status).toBe(204)
    await app.pacs.database.query('update invitation set expires_at = now() where invitation_id = $1', [
      expired.id,
    ])
    const again = await app.fetch(`/api/admin/invitations/${renewed.id}/link`, { method: 'POST' })
    expect(again.status).toBe(200)
    const { url } = (await again.json()) as { url: string }
    expect((await accept(revoked.token).answer).code).toBe('invitation-revoked')
    expect((await accept(expired.token).answer).code).toBe('invitation-expired')
    expect((await accept(renewed.token).answer).code).toBe('invitation-unknown')
    expect((await accept(url.split('/').at(-1) ?? '').answer).status).toBe(200)
  })

  it('is nobody’s of another organisation', async () => {
    const { id } = await invited()
    const other = await app.user(['administrator'], await app.organisation('Elsewhere'))
    const list = await app.fetch('/api/admin/invitations', { token: other.token })
    expect(await list.json()).toEqual({ invitations: [] })
    for (const [method, path] of [
      ['DELETE', ''],
      ['POST', '/link'],
    ] as const) {
      const answer = await app.fetch(`/api/admin/invitations/${id}${path}`, { method, token: other.token })
      expect(answer.status).toBe(404)
    }
  })

  it('takes no common password, and is not used up by one', async () => {
    const { token } = await invited()
    expect((await accept(token, 'Password2026!').answer).code).toBe('password-common')
    expect((await accept(token).answer).status).toBe(200)
  })

  it('keeps no link anywhere', async () => {
    const { token } = await invited()
    for (const table of ['invitation', 'audit_event']) {
      const rows = await app.pacs.database.query<{ text: string }>(`select t::text as text from ${table} t`)
      expect(rows.some(({ text }) => text.includes(token))).toBe(false)
    }
  })
})
