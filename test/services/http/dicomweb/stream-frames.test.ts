import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRenditions } from '../../../../core/archive/make-renditions.ts'
import type { FrameStreamRequest } from '../../../../core/contract/frame-stream.ts'
import type { ObjectKey } from '../../../../core/ports/object-store.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { answerParts } from '../../../support/multipart-answer.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const STORED = 'application/octet-stream; transfer-syntax=*'
const SMALL = `image/jphc; transfer-syntax=1.2.840.10008.1.2.4.202, ${STORED}; q=0.5`
const ids = { study: newUid(), series: newUid(), other: newUid() }
/** Slices by their numbers, from 1. */
const slices = Array.from({ length: 9 }, () => newUid())
const sequence = newUid()
const slice = (number: number): string => slices[number - 1] ?? ''
const pathOf = (instance: string, frame = 1, series = ids.series) =>
  `/dicom-web/studies/${ids.study}/series/${series}/instances/${instance}/frames/${frame}`

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false, renditions: 'on' })
  const uids = { study: ids.study, series: ids.series }
  const files = slices.map((instance, index) =>
    dicom()
      .uids({ ...uids, instance })
      .set('InstanceNumber', 'IS', [index + 1])
      .ct({ rows: 256, columns: 256 })
      .pixels(new Uint8Array(256 * 256 * 2).map((_, at) => (at * (index + 3)) >> 3))
      .build(),
  )
  const cine = dicom()
    .uids({ ...uids, series: ids.other, instance: sequence })
    .ct({ rows: 64, columns: 64, frames: 5 })
    .build()
  const answer = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([...files, cine]) })
  expect(answer.status, await answer.text()).toBe(200)
  await app.pacs.database.query('delete from work_item')
  await app.pacs.database.query(`update study set last_received_at = now() - interval '1 hour'`)
  const [series] = await app.pacs.database.query<{ series_id: string }>(
    'select series_id from series where series_instance_uid = $1',
    [ids.series],
  )
  await makeRenditions(app.pacs, series?.series_id ?? '', new AbortController().signal)
})
afterAll(() => app.close())

const ask = (request: FrameStreamRequest, accept: string, series = ids.series) =>
  app.fetch(`/api/studies/${ids.study}/series/${series}/frames`, {
    method: 'POST',
    headers: { Accept: accept, 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  })

/** What the frame alone is answered with. */
async function alone(path: string, accept: string, range?: string) {
  const answer = await app.fetch(path, {
    headers: { Accept: accept, ...(range === undefined ? {} : { Range: range }) },
  })
  const header = (name: string) => answer.headers.get(name) ?? undefined
  return {
    'content-type': header('Content-Type'),
    'content-location': path,
    'content-length': header('Content-Length'),
    etag: header('ETag'),
    'content-range': header('Content-Range'),
    body: Buffer.from(await answer.arrayBuffer()),
  }
}

const told = (parts: Awaited<ReturnType<typeof answerParts>>) =>
  parts.map(({ headers, body }) => ({
    'content-type': headers.get('content-type') ?? undefined,
    'content-location': headers.get('content-location') ?? undefined,
    'content-length': headers.get('content-length') ?? undefined,
    etag: headers.get('etag') ?? undefined,
    'content-range': headers.get('content-range') ?? undefined,
    body: Buffer.from(body),
  }))

describe('frames of a series in one answer', () => {
  it.each([
    ['as stored', STORED],
    ['out of their renditions', SMALL],
  ])('come in the order that is asked for, %s, as each comes alone', async (_, accept) => {
    const frames = [7, 1, 9, 4].map((number) => ({ instance: slice(number) }))
    const answer = await ask({ frames }, accept)
    expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'private, no-store'])
    const expected = await Promise.all(frames.map(({ instance }) => alone(pathOf(instance), accept)))
    expect(expected[0]?.['content-type']).toContain(accept === SMALL ? 'image/jphc' : 'octet-stream')
    expect(told(await answerParts(answer))).toEqual(expected)
  })

  it('are all of it from the middle outwards when none is named', async () => {
    const parts = await answerParts(await ask({}, STORED))
    expect(parts.map(({ headers }) => headers.get('content-location'))).toEqual(
      [5, 6, 4, 7, 3, 8, 2, 9, 1].map((number) => pathOf(slice(number))),
    )
    const frames = await answerParts(await ask({}, STORED, ids.other))
    expect(frames.map(({ headers }) => headers.get('content-location'))).toEqual(
      [3, 4, 2, 5, 1].map((frame) => pathOf(sequence, frame, ids.other)),
    )
  })

  it('are parts of frames, where that is asked for, which belong to what comes alone', async () => {
    const frames = [
      { instance: slice(2) },
      { instance: slice(3), part: { from: 500 } },
      { instance: slice(1), part: { from: 0, to: 1 << 30 } },
    ]
    const parts = told(await answerParts(await ask({ frames, part: { from: 0, to: 700 } }, SMALL)))
    expect(parts).toEqual([
      await alone(pathOf(slice(2)), SMALL, 'bytes=0-699'),
      await alone(pathOf(slice(3)), SMALL, 'bytes=500-'),
      await alone(pathOf(slice(1)), SMALL),
    ])
  })

  it('leave out what is not there or cannot be had so', async () => {
    const frames = [
      { instance: newUid() },
      { instance: slice(1), frame: 2 },
      { instance: slice(1), part: { from: 1 << 30 } },
      { instance: sequence },
      { instance: slice(8) },
    ]
    const parts = await answerParts(await ask({ frames }, STORED))
    expect(parts.map(({ headers }) => headers.get('content-location'))).toEqual([pathOf(slice(8))])
    const jpeg = await ask({ frames: [{ instance: slice(8) }] }, 'image/jls')
    expect([jpeg.status, (await jpeg.json()) as unknown]).toMatchObject([404, { code: 'frame-not-found' }])
    expect((await ask({}, STORED, newUid())).status).toBe(404)
    expect((await ask({ frames: [{ instance: slice(1), part: { from: 5, to: 5 } }] }, STORED)).status).toBe(
      400,
    )
  })

  it('find a rendition that was made again meanwhile with the next request', async () => {
    // So little of it that it is not kept in memory.
    expect((await ask({ part: { from: 0, to: 100 } }, SMALL)).status).toBe(200)
    const [kept] = await app.pacs.database.query<{ object_key: string }>(
      `select r.object_key from rendition r join instance i using (instance_id) where i.sop_instance_uid = $1`,
      [slice(5)],
    )
    await app.pacs.objects.delete((kept?.object_key ?? '') as ObjectKey)
    await app.pacs.database.query(
      `delete from rendition where instance_id = (select instance_id from instance where sop_instance_uid = $1)`,
      [slice(5)],
    )
    const broken = await ask({ frames: [{ instance: slice(5), part: { from: 200 } }] }, SMALL)
    expect(broken.status).toBe(404)
    const parts = await answerParts(await ask({ frames: [{ instance: slice(5) }] }, SMALL))
    expect(parts[0]?.headers.get('content-type')).toContain('octet-stream')
  })
})
