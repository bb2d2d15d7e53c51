import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addProvider } from '../../../../core/identity/identity-providers.ts'
import type { Principal } from '../../../../core/access/principal.ts'
import { cookieBrowser, type CookieBrowser } from '../../../support/cookie-browser.ts'
import {
  CLIENT,
  startIdentityProvider,
  type TestIdentityProvider,
} from '../../../support/identity-provider.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

/** Who the provider knows, by the name that is typed there. */
const PEOPLE: Record<string, Record<string, unknown>> = {
  doctor: { email: 'doctor@example.org', email_verified: true, name: 'Dr. Li', groups: ['doctors', 'all'] },
  moved: { email: 'moved@example.org', email_verified: true, name: 'Moved', groups: ['doctors'] },
  stranger: { email: 'stranger@example.org', email_verified: true, name: 'Stranger', groups: ['all'] },
  unsure: { email: 'unsure@example.org', email_verified: false, name: 'Unsure', groups: ['doctors'] },
}

let app: TestApp
let server: TestIdentityProvider
let providerId: string
let refused = ''

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  server = await startIdentityProvider(app.url, PEOPLE)
  const { issuer } = server
  const [organisation] = await app.pacs.database.query<{ organisation_id: string }>(
    `select organisation_id from organisation where kind = 'hospital' order by created_at limit 1`,
  )
  const operator: Principal = {
    kind: 'system',
    organisationId: organisation?.organisation_id ?? '',
    reason: 'test',
  }
  providerId = await addProvider(app.pacs, operator, {
    name: 'Hospital account',
    issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    groupClaim: 'groups',
    groupRoles: [{ group: 'doctors', role: 'radiologist' }],
    createsPeople: true,
    listed: true,
  })
})
afterAll(async () => {
  await server.close()
  await app.close()
})

/** Goes to the provider as a browser does, signs in there, and returns the way back, which is not gone yet. */
async function atProvider(start: string, name: string): Promise<string> {
  const cookies = new Map<string, string>()
  let [url, body]: [string, URLSearchParams | undefined] = [start, undefined]
  for (let step = 0; step < 12; step++) {
    const answer: Response = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join('; ') },
      ...(body === undefined ? {} : { method: 'POST', body }),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [key = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s)
      cookies.set(key, value)
    }
    const location = answer.headers.get('location')
    if (location === null) {
      const page = await answer.text()
      const action = /action="([^"]+)"/.exec(page)?.[1]
      if (action === undefined) throw new Error(page.slice(0, 500))
      url = new URL(action, url).href
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? ''
      body = new URLSearchParams(prompt === 'login' ? { prompt, login: name, password: 'any' } : { prompt })
      continue
    }
    ;[url, body] = [new URL(location, url).href, undefined]
    if (url.startsWith(app.url)) return url.slice(app.url.length)
  }
  throw new Error('the provider leads nowhere')
}

async function begin(browser: CookieBrowser, to = '/'): Promise<string> {
  const answer = await browser.call(
    'GET',
    `/api/sign-in/${providerId}?${new URLSearchParams({ to }).toString()}`,
  )
  expect(answer.status).toBe(302)
  return answer.location
}

async function signIn(name: string, to = '/'): Promise<{ browser: CookieBrowser; location: string }> {
  const browser = cookieBrowser(app)
  const back = await browser.call('GET', await atProvider(await begin(browser, to), name))
  refused = back.location
  return { browser, location: back.location }
}

describe('signing in with a provider', () => {
  it('is offered to everybody', async () => {
    const { body } = await cookieBrowser(app).call('GET', '/api/sign-in')
    expect(body).toEqual({
      organisation: null,
      providers: [{ providerId, name: 'Hospital account' }],
    })
  })

  it('asks with PKCE, a state and a nonce', async () => {
    const { searchParams } = new URL(await begin(cookieBrowser(app)))
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(searchParams.get(name)).toMatch(/^[\w-]{43}$/)
  })

  it('makes a person with the roles of their groups, and leads back to where they were', async () => {
    const { browser, location } = await signIn('doctor', '/studies/1.2.3?series=4')
    expect(location).toBe('/studies/1.2.3?series=4')
    const { body } = await browser.call('GET', '/api/session')
    expect(body).toMatchObject({ email: 'doctor@example.org', displayName: 'Dr. Li', roles: ['radiologist'] })
  })

  it('takes the roles away with the groups, at the next sign-in', async () => {
    await signIn('moved')
    PEOPLE['moved'] = { ...PEOPLE['moved'], groups: [] }
    expect((await signIn('moved')).location).toMatch(/^\/sign-in\/failed\/no-role\?/)
  })

  it('lets nobody in whose groups have no role, or for whose address nobody vouches', async () => {
    expect((await signIn('stranger')).location).toMatch(/^\/sign-in\/failed\/no-role\?/)
    expect((await signIn('unsure')).location).toMatch(/^\/sign-in\/failed\/email-unverified\?/)
    expect(refused).toContain('to=%2F')
  })

  it('finds the account of a verified address, whose roles stay its own; of this organisation alone', async () => {
    const { email } = await app.user(['auditor'])
    PEOPLE['linked'] = { email, email_verified: true, groups: ['doctors'] }
    const { browser } = await signIn('linked')
    expect((await browser.call('GET', '/api/session')).body).toMatchObject({ email, roles: ['auditor'] })
    const other = await app.user(['administrator'], await app.organisation('Elsewhere'))
    PEOPLE['foreign'] = { email: other.email, email_verified: true, groups: ['doctors'] }
    expect((await signIn('foreign')).location).toMatch(/^\/sign-in\/failed\/account-unknown\?/)
  })

  it('is ended once, and by the browser that began it', async () => {
    const [mine, theirs] = [cookieBrowser(app), cookieBrowser(app)]
    const back = await atProvider(await begin(mine), 'doctor')
    await begin(theirs)
    // Somebody else's answer, in a browser that has begun a sign-in of its own.
    expect((await theirs.call('GET', back)).location).toMatch(/^\/sign-in\/failed\/provider-refused\?/)
    expect((await cookieBrowser(app).call('GET', back)).location).toMatch(
      /^\/sign-in\/failed\/sign-in-over\?/,
    )
    expect((await mine.call('GET', back)).location).toBe('/')
    expect((await mine.call('GET', back)).location).toMatch(/^\/sign-in\/failed\/sign-in-over\?/)
  })

  it('leads to no other site', async () => {
    for (const to of ['https://evil.example', '//evil.example', '/\\evil.example'])
      expect((await signIn('doctor', to)).location).toBe('/')
  })

  it('keeps the secret sealed', async () => {
    const rows = await app.pacs.database.query<{ client_secret: Buffer }>(
      'select client_secret from identity_provider',
    )
    expect(rows[0]?.client_secret.includes(CLIENT.secret)).toBe(false)
  })
})
