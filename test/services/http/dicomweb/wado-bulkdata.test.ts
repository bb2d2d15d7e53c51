import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DicomJson, DicomJsonElement } from '../../../../core/dicom/dicom-json.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { answerParts } from '../../../support/multipart-answer.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const DOCUMENT = Buffer.from('%PDF-1.4 <script>alert(1)</script> '.repeat(700))
const NESTED = Buffer.alloc(20_000, 9)
const SAMPLES = Buffer.from(Int16Array.from({ length: 48 }, (_, index) => index).buffer)
const FRAGMENTS = [Buffer.alloc(66, 1), Buffer.alloc(80, 2)]
const study = newUid()
const base = { study, series: newUid() }
const build = (kind: string) => {
  const file = dicom()
    .uids({ ...base, instance: newUid() })
    .ct({ rows: 4, columns: 4, frames: 3 })
    .set('00420011', 'OB', [])
  file.json()['00420011'] = { vr: 'OB', InlineBinary: DOCUMENT.toString('base64') }
  file.json()['00081140'] = {
    vr: 'SQ',
    Value: [{ '00420011': { vr: 'OB', InlineBinary: NESTED.toString('base64') } }],
  }
  if (kind === 'deflated') file.deflated()
  if (kind === 'fragments')
    file
      .set('NumberOfFrames', 'IS', [2])
      .set('BitsAllocated', 'US', [8])
      .set('BitsStored', 'US', [8])
      .fragments('1.2.840.10008.1.2.5', FRAGMENTS)
  return file
}

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
})
afterAll(() => app.close())

function bulkDataUris(json: DicomJson, found: Record<string, string> = {}): Record<string, string> {
  for (const element of Object.values(json) as DicomJsonElement[]) {
    if (element.BulkDataURI !== undefined)
      found[element.BulkDataURI.split('/bulkdata/')[1] ?? ''] = element.BulkDataURI
    if (element.vr === 'SQ') for (const item of element.Value ?? []) bulkDataUris(item as DicomJson, found)
  }
  return found
}

describe.each(['native', 'deflated', 'fragments'])('bulk data of a %s instance', (kind) => {
  let uris: Record<string, string>
  let instance: string
  beforeAll(async () => {
    const file = build(kind)
    instance = `/dicom-web/studies/${study}/series/${base.series}/instances/${String(file.json()['00080018']?.Value?.[0])}`
    const stored = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file.build()]) })
    expect(stored.status, await stored.text()).toBe(200)
    const [json] = (await (await app.fetch(`${instance}/metadata`)).json()) as DicomJson[]
    uris = bulkDataUris(json ?? {})
  })

  it('is what the metadata names, at any depth, byte for byte', async () => {
    const expected: Record<string, Buffer> = {
      '00420011': DOCUMENT,
      '00081140/0/00420011': NESTED,
      '7FE00010': kind === 'fragments' ? Buffer.concat(FRAGMENTS) : SAMPLES,
    }
    expect(Object.keys(uris).sort()).toEqual(Object.keys(expected).sort())
    for (const [path, bytes] of Object.entries(expected)) {
      const answer = await app.fetch(uris[path] ?? '')
      expect(answer.headers.get('Content-Type')).toBe('application/octet-stream')
      expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff')
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes), path).toBe(true)
      const [part] = await answerParts(
        await app.fetch(uris[path] ?? '', {
          headers: { Accept: 'multipart/related; type="application/octet-stream"' },
        }),
      )
      expect(part?.body.equals(bytes), path).toBe(true)
    }
  })

  it('is kept, revalidated and cut like a frame', async () => {
    const uri = uris['00420011'] ?? ''
    const part = await app.fetch(uri, { headers: { Range: 'bytes=0-7' } })
    expect([part.status, await part.text()]).toEqual([206, '%PDF-1.4'])
    const again = await app.fetch(uri, { headers: { 'If-None-Match': part.headers.get('ETag') ?? '' } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  it.each(['00420012', '00081140/7/00420011', 'nonsense', '00100010/0', '..%2f..%2fetc'])(
    'is 404 at %s',
    async (path) => {
      const answer = await app.fetch(`${instance}/bulkdata/${path}`)
      expect(answer.status, await answer.text()).toBe(404)
    },
  )

  it('is octets and nothing else', async () => {
    const answer = await app.fetch(uris['00420011'] ?? '', { headers: { Accept: 'application/pdf' } })
    expect(answer.status).toBe(406)
    await answer.arrayBuffer()
  })
})
