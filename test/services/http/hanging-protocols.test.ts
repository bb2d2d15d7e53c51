import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KeptProtocols, WrittenProtocol, type HangingOwner } from '../../../core/contract/hanging.ts'
import { BUILT_IN_PROTOCOLS } from '../../../core/reading/built-in-protocols.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const protocol = { ...BUILT_IN_PROTOCOLS[0]?.protocol, name: 'Mine' }
const PATH = '/api/hanging-protocols'
const JSON_TYPE = { 'Content-Type': 'application/json' }

let app: TestApp
let radiologist: { token: string; userId: string }
let colleague: { token: string }
let technician: { token: string }
let stranger: { token: string }

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  radiologist = await app.user(['radiologist'])
  colleague = await app.user(['radiologist'])
  technician = await app.user(['technician'])
  stranger = await app.user(['administrator', 'radiologist'], await app.organisation('Another hospital'))
})
afterAll(() => app.close())

const send = (method: string, path: string, token: string, body: unknown): Promise<Response> =>
  app.fetch(path, { method, token, headers: JSON_TYPE, body: JSON.stringify(body) })

async function create(token: string, owner: HangingOwner, name = 'Mine'): Promise<string> {
  const answer = await send('POST', PATH, token, { owner, protocol: { ...protocol, name } })
  expect(answer.status).toBe(201)
  return WrittenProtocol.parse(await answer.json()).id
}

async function list(token: string): Promise<KeptProtocols['protocols']> {
  return KeptProtocols.parse(await (await app.fetch(PATH, { token })).json()).protocols
}

const idsOf = async (token: string): Promise<string[]> => (await list(token)).map(({ id }) => id)

describe('hanging protocols', () => {
  it('are kept, listed, changed by version and deleted', async () => {
    const id = await create(radiologist.token, { kind: 'me' })
    const [kept] = await list(radiologist.token)
    expect(kept).toMatchObject({ id, version: 1, owner: { kind: 'me' }, mayChange: true, protocol })
    const renamed = { owner: { kind: 'me' }, protocol: { ...protocol, name: 'Renamed' }, version: 1 }
    const changed = await send('PUT', `${PATH}/${id}`, radiologist.token, renamed)
    expect(await changed.json()).toEqual({ id, version: 2 })
    const late = await send('PUT', `${PATH}/${id}`, radiologist.token, renamed)
    expect([late.status, await late.json()]).toMatchObject([409, { code: 'protocol-changed' }])
    expect((await list(radiologist.token))[0]?.protocol.name).toBe('Renamed')
    const gone = await app.fetch(`${PATH}/${id}`, { method: 'DELETE', token: radiologist.token })
    expect(gone.status).toBe(204)
    expect(await list(radiologist.token)).toEqual([])
    const objects = []
    for await (const { key } of app.pacs.objects.list('organisations/'))
      if (key.includes('/hanging/')) objects.push(key)
    expect(objects).toEqual([])
  })

  it('are nobody else’s, and those of another organisation are not there', async () => {
    const id = await create(radiologist.token, { kind: 'me' })
    const shared = await create(radiologist.token, { kind: 'role', role: 'radiologist' })
    for (const { token } of [colleague, technician, stranger, { token: app.token }]) {
      expect(await idsOf(token)).not.toContain(id)
      const change = { owner: { kind: 'me' }, protocol, version: 1 }
      expect((await send('PUT', `${PATH}/${id}`, token, change)).status).toBe(404)
      expect((await app.fetch(`${PATH}/${id}`, { method: 'DELETE', token })).status).toBe(404)
    }
    expect(await list(stranger.token)).toEqual([])
    expect((await app.fetch(`${PATH}/${shared}`, { method: 'DELETE', token: stranger.token })).status).toBe(
      404,
    )
    expect((await app.fetch(`${PATH}/not-an-id`, { method: 'DELETE' })).status).toBe(404)
  })

  it('are shared by those who may, with those who have the role', async () => {
    const id = await create(radiologist.token, { kind: 'role', role: 'radiologist' }, 'Shared')
    expect(await idsOf(colleague.token)).toContain(id)
    expect(await idsOf(technician.token)).not.toContain(id)
    expect((await list(colleague.token)).find((each) => each.id === id)?.mayChange).toBe(true)
    const everyone = await create(app.token, { kind: 'everyone' }, 'House rule')
    const seen = (await list(technician.token)).find((each) => each.id === everyone)
    expect(seen).toMatchObject({ owner: { kind: 'everyone' }, mayChange: false })

    const refused: [string, HangingOwner][] = [
      [technician.token, { kind: 'role', role: 'technician' }],
      [technician.token, { kind: 'everyone' }],
      [radiologist.token, { kind: 'role', role: 'technician' }],
      [radiologist.token, { kind: 'everyone' }],
    ]
    for (const [token, owner] of refused) {
      const answer = await send('POST', PATH, token, { owner, protocol })
      expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'sharing-not-allowed' }])
    }
    const stolen = await app.fetch(`${PATH}/${everyone}`, { method: 'DELETE', token: technician.token })
    expect(stolen.status).toBe(403)
    expect((await app.fetch(`${PATH}/${id}`, { method: 'DELETE', token: colleague.token })).status).toBe(204)
  })

  it('are refused when they are no protocols', async () => {
    const [stage] = protocol.stages ?? []
    const odd = [
      { ...protocol, name: ' ' },
      { ...protocol, stages: [] },
      { ...protocol, stages: [{ ...stage, panes: [] }] },
      { ...protocol, stages: [{ ...stage, layout: { rows: 5, columns: 1 } }] },
    ]
    for (const each of odd) {
      const answer = await send('POST', PATH, radiologist.token, { owner: { kind: 'me' }, protocol: each })
      expect(answer.status).toBe(400)
    }
  })

  it('are audited', async () => {
    const id = await create(radiologist.token, { kind: 'me' })
    await app.fetch(`${PATH}/${id}`, { method: 'DELETE', token: radiologist.token })
    const rows = await app.pacs.database.query<{ change: string; user_id: string }>(
      `select detail ->> 'change' as change, user_id from audit_event where detail ->> 'subject' = $1
       order by audit_event_id`,
      [id],
    )
    expect(rows).toEqual([
      { change: 'hanging-protocol-created', user_id: radiologist.userId },
      { change: 'hanging-protocol-deleted', user_id: radiologist.userId },
    ])
  })
})
