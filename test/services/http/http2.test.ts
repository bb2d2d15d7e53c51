import { once } from 'node:events'
import { constants } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newUid } from '../../../core/dicom/uid.ts'
import type { Handler } from '../../../services/http/messages.ts'
import { openTlsServer } from '../../../services/http/tls-server.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'
import { tlsFiles } from '../../support/tls-files.ts'
import { byHttp1, byHttp2, type Http2Wire, type Wire, type WireRequest } from '../../support/wires.ts'

let cert: string
let env: Record<string, string>
let app: TestApp
let http1: Wire
let http2: Http2Wire

beforeAll(async () => {
  const files = await tlsFiles()
  cert = files.cert
  env = files.env
  app = await startTestApp({ workers: false, env })
  http1 = byHttp1(app.url, cert)
  http2 = byHttp2(app.url, cert)
})
afterAll(async () => {
  http1.close()
  http2.close()
  await app.close()
})

const asAdmin = (more: WireRequest = {}, token = app.token): WireRequest => ({
  ...more,
  headers: { Authorization: `Bearer ${token}`, ...more.headers },
})

/** A study of so many instances, stored by one of the wires. */
async function store(wire: Wire, count: number, side = 16): Promise<{ study: string; instance: string }> {
  const [study, series] = [newUid(), newUid()]
  const instances = Array.from({ length: count }, () => newUid())
  const files = instances.map((instance) =>
    dicom().ct({ rows: side, columns: side }).uids({ study, series, instance }).build(),
  )
  const { status } = await wire.ask('/dicom-web/studies', asAdmin({ method: 'POST', ...multipart(files) }))
  expect(status).toBe(200)
  return { study, instance: `/dicom-web/studies/${study}/series/${series}/instances/${instances[0]}` }
}

/** Without what is drawn anew for each answer: the boundary, by its own name. */
function steady({ headers, body }: { headers: Record<string, unknown>; body: Buffer }): {
  type: string
  body: Buffer
} {
  const type = String(headers['content-type'])
  const boundary = /boundary=(\w+)/.exec(type)?.[1]
  if (boundary === undefined) return { type, body }
  const text = body.toString('latin1').replaceAll(boundary, 'boundary')
  return { type: type.replace(boundary, 'boundary'), body: Buffer.from(text, 'latin1') }
}

describe('HTTP/2 beside HTTP/1.1', () => {
  it('answers the same bytes: frames, an instance, a study, metadata, a range, a search, a picture, a fault', async () => {
    const { study, instance } = await store(http2, 20, 256)
    for (const [path, headers] of [
      [`${instance}/frames/1`, { Accept: 'multipart/related; type="application/octet-stream"' }],
      [`${instance}/frames/1`, { Accept: 'application/octet-stream', Range: 'bytes=5-99' }],
      [instance, { Accept: 'application/dicom' }],
      [`/dicom-web/studies/${study}`, { Accept: 'multipart/related; type="application/dicom"' }],
      [`/dicom-web/studies/${study}/metadata`, { Accept: 'application/dicom+json' }],
      [`/dicom-web/studies?StudyInstanceUID=${study}`, {}],
      [`${instance}/rendered`, { Accept: 'image/png' }],
      [`/api/studies/${study}/archive`, {}],
      [`/dicom-web/studies/${newUid()}/metadata`, {}],
    ] as const) {
      const by1 = await http1.ask(path, asAdmin({ headers }))
      const by2 = await http2.ask(path, asAdmin({ headers }))
      expect([path, by2.status]).toEqual([path, by1.status])
      const [one, two] = [steady(by1), steady(by2)]
      expect([path, two.type]).toEqual([path, one.type])
      // The archive's directory holds the time at which it was made, and a new UID, now and then of some digits less.
      if (path.endsWith('/archive')) expect(Math.abs(two.body.length - one.body.length)).toBeLessThan(20)
      else expect(two.body.equals(one.body)).toBe(true)
      expect(two.body.length).toBeGreaterThan(0)
    }
  })

  it('takes twenty instances, a JSON body of unknown length, and refuses one that is too long with an answer', async () => {
    const { study } = await store(http2, 20)
    const { body } = await http1.ask(`/dicom-web/studies/${study}/instances`, asAdmin())
    expect(JSON.parse(body.toString())).toHaveLength(20)
    const json = { 'Content-Type': 'application/json', 'content-length': undefined } as never
    const known = JSON.stringify({ sha256: ['0'.repeat(64)] })
    const asked = asAdmin({ method: 'POST', headers: json, body: known })
    expect((await http2.ask('/api/uploads/known', asked)).status).toBe(200)
    const long = asAdmin({ ...asked, body: JSON.stringify({ sha256: ['0'.repeat(4 << 20)] }) })
    expect((await http2.ask('/api/uploads/known', long)).status).toBe(413)
    // The connection is as good as before.
    expect((await http2.ask('/healthz')).status).toBe(200)
  })

  it('answers before all of a body has come where nobody wants it, and the connection goes on', async () => {
    const body = Buffer.alloc(24 << 20)
    const headers = { 'Content-Type': 'application/dicom' }
    const status = async (asked: WireRequest): Promise<number> => {
      const answer = new Promise<number>((resolve, reject) => {
        const stream = http2.session.request({
          ':method': 'POST',
          ':path': '/dicom-web/studies',
          ...asked.headers,
        })
        stream.once('response', (head) => resolve(Number(head[':status'])))
        stream.once('error', reject)
        stream.resume()
        stream.end(asked.body)
      })
      return answer
    }
    expect(await status({ headers, body })).toBe(401)
    // Read to where it is seen to be no DICOM.
    expect(await status(asAdmin({ headers, body }))).toBe(409)
    expect((await http2.ask('/healthz')).status).toBe(200)
  })

  it('takes a large file in resumable pieces', async () => {
    const file = dicom().ct({ rows: 512, columns: 512 }).build()
    const tus = (more: WireRequest): WireRequest =>
      asAdmin({ ...more, headers: { 'Tus-Resumable': '1.0.0', ...more.headers } })
    const begun = await http2.ask(
      '/api/uploads/resumable',
      tus({ method: 'POST', headers: { 'Upload-Length': String(file.length) } }),
    )
    expect(begun.status).toBe(201)
    const at = String(begun.headers['location'])
    const piece = (from: number, to: number): WireRequest =>
      tus({
        method: 'PATCH',
        headers: { 'Upload-Offset': String(from), 'Content-Type': 'application/offset+octet-stream' },
        body: file.subarray(from, to),
      })
    expect((await http2.ask(at, piece(0, 100_000))).headers['upload-offset']).toBe('100000')
    expect((await http1.ask(at, tus({ method: 'HEAD' }))).headers['upload-offset']).toBe('100000')
    const { status, body } = await http2.ask(at, piece(100_000, file.length))
    expect([status, JSON.parse(body.toString())]).toEqual([
      200,
      expect.objectContaining({ outcome: 'stored' }),
    ])
  })

  it('sends live events as they happen', async () => {
    const events = await http2.open('/api/events', asAdmin())
    const [hello] = (await once(events, 'data')) as [Buffer]
    expect(hello.toString()).toContain('event: hello')
    // Of what was stored before something may still be told.
    let told = ''
    events.on('data', (chunk: Buffer) => (told += chunk.toString()))
    const { study } = await store(http2, 1)
    await expect.poll(() => told).toContain(study)
    events.close(constants.NGHTTP2_CANCEL)
  })

  it('counts what an answer sends for whom it is sent to, and nothing of what else is on the connection', async () => {
    const { instance } = await store(http2, 1, 512)
    const other = await app.user(['administrator'], await app.organisation('Beside'))
    const servedBytes = async (token: string): Promise<number> => {
      const { body } = await http2.ask('/api/admin/usage?days=1', asAdmin({}, token))
      return (
        (JSON.parse(body.toString()) as { days: { servedBytes: number }[] }).days.at(-1)?.servedBytes ?? 0
      )
    }
    const before = await servedBytes(app.token)
    const frames = Array.from({ length: 8 }, () => http2.ask(`${instance}/frames/1`, asAdmin()))
    await Promise.all([...frames, http2.ask('/api/session', asAdmin({}, other.token))])
    const frame = 512 * 512 * 2
    await expect.poll(() => servedBytes(app.token)).toBeGreaterThanOrEqual(before + 8 * frame)
    expect(await servedBytes(app.token)).toBeLessThan(before + 9 * frame)
    expect(await servedBytes(other.token)).toBeLessThan(20_000)
  })
})

describe('a stream of HTTP/2', () => {
  /** An instance whose answer is longer than what waits on the way to a client that does not read. */
  let big: string
  let study: string
  beforeAll(async () => {
    const stored = await store(http2, 1, 4096)
    study = stored.study
    big = stored.instance
  })

  it('is broken off when the right to it ends, and the connection goes on', { timeout: 60_000 }, async () => {
    const guest = await app.user(['reviewer'])
    await app.pacs.database.query(
      `insert into study_grant (study_id, user_id, expires_at)
       select study_id, $2, now() + interval '1 day' from study where study_instance_uid = $1`,
      [study, guest.userId],
    )
    const reader = byHttp2(app.url, cert)
    const stream = await reader.open(big, asAdmin({}, guest.token))
    await app.pacs.database.query('delete from study_grant where user_id = $1', [guest.userId])
    const ended = new Promise((resolve) => {
      stream.once('error', () => resolve('broken off'))
      stream.once('close', () => resolve(stream.rstCode === 0 ? 'whole' : 'broken off'))
    })
    // Looked at every ten seconds. Where its end is not told to who reads nothing, that was long enough for it.
    await Promise.race([ended, sleep(30_000)])
    let read = 0
    stream.on('data', (chunk: Buffer) => (read += chunk.length))
    expect(await ended).toBe('broken off')
    expect(read).toBeLessThan(4096 * 4096 * 2)
    expect((await reader.ask('/healthz')).status).toBe(200)
    reader.close()
  })

  it('that its client gives up ends here too: what was opened for it is closed, others go on', async () => {
    const reader = byHttp2(app.url, cert)
    const given = await reader.open(big, asAdmin())
    const kept = reader.ask(big, asAdmin())
    given.close(constants.NGHTTP2_CANCEL)
    expect((await kept).body.length).toBeGreaterThan(4096 * 4096 * 2)
    // In the metrics it is one that nobody waited for.
    await expect
      .poll(async () => (await reader.ask('/metrics')).body.toString())
      .toMatch(/route="[^"]*instances\/:instance"[^}]*status="499"/)
    reader.close()
  })

  it('of an upload that is broken off stores nothing', async () => {
    const instance = newUid()
    const file = dicom().ct({ rows: 512, columns: 512 }).uids({ instance }).build()
    const reader = byHttp2(app.url, cert)
    const stream = reader.session.request({
      ':method': 'POST',
      ':path': '/dicom-web/studies',
      'content-type': 'application/dicom',
      authorization: `Bearer ${app.token}`,
    })
    stream.on('error', () => undefined)
    stream.write(file.subarray(0, 200_000))
    await sleep(100)
    stream.close(constants.NGHTTP2_CANCEL)
    await sleep(200)
    const found = await reader.ask(`/dicom-web/instances?SOPInstanceUID=${instance}`, asAdmin())
    expect(JSON.parse(found.body.toString())).toEqual([])
    reader.close()
  })

  it('opened and reset again and again ends its connection, and no other', async () => {
    const runaway = byHttp2(app.url, cert)
    const closed = new Promise((resolve) => runaway.session.once('close', resolve))
    await runaway.ask('/healthz')
    for (let round = 0; round < 200 && !runaway.session.destroyed; round++) {
      for (let at = 0; at < 50 && !runaway.session.destroyed; at++) {
        const stream = runaway.session.request({ ':path': '/healthz' })
        stream.on('error', () => undefined)
        stream.close(constants.NGHTTP2_CANCEL)
      }
      await sleep(1)
    }
    await closed
    expect((await http2.ask('/healthz')).status).toBe(200)
  })

  it('is not refused because of what a slow client has not taken yet', async () => {
    const { YUNYING_TLS_CERT: certificate = '', YUNYING_TLS_KEY: key = '' } = env
    const large = Buffer.alloc(24 << 20, 7)
    const answer: Handler = (request, response) =>
      void response.end(request.url === '/large' ? large : 'small')
    const { server, cut } = await openTlsServer({ certificate, key }, answer)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const wire = byHttp2(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, cert)
    const waiting = await wire.open('/large')
    expect((await wire.ask('/small')).body.toString()).toBe('small')
    let read = 0
    waiting.on('data', (chunk: Buffer) => (read += chunk.length))
    await once(waiting, 'end')
    expect(read).toBe(large.length)
    cut()
    await new Promise((resolve) => server.close(resolve))
  })

  it('is one of 128 at most on a connection', async () => {
    const many = byHttp2(app.url, cert)
    await many.ask('/healthz')
    expect(many.session.remoteSettings.maxConcurrentStreams).toBe(128)
    expect(many.session.remoteSettings.initialWindowSize).toBe(1 << 20)
    // All of them are made and wait for the client: the connection must not run out of memory that it may use.
    const { instance } = await store(http2, 1, 512)
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => many.ask(`${instance}/frames/1`, asAdmin())),
    )
    for (const { status, body } of answers) {
      expect(status).toBe(200)
      expect(body.length).toBeGreaterThan(512 * 512 * 2)
    }
    many.close()
  })
})

describe('a connection on which nothing is asked', () => {
  it('ends after a while; an answer may take longer', async () => {
    const { YUNYING_TLS_CERT: certificate = '', YUNYING_TLS_KEY: key = '' } = env
    const answer: Handler = (request, response) =>
      void setTimeout(() => response.end('late'), request.url === '/late' ? 2_500 : 0)
    // Long enough for a busy machine to ask in.
    const { server } = await openTlsServer({ certificate, key }, answer, 1_000)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const wire = byHttp2(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, cert)
    const closed = once(wire.session, 'close')
    expect((await wire.ask('/late')).body.toString()).toBe('late')
    await closed
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('a service that ends', () => {
  it('finishes what is under way, takes nothing new, and then ends the connections by itself', async () => {
    const ending = await startTestApp({ workers: false, env })
    const [old, idle, wire] = [
      byHttp1(ending.url, cert),
      byHttp2(ending.url, cert),
      byHttp2(ending.url, cert),
    ]
    const asked = { headers: { Authorization: `Bearer ${ending.token}` } }
    const side = 2048
    const file = dicom().ct({ rows: side, columns: side }).build()
    const type = { 'Content-Type': 'application/dicom' }
    const stored = { method: 'POST', headers: { ...asked.headers, ...type }, body: file }
    const { body } = await wire.ask('/dicom-web/studies', stored)
    const url = /"00081190":\{"vr":"UR","Value":\["([^"]+)"\]\}\}\]/.exec(body.toString())?.[1] ?? ''
    await Promise.all([old.ask('/healthz'), idle.ask('/healthz')])
    const idleEnds = once(idle.session, 'close')
    const wireEnds = once(wire.session, 'close')

    const stream = await wire.open(new URL(url).pathname, asked)
    let read = 0
    const closing = ending.close()
    await once(wire.session, 'goaway')
    await idleEnds
    expect(() => wire.session.request({ ':path': '/healthz' })).toThrow()
    stream.on('data', (chunk: Buffer) => (read += chunk.length))
    await once(stream, 'end')
    expect(stream.rstCode).toBe(0)
    expect(read).toBeGreaterThan(side * side * 2)
    await Promise.all([wireEnds, closing])
    old.close()
  })

  it('cuts what does not end in its time', async () => {
    const ending = await startTestApp({ workers: false, env })
    const wire = byHttp2(ending.url, cert)
    const events = await wire.open('/api/events', { headers: { Authorization: `Bearer ${ending.token}` } })
    events.on('error', () => undefined)
    await Promise.all([once(wire.session, 'close'), ending.close()])
  })
})
