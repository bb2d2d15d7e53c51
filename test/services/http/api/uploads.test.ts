import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { UploadAnswer, UploadResult, KnownAnswer } from '../../../../core/contract/api.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { unavailable } from '../../../../core/errors.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

let app: TestApp
let technician: string
beforeAll(async () => {
  app = await startTestApp({ workers: false })
  technician = (await app.user(['technician'])).token
})
afterAll(() => app.close())

const ct = () => dicom().ct({ rows: 16, columns: 16 })
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const RESUMABLE = '/api/uploads/resumable'

describe('POST /api/uploads', () => {
  it('answers each file by its place, in words for people', async () => {
    const study = newUid()
    const stored = ct().uids({ study }).build()
    const { headers, body } = multipart([stored, Buffer.from('no DICOM'.repeat(200)), stored])
    const answer = await app.fetch('/api/uploads', { method: 'POST', headers, body, token: technician })
    expect(answer.status).toBe(200)
    const { results } = UploadAnswer.parse(await answer.json())
    expect(results.map(({ file }) => file)).toEqual(['0', '1', '2'])
    // The two are written at the same time: either may be the first.
    expect([results[0]?.outcome, results[2]?.outcome].sort()).toEqual(['duplicate', 'stored'])
    expect(results[0]).toMatchObject({
      reason: null,
      studyInstanceUid: study,
      patientName: { Alphabetic: 'Zhang^San', Ideographic: '张^三' },
      patientId: 'P1',
      modality: 'CT',
    })
    expect(results[1]).toMatchObject({ outcome: 'rejected', reason: 'not-dicom', patientName: null })
  })

  it('tells of a clash', async () => {
    const instance = newUid()
    const { headers, body } = multipart([
      ct().uids({ instance }).build(),
      ct().uids({ instance }).set('PatientID', 'LO', ['P2']).build(),
    ])
    const answer = await app.fetch('/api/uploads', { method: 'POST', headers, body })
    const { results } = UploadAnswer.parse(await answer.json())
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['conflict', 'stored'])
    expect(results.find(({ outcome }) => outcome === 'conflict')).toMatchObject({
      reason: 'instance-differs',
      sopInstanceUid: instance,
    })
  })

  it('asks for a body that broke off again', async () => {
    const { headers, body } = multipart([ct().build(), ct().build()])
    const answer = await app.fetch('/api/uploads', { method: 'POST', headers, body: body.slice(0, -300) })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'multipart-truncated' })
  })
})

describe('POST /api/uploads/known', () => {
  const known = async (hashes: string[], token: string) => {
    const answer = await app.fetch('/api/uploads/known', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ sha256: hashes }),
      token,
    })
    expect(answer.status).toBe(200)
    return KnownAnswer.parse(await answer.json()).known
  }

  it('tells which bytes the organisation has, whoever sent them', async () => {
    const study = newUid()
    const bytes = ct().uids({ study }).build()
    const { headers, body } = multipart([bytes])
    await app.fetch('/api/uploads', { method: 'POST', headers, body })
    const found = await known([sha256(bytes), sha256(Buffer.from('absent'))], technician)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ sha256: sha256(bytes), studyInstanceUid: study })
    const stranger = await app.user(['technician'], await app.organisation('Another clinic'))
    expect(await known([sha256(bytes)], stranger.token)).toEqual([])
  })
})

describe(RESUMABLE, () => {
  const tus = (path: string, init: RequestInit & { token?: string }): Promise<Response> =>
    app.fetch(path, { ...init, headers: { 'Tus-Resumable': '1.0.0', ...init.headers } })

  async function begin(size: number, token = technician): Promise<string> {
    const answer = await tus(RESUMABLE, { method: 'POST', headers: { 'Upload-Length': String(size) }, token })
    expect(answer.status).toBe(201)
    return answer.headers.get('Location') ?? ''
  }

  const send = (path: string, bytes: Uint8Array, offset: number, token = technician): Promise<Response> =>
    tus(path, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) },
      body: new Uint8Array(bytes),
      token,
    })

  const offsetOf = async (path: string): Promise<number> =>
    Number((await tus(path, { method: 'HEAD', token: technician })).headers.get('Upload-Offset'))

  const pieces = (): Promise<string[]> => readdir(join(app.pacs.config.dataFolder, 'uploads'))

  it('stores a file that came in pieces, and answers with the last', async () => {
    const bytes = dicom().ct({ rows: 256, columns: 256 }).build()
    const path = await begin(bytes.length)
    const first = await send(path, bytes.subarray(0, 50_000), 0)
    expect([first.status, first.headers.get('Upload-Offset')]).toEqual([204, '50000'])
    expect(await offsetOf(path)).toBe(50_000)
    expect((await send(path, bytes.subarray(60_000), 60_000)).status).toBe(409)
    const last = await send(path, bytes.subarray(50_000), 50_000)
    expect(last.status).toBe(200)
    const result = UploadResult.parse(await last.json())
    expect(result).toMatchObject({ outcome: 'stored', patientId: 'P1' })
    const [row] = await app.pacs.database.query<{ sha256: string }>(
      `select encode(sha256, 'hex') as sha256 from instance where sop_instance_uid = $1`,
      [result.sopInstanceUid ?? ''],
    )
    expect(row?.sha256).toBe(sha256(bytes))
    expect(await pieces()).toEqual([])
  })

  it('refuses what is no DICOM file as any other door does', async () => {
    const bytes = Buffer.alloc(100_000, 'x')
    const answer = await send(await begin(bytes.length), bytes, 0)
    expect(UploadResult.parse(await answer.json())).toMatchObject({
      outcome: 'rejected',
      reason: 'not-dicom',
    })
    expect(await pieces()).toEqual([])
  })

  it('does not exist for anybody but its maker', async () => {
    const bytes = ct().build()
    const path = await begin(bytes.length)
    const colleague = (await app.user(['technician'])).token
    expect((await tus(path, { method: 'HEAD', token: colleague })).status).toBe(404)
    expect((await send(path, bytes, 0, colleague)).status).toBe(404)
    expect((await tus(path, { method: 'DELETE', token: colleague })).status).toBe(404)
    expect((await tus(path, { method: 'DELETE', token: technician })).status).toBe(204)
    expect((await send(path, bytes, 0)).status).toBe(404)
  })

  it('asks for the last byte again when a part of the archive did not answer', async () => {
    const bytes = ct().build()
    const path = await begin(bytes.length)
    const commit = vi
      .spyOn(app.pacs.ingest, 'commit')
      .mockRejectedValueOnce(unavailable('database-unavailable', 'The database does not answer.'))
    const refused = await send(path, bytes, 0)
    commit.mockRestore()
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5'])
    expect(await offsetOf(path)).toBe(bytes.length - 1)
    const answer = await send(path, bytes.subarray(-1), bytes.length - 1)
    expect(UploadResult.parse(await answer.json())).toMatchObject({ outcome: 'stored' })
  })

  it('says what it speaks', async () => {
    const answer = await app.fetch(RESUMABLE, { method: 'OPTIONS' })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('Tus-Extension')).toContain('creation')
    expect((await app.fetch(RESUMABLE, { method: 'POST' })).status).toBe(412)
  })

  it('goes on after the connection broke in the middle of a piece', async () => {
    const bytes = dicom().ct({ rows: 512, columns: 512 }).build()
    const path = await begin(bytes.length)
    const cut = new AbortController()
    const slow = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new Uint8Array(bytes.subarray(0, 100_000)))
        await new Promise((resolve) => setTimeout(resolve, 100))
        cut.abort()
      },
    })
    const init = {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' },
      body: slow,
      duplex: 'half',
      signal: cut.signal,
      token: technician,
    }
    await expect(tus(path, init)).rejects.toThrow()
    const offset = await offsetOf(path)
    expect(offset).toBeLessThan(bytes.length)
    const answer = await send(path, bytes.subarray(offset), offset)
    expect(UploadResult.parse(await answer.json())).toMatchObject({ outcome: 'stored' })
  })
})
