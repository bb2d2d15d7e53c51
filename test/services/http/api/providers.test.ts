import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProviderCheck, ProviderPage, ProviderTerms } from '../../../../core/contract/providers.ts'
import type { SignInOptions } from '../../../../core/contract/people.ts'
import { addProvider, getProvider } from '../../../../core/identity/identity-providers.ts'
import { openSecret } from '../../../../core/identity/sealed-secret.ts'
import {
  CLIENT,
  startIdentityProvider,
  type TestIdentityProvider,
} from '../../../support/identity-provider.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const PROVIDERS = '/api/admin/providers'
const TERMS: ProviderTerms = {
  name: 'Hospital account',
  issuer: 'https://id.example.org/realms/hospital',
  clientId: 'yunying',
  clientSecret: 'not to be seen again',
  groupClaim: 'groups',
  groupRoles: [{ group: 'doctors', role: 'radiologist' }],
  createsPeople: true,
  listed: true,
}

const WITHOUT_SECRET: ProviderTerms = { ...TERMS, clientSecret: undefined }

let app: TestApp
let organisationId: string
/** An administrator of another organisation. */
let stranger: string
let server: TestIdentityProvider
beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const [row] = await app.pacs.database.query<{ id: string }>(
    'select organisation_id as id from organisation',
  )
  organisationId = row?.id ?? ''
  stranger = (await app.user(['administrator'], await app.organisation('Another hospital'))).token
  server = await startIdentityProvider(app.url, {})
})
afterAll(async () => {
  await server.close()
  await app.close()
})

const send = (method: string, path: string, body: object, token?: string): Promise<Response> =>
  app.fetch(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    ...(token === undefined ? {} : { token }),
  })
const page = async (token?: string): Promise<ProviderPage> =>
  (await app.fetch(PROVIDERS, token === undefined ? {} : { token })).json() as Promise<ProviderPage>
const options = async (): Promise<SignInOptions> =>
  (await app.fetch('/api/sign-in', { token: null })).json() as Promise<SignInOptions>

async function add(terms: Partial<ProviderTerms> = {}, token?: string): Promise<string> {
  const added = await send('POST', PROVIDERS, { ...TERMS, ...terms }, token)
  expect(added.status).toBe(201)
  return ((await added.json()) as { providerId: string }).providerId
}

async function secretOf(providerId: string): Promise<string | undefined> {
  const { client_secret } = await getProvider(app.pacs.database, providerId)
  return client_secret === null
    ? undefined
    : (await openSecret(app.pacs, providerId, client_secret)).toString()
}

describe('identity providers of an organisation', () => {
  it('are added, listed without their secret, and changed, which keeps it', async () => {
    const providerId = await add()
    const text = JSON.stringify(await page())
    expect(text).not.toContain('not to be seen')
    expect((await page()).redirectUrl).toBe(`${app.url}/api/sign-in/callback`)
    expect((await page()).providers).toMatchObject([{ providerId, hasSecret: true, people: 0, listed: true }])
    const changed = await send('PUT', `${PROVIDERS}/${providerId}`, { ...WITHOUT_SECRET, name: 'Staff' })
    expect(changed.status).toBe(204)
    expect(await secretOf(providerId)).toBe('not to be seen again')
    await send('PUT', `${PROVIDERS}/${providerId}`, { ...TERMS, clientSecret: null })
    expect(await secretOf(providerId)).toBeUndefined()
    const events = await app.pacs.database.query<{ change: string; text: string }>(
      `select detail ->> 'change' as change, detail::text as text from audit_event where detail ->> 'provider' = $1`,
      [providerId],
    )
    expect(events.map(({ change }) => change)).toEqual([
      'provider-added',
      'provider-changed',
      'provider-changed',
    ])
    expect(JSON.stringify(events)).not.toContain('not to be seen')
  })

  it('lose their secret and their people with another issuer', async () => {
    const providerId = await add()
    const user = await app.user(['radiologist'])
    await app.pacs.database.query(
      `insert into provider_identity (provider_id, subject, user_id, organisation_id, follows_groups)
       values ($1, 'doctor', $2, $3, false)`,
      [providerId, user.userId, organisationId],
    )
    const path = `${PROVIDERS}/${providerId}`
    await send('PUT', path, { ...WITHOUT_SECRET, name: 'As before' })
    expect((await page()).providers.find((each) => each.providerId === providerId)?.people).toBe(1)
    await send('PUT', path, { ...WITHOUT_SECRET, issuer: 'https://elsewhere.example.org' })
    expect(await secretOf(providerId)).toBeUndefined()
    expect((await page()).providers.find((each) => each.providerId === providerId)?.people).toBe(0)
  })

  it('are off for everybody while they are switched off, and gone when removed', async () => {
    const providerId = await add({ name: 'Off and on' })
    const names = async (): Promise<string[]> => (await options()).providers.map(({ name }) => name)
    expect(await names()).toContain('Off and on')
    await send('PUT', `${PROVIDERS}/${providerId}/disabled`, { disabled: true })
    expect(await names()).not.toContain('Off and on')
    const begun = await app.fetch(`/api/sign-in/${providerId}`, { token: null, redirect: 'manual' })
    expect(begun.headers.get('Location')).toContain('/sign-in/failed/provider-not-found')
    await send('PUT', `${PROVIDERS}/${providerId}/disabled`, { disabled: false })
    expect(await names()).toContain('Off and on')
    expect((await app.fetch(`${PROVIDERS}/${providerId}`, { method: 'DELETE' })).status).toBe(204)
    expect(await names()).not.toContain('Off and on')
  })

  it('are told apart: one that answers, and one that does not', async () => {
    const archive = { kind: 'system', organisationId, reason: 'test' } as const
    const terms = {
      name: 'By the operator',
      clientId: CLIENT.id,
      groupRoles: [],
      createsPeople: false,
      listed: false,
    }
    const there = await addProvider(app.pacs, archive, { ...terms, issuer: server.issuer })
    const elsewhere = await addProvider(app.pacs, archive, { ...terms, issuer: `${server.issuer}/elsewhere` })
    const check = async (providerId: string): Promise<ProviderCheck> =>
      (
        await app.fetch(`${PROVIDERS}/${providerId}/check`, { method: 'POST' })
      ).json() as Promise<ProviderCheck>
    const { host } = new URL(server.issuer)
    expect(await check(there)).toEqual({ reachable: true, host })
    expect(await check(elsewhere)).toEqual({ reachable: false, host })
  })

  it.each(['http://id.example.org', 'file:///etc/passwd', 'id.example.org', ''])(
    'are not at %j',
    async (issuer) => {
      const refused = await send('POST', PROVIDERS, { ...TERMS, issuer })
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
        400,
        'issuer-invalid',
      ])
    },
  )

  it('are of one organisation; another’s says nothing of itself on the page of all', async () => {
    const ours = await add()
    const theirs = await add({ name: 'Their account' }, stranger)
    expect((await page(stranger)).providers.map(({ providerId }) => providerId)).toEqual([theirs])
    expect(await page(stranger)).toMatchObject({ mayList: false, providers: [{ listed: false }] })
    await send('PUT', `${PROVIDERS}/${theirs}`, { ...TERMS, name: 'Their account', listed: true }, stranger)
    expect((await options()).providers.map(({ name }) => name)).not.toContain('Their account')
    const refused = await Promise.all([
      send('PUT', `${PROVIDERS}/${ours}`, TERMS, stranger),
      send('PUT', `${PROVIDERS}/${ours}/disabled`, { disabled: true }, stranger),
      app.fetch(`${PROVIDERS}/${ours}/check`, { method: 'POST', token: stranger }),
      app.fetch(`${PROVIDERS}/${ours}`, { method: 'DELETE', token: stranger }),
    ])
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404])
  })
})

describe('the sign-in page', () => {
  it('says whose archive it is once somebody has said, and nothing of any other organisation', async () => {
    expect((await options()).organisation).toBeNull()
    await send('PATCH', '/api/admin/organisation', { name: 'Their hospital' }, stranger)
    expect((await options()).organisation).toBeNull()
    await send('PATCH', '/api/admin/organisation', { name: 'City hospital' })
    expect((await options()).organisation).toEqual({ name: 'City hospital', logoUrl: null })
    expect((await app.fetch('/api/sign-in/logo', { token: null })).status).toBe(404)
    const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#1f6fd1' } })
      .png()
      .toBuffer()
    const kept = await app.fetch('/api/admin/organisation/logo', {
      method: 'PUT',
      headers: { 'Content-Type': 'image/png' },
      body: new Uint8Array(picture),
    })
    expect(kept.status).toBe(200)
    const logoUrl = (await options()).organisation?.logoUrl ?? ''
    const logo = await app.fetch(logoUrl, { token: null })
    expect([logo.status, logo.headers.get('Content-Type')]).toEqual([200, 'image/webp'])
  })
})
