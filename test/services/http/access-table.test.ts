import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mapConcurrently } from '../../../core/archive/map-concurrently.ts'
import type { SessionUser } from '../../../core/contract/api.ts'
import { ROLES } from '../../../core/access/principal.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { createApiToken } from '../../../core/identity/api-token.ts'
import { getUserByEmail } from '../../../core/identity/user-table.ts'
import type { RouteDefinition } from '../../../services/http/route.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { ADMIN, startTestApp, type TestApp } from '../../support/test-app.ts'
import { ACCESS_TABLE } from './access-table.ts'

const BORN = '19700102'
const JSON_TYPE = { 'Content-Type': 'application/json' }
/** What each letter of the table sends to be known by; also N nobody, X an ended link, F another organisation's administrator. */
const headers = new Map<string, Record<string, string>>()
/** Those whom the study is open to. */
const READERS = 'ATDCEGP'
/** They begin something that takes minutes, or end the session that is used. */
const NOT_CALLED = new Set(['POST /api/samples', 'DELETE /api/session'])

let app: TestApp
let own: { study: string; series: string; instance: string }
let foreign: { study: string; series: string; instance: string }
/** Things of the first organisation, for another's administrator to ask for. */
const ids: Record<string, string> = {}

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const staff = new Map(
    await Promise.all(
      (
        [
          ['A', 'administrator'],
          ['T', 'technician'],
          ['D', 'radiologist'],
          ['C', 'referring'],
          ['E', 'reviewer'],
          ['U', 'auditor'],
        ] as const
      ).map(async ([letter, role]) => [letter, await app.user([role])] as const),
    ),
  )
  const stranger = await app.user([...ROLES], await app.organisation('Another hospital'))
  for (const [letter, { token }] of [...staff, ['F', stranger] as const])
    headers.set(letter, { Authorization: `Bearer ${token}` })
  headers.set('N', {})
  own = await store(staff.get('T')?.token ?? '')
  foreign = await store(stranger.token)
  const owner = await getUserByEmail(app.pacs.database, ADMIN.email)
  const narrow = await createApiToken(app.pacs, owner, { label: 'narrow', actions: ['audit.read'] })
  headers.set('K', { Authorization: `Bearer ${narrow}` })

  const [expert, clinician] = [staff.get('E')?.userId, staff.get('C')?.userId]
  await send('PUT', `/api/studies/${own.study}/grants/${expert}`, {})
  await send('PUT', `/api/admin/access/referrers/${clinician}`, { names: ['Chen^Wei'] })
  headers.set('G', await openedShare())
  headers.set('X', await openedShare())
  await app.pacs.database.query(
    `update share_link set expires_at = now() - interval '1 second' where share_id = $1`,
    [ids['share'] ?? ''],
  )
  const slip = await send('POST', `/api/studies/${own.study}/patient-slip`, {})
  const { code } = (await slip.json()) as { code: string }
  const patient = await send('POST', '/api/patient/session', { code, birthDate: BORN }, null)
  headers.set('P', { Cookie: cookieOf(patient) })

  ids['user'] = expert ?? ''
  const rule = await send('POST', '/api/admin/access/rules', {
    subject: { kind: 'role', role: 'auditor' },
    modalities: ['XX'],
  })
  ids['rule'] = ((await rule.json()) as { ruleId: string }).ruleId
  const group = await send('POST', '/api/admin/access/groups', { name: 'Ours', members: [] })
  ids['group'] = ((await group.json()) as { groupId: string }).groupId
  await app.pacs.database.query(`select pg_notify('access_changed', '')`)
}, 120_000)
afterAll(() => app.close())

async function store(token: string): Promise<typeof own> {
  const uids = { study: newUid(), series: newUid(), instance: newUid() }
  const file = dicom()
    .ct({ rows: 8, columns: 8 })
    .uids(uids)
    .set('PatientBirthDate', 'DA', [BORN])
    .set('ReferringPhysicianName', 'PN', [{ Alphabetic: 'Chen^Wei' }])
    .build()
  const stored = await app.fetch('/dicom-web/studies', {
    method: 'POST',
    token,
    headers: { 'Content-Type': 'application/dicom' },
    body: new Uint8Array(file),
  })
  expect(stored.status).toBe(200)
  return uids
}

const send = (method: string, path: string, body: object, token?: null): Promise<Response> =>
  app.fetch(path, {
    method,
    headers: JSON_TYPE,
    body: JSON.stringify(body),
    ...(token === undefined ? {} : { token }),
  })

const cookieOf = (answer: Response): string => (answer.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''

async function openedShare(): Promise<Record<string, string>> {
  const made = await send('POST', `/api/studies/${own.study}/shares`, {
    recipientName: 'Guest',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  })
  const { url, share } = (await made.json()) as { url: string; share: { shareId: string } }
  ids['share'] = share.shareId
  const opened = await send('POST', '/api/shared/open', { token: url.split('/s/')[1] }, null)
  const { share: known } = (await opened.json()) as SessionUser
  return { Cookie: cookieOf(opened), 'Yunying-Share': known?.handle ?? '' }
}

const nameOf = (route: RouteDefinition): string => `${route.method} ${route.path}`

/** What somebody is answered, and its code where it is a refusal. */
async function ask(
  route: RouteDefinition,
  letter: string,
  uids: typeof own,
  body: object = {},
  given: Readonly<Record<string, string>> = {},
): Promise<{ status: number; code: string }> {
  const path = route.path
    .replace(':study', uids.study)
    .replace(':series', uids.series)
    .replace(':instance', uids.instance)
    .replace('*path', '7FE00010')
    .replace(/:(\w+)/g, (_all, name: string) => given[name] ?? '1')
  const answer = await app.fetch(path, {
    method: route.method,
    token: null,
    headers: { ...headers.get(letter), ...JSON_TYPE },
    ...(['POST', 'PUT', 'PATCH'].includes(route.method) ? { body: JSON.stringify(body) } : {}),
  })
  const isProblem =
    route.method !== 'HEAD' && answer.headers.get('Content-Type')?.includes('problem+json') === true
  const code = isProblem ? ((await answer.json()) as { code: string }).code : ''
  if (!isProblem) await answer.body?.cancel()
  return { status: answer.status, code }
}

/** What the table says this letter is answered about the own study; undefined: anything but a refusal. */
function expected(route: RouteDefinition, letter: string): string | undefined {
  const rule = ACCESS_TABLE[nameOf(route)] ?? ['for', '']
  if (rule[0] === 'anyone') return undefined
  if (letter === 'N' || letter === 'X') return '401'
  if (rule[1].includes(letter)) return rule[0] === 'own' ? 'own' : undefined
  if (rule[0] !== 'of-study') return '403'
  const isKept = letter === 'P'
  return READERS.includes(letter) && !isKept ? '403' : '404'
}

const REFUSALS = new Set(['sign-in-needed', 'not-allowed', 'study-not-found', 'session-needed'])

describe('the table of who reaches what', () => {
  it('has every route there is, and no other', () => {
    const routes = new Set(app.app.routes.map(nameOf))
    expect([...routes].filter((route) => !(route in ACCESS_TABLE))).toEqual([])
    expect(Object.keys(ACCESS_TABLE).filter((route) => !routes.has(route))).toEqual([])
  })

  it('tells nobody anything about a study of another organisation', { timeout: 240_000 }, async () => {
    const wrong: string[] = []
    const cells = app.app.routes.filter((route) => route.access === 'study')
    expect(cells.length).toBeGreaterThan(40)
    for (const letter of headers.keys())
      await mapConcurrently(cells, 4, async (route) => {
        const { status } = await ask(route, letter, letter === 'F' ? own : foreign)
        const wanted = letter === 'N' || letter === 'X' ? 401 : 404
        if (status !== wanted) wrong.push(`${letter} ${nameOf(route)}: ${status}`)
      })
    expect(wrong).toEqual([])
  })

  it('answers 404 to another organisation’s administrator for anything that has an id here', async () => {
    const bodies: Record<string, object> = {
      group: { name: 'Theirs', members: [] },
      user: { names: [], disabled: true },
      rule: {
        ...{ modalities: [], years: 1, countedFrom: 'received', minorsUntil: null, graceDays: 7 },
        ...{ removesShared: true, studies: 0 },
      },
    }
    const wrong: string[] = []
    let asked = 0
    for (const route of app.app.routes) {
      const name = /:(share|user|rule|group)\b/.exec(route.path)?.[1]
      if (name === undefined || route.access === 'study') continue
      asked += 1
      const { status } = await ask(route, 'F', foreign, bodies[name] ?? {}, ids)
      if (status !== 404) wrong.push(`${nameOf(route)}: ${status}`)
    }
    expect(asked).toBeGreaterThan(8)
    expect(wrong).toEqual([])
    // And nothing of it changed.
    const rules = await app.pacs.database.query('select 1 from access_rule where rule_id::text = $1', [
      ids['rule'] ?? '',
    ])
    expect(rules).toHaveLength(1)
  })

  it('lists nothing of another organisation, and to a reader what there is', async () => {
    const json = async (path: string, letter: string): Promise<unknown> => {
      const answer = await app.fetch(path, { token: null, headers: headers.get(letter) ?? {} })
      return answer.status === 204 ? [] : answer.json()
    }
    for (const level of ['studies', 'series', 'instances']) {
      const path = `/dicom-web/${level}?StudyInstanceUID=`
      const found = async (letter: string, uid: string): Promise<number> =>
        ((await json(path + uid, letter)) as unknown[]).length
      expect([level, await found('D', own.study), await found('D', foreign.study)]).toEqual([level, 1, 0])
      expect([level, await found('F', own.study), await found('F', foreign.study)]).toEqual([level, 0, 1])
    }
    expect(await json('/api/worklist', 'F')).toMatchObject({
      total: 1,
      studies: [{ studyInstanceUid: foreign.study }],
    })
    expect(await json('/api/admin/quarantine', 'F')).toEqual({ entries: [] })
    expect(await json('/api/admin/status', 'F')).toMatchObject({ studies: 1, instances: 1 })
  })

  it('holds for everybody, about a study of their organisation', { timeout: 240_000 }, async () => {
    const wrong: string[] = []
    // Who could be shut out by what another does comes first.
    for (const letter of ['P', 'G', 'X', 'N', 'K', 'U', 'E', 'C', 'T', 'D', 'A'])
      await mapConcurrently(app.app.routes, 4, async (route) => {
        if (NOT_CALLED.has(nameOf(route)) && expected(route, letter) === undefined) return
        const { status, code } = await ask(route, letter, own)
        const wanted = expected(route, letter)
        const isRefused = REFUSALS.has(code) && status !== 200
        // Bearer tokens are no session: what is of one's own session is refused to them all, by name.
        const isRight =
          wanted === 'own' ? status === 403 : wanted === undefined ? !isRefused : String(status) === wanted
        if (!isRight) wrong.push(`${letter} ${nameOf(route)}: ${status} ${code}, not ${wanted ?? 'let in'}`)
      })
    expect(wrong).toEqual([])
  })
})
