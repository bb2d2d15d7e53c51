import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRenditions } from '../../../../core/archive/make-renditions.ts'
import { findInstancesById } from '../../../../core/archive/instance-record.ts'
import type { ObjectKey } from '../../../../core/ports/object-store.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { answerParts } from '../../../support/multipart-answer.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const RPCL = '1.2.840.10008.1.2.4.202'
const RENDITION = `image/jphc; transfer-syntax=${RPCL}`
const AS_STORED = 'application/octet-stream; transfer-syntax=*'
const EITHER = `${RENDITION}, ${AS_STORED}; q=0.5`
const ids = { study: newUid(), series: newUid(), made: newUid(), late: newUid() }
const path = (instance: string, frames: string) =>
  `/dicom-web/studies/${ids.study}/series/${ids.series}/instances/${instance}/frames/${frames}`

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false, renditions: 'on' })
  await store(ids.made)
  await makeAll()
  await store(ids.late)
})
afterAll(() => app.close())

async function store(instance: string): Promise<void> {
  const file = dicom()
    .uids({ study: ids.study, series: ids.series, instance })
    .ct({ rows: 256, columns: 256, frames: 2 })
  const answer = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file.build()]) })
  expect(answer.status, await answer.text()).toBe(200)
}

async function makeAll(): Promise<void> {
  await app.pacs.database.query(`delete from work_item`)
  await app.pacs.database.query(`update study set last_received_at = now() - interval '1 hour'`)
  const [series] = await app.pacs.database.query<{ series_id: string }>('select series_id from series')
  await makeRenditions(app.pacs, series?.series_id ?? '', new AbortController().signal)
}

const get = (where: string, accept: string, headers: Record<string, string> = {}) =>
  app.fetch(where, { headers: { Accept: accept, ...headers } })
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())
const stored = async (instance: string, frame: string) => bytesOf(await get(path(instance, frame), AS_STORED))

/** The stored values that a codestream decodes to. */
async function decoded(bytes: Uint8Array): Promise<Buffer> {
  const [row] = await app.pacs.database.query<{ instance_id: string }>('select instance_id from rendition')
  const [instance] = await findInstancesById(app.pacs.database, [row?.instance_id ?? ''])
  if (instance?.layout.pixels === undefined) throw new Error('no pixels')
  const pixels = { ...instance.layout.pixels, presentation: {} }
  return Buffer.from((await app.pacs.codec.decode({ bytes, transferSyntaxUid: RPCL, pixels })).bytes)
}

describe('frames in HTJ2K', () => {
  it('have the very values that are stored, in fewer bytes', async () => {
    for (const frame of ['1', '2']) {
      const answer = await get(path(ids.made, frame), EITHER)
      expect(answer.headers.get('Content-Type')).toBe(`image/jphc;transfer-syntax=${RPCL}`)
      const bytes = await bytesOf(answer)
      const truth = await stored(ids.made, frame)
      expect(bytes.length).toBeLessThan(truth.length)
      expect((await decoded(bytes)).equals(truth)).toBe(true)
    }
  })

  it('come several at once, and by range', async () => {
    const parts = await answerParts(
      await get(path(ids.made, '2,1'), `multipart/related; type="image/jphc"; transfer-syntax=${RPCL}`),
    )
    const one = await bytesOf(await get(path(ids.made, '1'), RENDITION))
    expect(parts).toHaveLength(2)
    expect(parts[1]?.body.equals(one)).toBe(true)
    const range = await get(path(ids.made, '1'), RENDITION, { Range: 'bytes=0-999' })
    expect(range.status).toBe(206)
    expect((await bytesOf(range)).equals(one.subarray(0, 1000))).toBe(true)
  })

  it('have a validator of their own', async () => {
    const tag = (await get(path(ids.made, '1'), RENDITION)).headers.get('ETag') ?? ''
    expect(tag).not.toBe((await get(path(ids.made, '1'), AS_STORED)).headers.get('ETag'))
    expect((await get(path(ids.made, '1'), RENDITION, { 'If-None-Match': tag })).status).toBe(304)
  })

  it('are as stored while there is no rendition, or 406 where nothing else will do', async () => {
    expect((await bytesOf(await get(path(ids.late, '1'), EITHER))).equals(await stored(ids.late, '1'))).toBe(
      true,
    )
    expect((await get(path(ids.late, '1'), RENDITION)).status).toBe(406)
  })

  it('are as stored when the object of a rendition is gone', async () => {
    const [row] = await app.pacs.database.query<{ object_key: ObjectKey }>('select object_key from rendition')
    if (row === undefined) throw new Error('no rendition')
    await app.pacs.objects.delete(row.object_key)
    const answer = await get(path(ids.made, '1'), EITHER)
    expect((await bytesOf(answer)).equals(await stored(ids.made, '1'))).toBe(true)
  })
})
