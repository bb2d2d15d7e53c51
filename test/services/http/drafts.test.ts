import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MarkDraft } from '../../../core/contract/api.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { draftMark } from '../../support/draft-mark.ts'
import { multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const study = newUid()
const path = `/api/studies/${study}/draft`
let app: TestApp
let one: { token: string }
let other: { token: string }
let stranger: { token: string }

beforeAll(async () => {
  app = await startTestApp()
  one = await app.user(['radiologist'])
  other = await app.user(['radiologist'])
  stranger = await app.user(['reviewer'])
  const { headers, body } = multipart([dicom().ct({ rows: 8, columns: 8 }).uids({ study }).build()])
  expect((await app.fetch('/dicom-web/studies', { method: 'POST', headers, body })).status).toBe(200)
})
afterAll(() => app.close())

const read = async (token: string): Promise<MarkDraft> =>
  MarkDraft.parse(await (await app.fetch(path, { token })).json())
const save = (token: string, draft: unknown): Promise<Response> =>
  app.fetch(path, {
    method: 'PUT',
    token,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(draft),
  })

describe('what a reader measured and has not saved yet', () => {
  it('is kept for this reader and study, and nobody else’s is seen', async () => {
    expect(await read(one.token)).toEqual({ version: 0, marks: [] })
    const answer = await save(one.token, { version: 0, marks: [draftMark({ label: '主动脉' })] })
    expect(await answer.json()).toEqual({ version: 1 })
    expect(await read(one.token)).toEqual({ version: 1, marks: [draftMark({ label: '主动脉' })] })
    expect(await read(other.token)).toEqual({ version: 0, marks: [] })
  })

  it('is never written over by a window that did not know of it', async () => {
    const stale = await save(one.token, { version: 0, marks: [] })
    expect(stale.status).toBe(409)
    expect(await stale.json()).toMatchObject({ code: 'draft-changed' })
    expect((await save(one.token, { version: 1, marks: [] })).status).toBe(200)
    expect((await save(one.token, { version: 1, marks: [draftMark()] })).status).toBe(409)
    expect(await read(one.token)).toEqual({ version: 2, marks: [] })
  })

  it('is there for those who may read the study only', async () => {
    expect((await app.fetch(path, { token: stranger.token })).status).toBe(404)
    expect((await save(stranger.token, { version: 0, marks: [] })).status).toBe(404)
  })

  it.each([
    ['no marks', { version: 2 }],
    [
      'a shape that there is not',
      { version: 2, marks: [draftMark({ geometry: { kind: 'star' } as never })] },
    ],
    ['a name of several lines', { version: 2, marks: [draftMark({ label: 'a\nb' })] }],
    ['more marks than anyone draws', { version: 2, marks: Array.from({ length: 501 }, () => draftMark()) }],
  ])('is refused with %s', async (_what, draft) => {
    expect((await save(one.token, draft)).status).toBe(400)
    expect(await read(one.token)).toEqual({ version: 2, marks: [] })
  })
  it('may hold more than other requests: outlines drawn by hand have thousands of corners', async () => {
    const outline = Array.from({ length: 4096 }, (_, corner): [number, number] => [
      256 + 100 * Math.cos(corner),
      256 + 100 * Math.sin(corner),
    ])
    const marks = Array.from({ length: 12 }, (_, each) =>
      draftMark({ trackingUid: `2.25.${each}`, geometry: { kind: 'freehand', outline } }),
    )
    expect(JSON.stringify(marks).length).toBeGreaterThan(1 << 20)
    const { version } = await read(one.token)
    expect((await save(one.token, { version, marks })).status).toBe(200)
    expect((await read(one.token)).marks).toEqual(marks)
  })
})
