import { afterAll, beforeAll, describe, expect, it, vi, type MockInstance } from 'vitest'
import { newUid } from '../../../../core/dicom/uid.ts'
import type { ObjectStore } from '../../../../core/ports/object-store.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { answerParts } from '../../../support/multipart-answer.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const OCTETS = 'application/octet-stream'
const MULTI = `multipart/related; type="${OCTETS}"`
const study = newUid()
const series = newUid()
const instance = newUid()
const frames = `/dicom-web/studies/${study}/series/${series}/instances/${instance}/frames`

/** Two frames of 512 by 512, 16 bits. */
const PIXELS = new Uint8Array(2 * 512 * 512 * 2).map((_, at) => (at * 7) >> 5)
const frame = (number: number) => Buffer.from(PIXELS.subarray((number - 1) * (1 << 19), number * (1 << 19)))

let app: TestApp
let readInto: MockInstance<ObjectStore['readInto']>
beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const file = dicom()
    .uids({ study, series, instance })
    .ct({ rows: 512, columns: 512, frames: 2 })
    .pixels(PIXELS)
    .build()
  const answer = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file]) })
  expect(answer.status, await answer.text()).toBe(200)
  readInto = vi.spyOn(app.pacs.objects, 'readInto')
})
afterAll(() => app.close())

const get = (path: string, accept: string, more: { token?: string; headers?: Record<string, string> } = {}) =>
  app.fetch(path, { ...more, headers: { Accept: accept, ...more.headers } })

describe('a frame that is asked for again', () => {
  it('is sent from memory, to several at once and in every form it is asked for in', async () => {
    const alone = async () => Buffer.from(await (await get(`${frames}/1`, OCTETS)).arrayBuffer())
    const asPart = async () => (await answerParts(await get(`${frames}/1`, MULTI)))[0]?.body
    const amongTwo = async () => (await answerParts(await get(`${frames}/2,1`, MULTI)))[1]?.body
    const inStream = async () => {
      const body = JSON.stringify({ frames: [{ instance }] })
      const headers = { Accept: MULTI, 'Content-Type': 'application/json' }
      const path = `/api/studies/${study}/series/${series}/frames`
      return (await answerParts(await app.fetch(path, { method: 'POST', headers, body })))[0]?.body
    }
    const forms = [alone, asPart, amongTwo, inStream]
    for (const form of [amongTwo, amongTwo]) expect((await form())?.equals(frame(1))).toBe(true)
    // Each of the two frames twice.
    expect(readInto).toHaveBeenCalledTimes(4)
    const all = await Promise.all([...forms, ...forms].map((form) => form()))
    for (const body of all) expect(body?.equals(frame(1))).toBe(true)
    for (const form of forms) expect((await form())?.equals(frame(1))).toBe(true)
    expect(readInto).toHaveBeenCalledTimes(4)
  })

  it('is whole for its length, its range is another piece, and nobody is sent what they may not see', async () => {
    const head = await app.fetch(`${frames}/1`, { method: 'HEAD', headers: { Accept: OCTETS } })
    expect(head.headers.get('Content-Length')).toBe(String(1 << 19))
    const part = await get(`${frames}/1`, OCTETS, { headers: { Range: 'bytes=1000-200999' } })
    expect([part.status, part.headers.get('Content-Range')]).toEqual([206, `bytes 1000-200999/${1 << 19}`])
    expect(Buffer.from(await part.arrayBuffer()).equals(frame(1).subarray(1000, 201_000))).toBe(true)
    const stranger = await app.user(['radiologist'], await app.organisation('Elsewhere'))
    for (const accept of [OCTETS, MULTI]) {
      const refused = await get(`${frames}/1`, accept, stranger)
      expect([refused.status, (await refused.arrayBuffer()).byteLength < 1000]).toEqual([404, true])
    }
  })

  it('is sent whole to whoever stays, when another goes away in the midst of it', async () => {
    for (let time = 0; time < 5; time++) {
      const gone = new AbortController()
      const answer = await app.fetch(`${frames}/2`, { headers: { Accept: OCTETS }, signal: gone.signal })
      const reader = answer.body?.getReader()
      await reader?.read()
      gone.abort()
      const whole = await get(`${frames}/2`, OCTETS)
      expect(Buffer.from(await whole.arrayBuffer()).equals(frame(2))).toBe(true)
    }
  })
})
