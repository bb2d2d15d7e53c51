import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KeptReadingSettings, type ReadingSettings } from '../../../core/contract/reading-settings.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const PATH = '/api/settings/reading'
const CHANGED: ReadingSettings = {
  mouse: { middle: 'zoom', wheelShift: 'leap', windowSpeed: 2 },
  keys: { 'reading.invert': { code: 'KeyG', shift: true }, 'reading.cine': null },
  windows: { CT: [{ name: 'Temporal bone', width: 4000, center: 700 }] },
  texts: 'minimal',
}

let app: TestApp
let radiologist: { token: string; userId: string }
let colleague: { token: string }

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  radiologist = await app.user(['radiologist'])
  colleague = await app.user(['radiologist'])
})
afterAll(() => app.close())

const put = (token: string, body: unknown): Promise<Response> =>
  app.fetch(PATH, {
    method: 'PUT',
    token,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
const read = async (token: string): Promise<KeptReadingSettings> =>
  KeptReadingSettings.parse(await (await app.fetch(PATH, { token })).json())

describe('reading settings', () => {
  it('are those of the product until somebody changes them, and that person’s alone then', async () => {
    expect(await read(radiologist.token)).toEqual({ version: 0, settings: {} })
    const answer = await put(radiologist.token, { version: 0, settings: CHANGED })
    expect([answer.status, await answer.json()]).toEqual([200, { version: 1 }])
    expect(await read(radiologist.token)).toEqual({ version: 1, settings: CHANGED })
    expect(await read(colleague.token)).toEqual({ version: 0, settings: {} })
  })

  it('are not written over by a window that has not read them', async () => {
    const { version } = await read(radiologist.token)
    const first = await put(radiologist.token, { version, settings: { texts: 'off' } })
    expect(await first.json()).toEqual({ version: version + 1 })
    for (const late of [0, version]) {
      const answer = await put(radiologist.token, { version: late, settings: { texts: 'full' } })
      expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'settings-changed' }])
    }
    expect(await read(radiologist.token)).toEqual({ version: version + 1, settings: { texts: 'off' } })
  })

  it('are refused when they are none', async () => {
    const { version } = await read(radiologist.token)
    const odd = [
      { mouse: { left: 'none' } },
      { mouse: { windowSpeed: 0 } },
      { keys: { 'reading.invert': { code: '' } } },
      { windows: { CT: [{ name: ' ', width: 1, center: 1 }] } },
      { windows: { CT: [{ name: 'Flat', width: 0, center: 1 }] } },
      { windows: { 'not a modality': [] } },
      { cineRate: 0 },
    ]
    for (const settings of odd)
      expect([settings, (await put(radiologist.token, { version, settings })).status]).toEqual([
        settings,
        400,
      ])
    const many = Array.from({ length: 40 }, (_, index) => ({ name: `Preset ${index}`, width: 1, center: 0 }))
    const letters = (index: number): string =>
      String.fromCharCode(65 + (index % 26), 65 + Math.floor(index / 26))
    const windows = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [letters(index), many]))
    const large = await put(radiologist.token, { version, settings: { windows } })
    expect([large.status, await large.json()]).toMatchObject([400, { code: 'settings-too-large' }])
    expect((await read(radiologist.token)).version).toBe(version)
  })

  it('are audited', async () => {
    const rows = await app.pacs.database.query<{ change: string; user_id: string }>(
      `select detail ->> 'change' as change, user_id from audit_event where user_id = $1`,
      [radiologist.userId],
    )
    expect(rows).toHaveLength(2)
    expect(rows[0]).toEqual({ change: 'reading-settings-changed', user_id: radiologist.userId })
  })

  it('are told to the open windows of the person, and to nobody else', async () => {
    const stopped = new AbortController()
    const listen = async (token: string): Promise<string[]> => {
      const heard: string[] = []
      const answer = await app.fetch('/api/events', { token, signal: stopped.signal })
      void (async () => {
        const decoder = new TextDecoder()
        for await (const piece of answer.body ?? []) heard.push(decoder.decode(piece as Uint8Array))
      })().catch(() => undefined)
      return heard
    }
    const [own, other] = [await listen(radiologist.token), await listen(colleague.token)]
    await expect.poll(() => own.length * other.length).toBeGreaterThan(0)
    const { version } = await read(radiologist.token)
    await put(radiologist.token, { version, settings: {} })
    await expect.poll(() => own.join('')).toContain(`event: settings\ndata: {"version":${version + 1}}`)
    // What is told to the colleague comes by the same road, later: had they been told, they had heard it by now.
    await put(colleague.token, { version: 0, settings: {} })
    await expect.poll(() => other.join('')).toContain('event: settings\ndata: {"version":1}')
    expect(other.join('').match(/event: settings/g)).toHaveLength(1)
    stopped.abort()
  })
})
