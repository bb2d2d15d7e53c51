import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roleCan } from '../../../core/access/policy.ts'
import { ROLES, type Role } from '../../../core/access/principal.ts'
import type { RouteDefinition } from '../../../services/http/route.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

/** The whole list of what answers somebody who is not signed in. A new one must be written here on purpose. */
const ANONYMOUS = [
  'POST /api/session',
  // Guesses are counted by account, by address and by browser; passkeys by address.
  'POST /api/session/passkey',
  'POST /api/session/passkey/options',
  'POST /api/patient/session',
  // Where else people sign in; counted by address.
  'GET /api/sign-in',
  'GET /api/sign-in/:provider',
  'GET /api/sign-in/callback',
  // By a link of 256 random bits; counted by address.
  'POST /api/invitations/look',
  'POST /api/invitations/accept',
  'POST /api/shared/look',
  'POST /api/shared/open',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET /api/openapi.json',
]

let app: TestApp
let study: string
let foreignAdministrator: string
const tokens = new Map<Role, string>()

beforeAll(async () => {
  app = await startTestApp()
  const file = dicom().ct({ rows: 4, columns: 4 }).build()
  const stored = await app.fetch('/dicom-web/studies', {
    method: 'POST',
    headers: { 'Content-Type': 'application/dicom' },
    body: new Uint8Array(file),
  })
  expect(stored.status).toBe(200)
  const [row] = await app.pacs.database.query<{ study_instance_uid: string }>(
    'select study_instance_uid from study',
  )
  study = row?.study_instance_uid ?? ''
  for (const role of ROLES) tokens.set(role, (await app.user([role])).token)
  foreignAdministrator = (await app.user([...ROLES], await app.organisation('Another hospital'))).token
  await app.drain()
})
afterAll(() => app.close())

describe('every route of the application', () => {
  it('answers nobody but on the routes that are anonymous on purpose', async () => {
    const open = app.app.routes.filter((route) => route.access === 'anonymous').map(nameOf)
    expect(open.sort()).toEqual([...ANONYMOUS].sort())
    for (const route of app.app.routes) {
      if (route.access === 'anonymous') continue
      const answer = await call(route, null)
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), 401])
    }
  })

  it('refuses each role what the page of rules does not allow it', async () => {
    for (const route of app.app.routes) {
      if (route.access !== 'action') continue
      for (const role of ROLES) {
        if (roleCan([role], route.action)) continue
        const answer = await call(route, tokens.get(role) ?? '')
        expect([nameOf(route), role, answer.status]).toEqual([nameOf(route), role, 403])
      }
    }
  })

  it('refuses who may read a study, and may not do more with it', async () => {
    let refused = 0
    for (const route of app.app.routes) {
      if (route.access !== 'study' || route.action === undefined) continue
      for (const role of ROLES) {
        if (roleCan([role], route.action) || !roleCan([role], 'study.read.organisation')) continue
        const answer = await call(route, tokens.get(role) ?? '')
        expect([nameOf(route), role, answer.status]).toEqual([nameOf(route), role, 403])
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(0)
  })

  it('answers 404 for a study to everyone who may not see it, another organisation’s administrator included', async () => {
    const outsiders = [foreignAdministrator, tokens.get('reviewer') ?? '', tokens.get('technician') ?? '']
    for (const route of app.app.routes) {
      if (route.access !== 'study') continue
      for (const outsider of outsiders) {
        const answer = await call(route, outsider)
        expect([nameOf(route), answer.status]).toEqual([nameOf(route), 404])
        if (route.method !== 'HEAD') {
          const problem = (await answer.json()) as { code: string }
          expect([nameOf(route), problem.code]).toEqual([nameOf(route), 'study-not-found'])
        }
      }
    }
  })

  it('lets the radiologist read the study, so that the refusals above mean something', async () => {
    const token = tokens.get('radiologist') ?? ''
    const found = await app.fetch(`/dicom-web/studies?StudyInstanceUID=${study}`, { token })
    expect(await found.json()).toHaveLength(1)
    const metadata = await app.fetch(`/dicom-web/studies/${study}/metadata`, { token })
    expect(metadata.status).toBe(200)
  })

  it('lists nothing of another organisation', async () => {
    for (const path of ['/dicom-web/studies', '/dicom-web/series', '/dicom-web/instances']) {
      const answer = await app.fetch(path, { token: foreignAdministrator })
      expect([path, answer.status === 204 ? '[]' : await answer.text()]).toEqual([path, '[]'])
    }
    const worklist = await app.fetch('/api/worklist', { token: foreignAdministrator })
    expect(await worklist.json()).toMatchObject({ studies: [], total: 0, modalities: [] })
    const quarantine = await app.fetch('/api/admin/quarantine', { token: foreignAdministrator })
    expect(await quarantine.json()).toEqual({ entries: [] })
    const status = await app.fetch('/api/admin/status', { token: foreignAdministrator })
    expect(await status.json()).toMatchObject({ studies: 0, instances: 0, bytes: 0 })
  })

  it('refuses what another site makes a signed-in browser send', async () => {
    const answer = await fetch(`${app.url}/api/session`, {
      method: 'DELETE',
      headers: { 'Sec-Fetch-Site': 'cross-site', Cookie: `yunying_session=${app.token}` },
    })
    expect(answer.status).toBe(403)
  })
})

function call(route: RouteDefinition, token: string | null): Promise<Response> {
  const path = route.path
    .replace(':study', study)
    .replace(/\{?\/?:(\w+)\}?|\*\w*/g, (part) => (part.startsWith('/') || part.startsWith('{') ? '/1' : '1'))
  const body = ['POST', 'PUT', 'PATCH'].includes(route.method)
    ? { body: '{}', headers: { 'Content-Type': 'application/json' } }
    : {}
  return app.fetch(path, { method: route.method, token, ...body })
}

const nameOf = (route: RouteDefinition): string => `${route.method} ${route.path}`
