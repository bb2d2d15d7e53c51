import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DicomFault } from '../../../../core/dicom/dicom-fault.ts'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { InstanceScanner } from '../../../../core/dicom/instance-scanner.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import type { ObjectKey } from '../../../../core/ports/object-store.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { multipart } from '../../../support/multipart.ts'
import { describeWith } from '../../../support/require.ts'
import { SHARED_DICOM, sharedDicom } from '../../../support/shared-dicom.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
})
afterAll(() => app.close())

const FAILED = '00081198'
const STORED = '00081199'
const OTHER_FAILURES = '0008119A'

const ct = () => dicom().ct({ rows: 16, columns: 16 })

async function stow(
  files: readonly Uint8Array[],
  path = '/dicom-web/studies',
  accept = 'application/dicom+json',
) {
  const { headers, body } = multipart(files)
  const answer = await app.fetch(path, { method: 'POST', headers: { ...headers, Accept: accept }, body })
  const text = await answer.text()
  return { status: answer.status, type: answer.headers.get('Content-Type'), text }
}

const json = (text: string): DicomJson => JSON.parse(text) as DicomJson
const items = (body: DicomJson, tag: string): DicomJson[] => (body[tag]?.Value ?? []) as DicomJson[]
const value = (item: DicomJson | undefined, tag: string): unknown => item?.[tag]?.Value?.[0]

describe('STOW-RS', () => {
  it('answers 200 with a reference for each instance', async () => {
    const study = newUid()
    const instances = [newUid(), newUid(), newUid()]
    const { status, type, text } = await stow(
      instances.map((instance) => ct().uids({ study, instance }).build()),
    )
    expect(status).toBe(200)
    expect(type).toContain('application/dicom+json')
    const body = json(text)
    expect(value(body, '00081190')).toBe(`${app.url}/dicom-web/studies/${study}`)
    expect(items(body, STORED).map((item) => value(item, '00081155'))).toEqual(instances)
    expect(value(items(body, STORED)[0], '00081190')).toMatch(
      new RegExp(`/studies/${study}/series/.*/instances/`),
    )
    expect(body[FAILED]).toBeUndefined()
  })

  it('answers in XML where that is asked for', async () => {
    const instance = newUid()
    const { status, type, text } = await stow(
      [ct().uids({ instance }).build()],
      undefined,
      'application/dicom+xml',
    )
    expect(status).toBe(200)
    expect(type).toContain('application/dicom+xml')
    expect(text).toContain('<NativeDicomModel')
    expect(text).toContain(instance)
  })

  it('takes a single instance as application/dicom', async () => {
    const answer = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(ct().build()),
    })
    expect(answer.status).toBe(200)
  })

  it('stores what is good beside what is bad, and answers 202', async () => {
    const good = [newUid(), newUid()]
    const { status, text } = await stow([
      ct()
        .uids({ instance: good[0] ?? '' })
        .build(),
      Buffer.from('not DICOM at all'.repeat(100)),
      ct().build().subarray(0, -50),
      Buffer.alloc(0),
      ct()
        .uids({ instance: good[1] ?? '' })
        .build(),
    ])
    expect(status).toBe(202)
    expect(items(json(text), STORED).map((item) => value(item, '00081155'))).toEqual(good)
    expect(items(json(text), OTHER_FAILURES)).toHaveLength(3)
  })

  it('answers 409 when nothing was stored', async () => {
    const { status, text } = await stow([Buffer.from('not DICOM at all'.repeat(100))])
    expect(status).toBe(409)
    expect(value(items(json(text), OTHER_FAILURES)[0], '00081197')).toBe(0xc000)
  })

  it('refuses instances of another study than the address names', async () => {
    const study = newUid()
    const mine = ct().uids({ study }).build()
    const other = newUid()
    const both = await stow([mine, ct().uids({ instance: other }).build()], `/dicom-web/studies/${study}`)
    expect(both.status).toBe(202)
    const [failed] = items(json(both.text), FAILED)
    expect([value(failed, '00081155'), value(failed, '00081197')]).toEqual([other, 0xa901])
    expect((await stow([mine], '/dicom-web/studies/not-a-uid')).status).toBe(400)
  })

  it('answers the same bytes again as stored', async () => {
    const bytes = ct().build()
    expect((await stow([bytes, bytes])).status).toBe(200)
    expect((await stow([bytes])).status).toBe(200)
  })

  it('answers 0111 for other bytes with a stored UID, and shows them to the administrator', async () => {
    const instance = newUid()
    await stow([ct().uids({ instance }).build()])
    const other = ct().uids({ instance }).set('PatientID', 'LO', ['OTHER']).build()
    const { status, text } = await stow([other])
    expect(status).toBe(409)
    expect(value(items(json(text), FAILED)[0], '00081197')).toBe(0x0111)
    const page = (await (await app.fetch('/api/admin/quarantine')).json()) as {
      entries: { quarantineId: string; sopInstanceUid: string; patientId: string; sha256: string }[]
    }
    const entry = page.entries.find((one) => one.sopInstanceUid === instance)
    expect(entry).toMatchObject({
      patientId: 'OTHER',
      sha256: createHash('sha256').update(other).digest('hex'),
    })
    const discarded = await app.fetch(`/api/admin/quarantine/${entry?.quarantineId ?? ''}`, {
      method: 'DELETE',
    })
    expect(discarded.ok).toBe(true)
  })

  it.each([
    ['application/json', 415],
    ['multipart/related; type="image/jpeg"; boundary=x', 415],
    ['multipart/related; type="application/dicom"', 400],
    ['multipart/related; type="application/dicom"; boundary=absent', 400],
  ])('answers a body of %s with %i', async (type, status) => {
    const answer = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: '--x--',
    })
    expect(answer.status).toBe(status)
  })

  it('answers 406 before anything is stored', async () => {
    expect((await stow([ct().build()], undefined, 'image/png')).status).toBe(406)
  })

  it('says by no status that it had to read leniently, and notes it for the log of the sender', async () => {
    const bare = ct().build()
    // Without preamble, prefix and file meta group; another with bytes behind its data set.
    const headless = bare.subarray(144 + bare.readUInt32LE(140))
    const trailed = Buffer.concat([ct().build(), Buffer.alloc(7, 0xff)])
    const { headers, body } = multipart([headless, trailed, ct().build()])
    const answer = await app.fetch('/dicom-web/studies', { method: 'POST', headers, body })
    const answered = (await answer.json()) as DicomJson
    expect(answer.status).toBe(200)
    expect(items(answered, STORED).map((item) => value(item, '00081196'))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(answer.headers.get('Warning')).toMatch(
      /^299 \S+ "Stored as received, .*: no-file-meta, trailing-bytes"$/,
    )
    const sound = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([ct().build()]) })
    await sound.arrayBuffer()
    expect(sound.headers.get('Warning')).toBeNull()
  })

  const patient = newUid()
  it.each([
    ['an image without pixels', () => dicom().set('Rows', 'US', [4]).build()],
    ['fewer pixels than described', () => ct().pixels(new Uint8Array(100)).build()],
    ['fewer frames than described', () => ct().set('NumberOfFrames', 'IS', [3]).build()],
    ['pixels that nothing describes', () => ct().without('Rows').build()],
    [
      'another patient of the study',
      () => ct().uids({ study: patient }).set('PatientID', 'LO', ['P9']).build(),
    ],
  ])('warns of %s: B007, and 202', async (_what, made) => {
    await stow([ct().uids({ study: patient }).build()])
    const { status, text } = await stow([made(), ct().build()])
    expect(status).toBe(202)
    expect(items(json(text), STORED).map((item) => value(item, '00081196'))).toEqual([0xb007, undefined])
    expect(json(text)[FAILED]).toBeUndefined()
    const xml = await stow([made()], undefined, 'application/dicom+xml')
    expect([xml.status, xml.text.includes('<Value number="1">45063</Value>')]).toEqual([202, true])
  })

  it('leaves nothing of a request whose client went away', async () => {
    const before = await kept()
    const bytes = dicom().ct({ rows: 512, columns: 512 }).build()
    const { port } = new URL(app.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    const { headers, body } = multipart([bytes])
    socket.write(
      `POST /dicom-web/studies HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${app.token}\r\n` +
        `Content-Type: ${headers['Content-Type'] ?? ''}\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    socket.write(body.subarray(0, body.length / 2))
    await sleep(200)
    socket.destroy()
    await sleep(300)
    expect(await kept()).toEqual(before)
    expect(await app.pacs.objects.sweepUnfinished(0)).toBe(0)
  })

  it('stores the whole parts of a body that breaks off', async () => {
    const instances = [newUid(), newUid()]
    const { headers, body } = multipart(instances.map((instance) => ct().uids({ instance }).build()))
    const answer = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers,
      body: body.slice(0, -200),
    })
    expect(answer.status).toBe(202)
    const [row] = await app.pacs.database.query<{ count: number }>(
      'select count(*) as count from instance where sop_instance_uid = any($1::text[])',
      [instances],
    )
    expect(row?.count).toBe(1)
  })
})

async function kept(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of app.pacs.objects.list('organisations/')) keys.push(key)
  return keys
}

interface Expected {
  /** SHA-256 of the files that can be kept, by SOP Instance UID: of each, one is stored and the others clash with it. */
  readonly keepable: Map<string, Set<string>>
  /** How many files cannot be kept. */
  readonly refused: number
}

/** What the scanner says of each file; test/core/dicom/hostile.test.ts has the verdicts on the hostile ones. */
function expectedOf(files: readonly Uint8Array[]): Expected {
  const keepable = new Map<string, Set<string>>()
  let refused = 0
  for (const file of files) {
    const scanner = new InstanceScanner()
    try {
      scanner.write(file)
      const { sopInstanceUid } = scanner.end().identity
      const hashes = keepable.get(sopInstanceUid) ?? new Set()
      keepable.set(sopInstanceUid, hashes.add(createHash('sha256').update(file).digest('hex')))
    } catch (error) {
      if (!(error instanceof DicomFault)) throw error
      refused += 1
    }
  }
  return { keepable, refused }
}

describeWith(SHARED_DICOM, 'STOW-RS of every reference file', () => {
  let files: Buffer[] = []
  beforeAll(() => {
    files = readdirSync(sharedDicom() ?? '', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
  })

  it('stores, refuses or quarantines each of one request as it should be, and answers others meanwhile', async () => {
    const { keepable, refused } = expectedOf(files)
    const fresh = await startTestApp({ workers: false })
    try {
      const { headers, body } = multipart(files)
      const sent = fresh.fetch('/dicom-web/studies', { method: 'POST', headers, body })
      await sleep(100)
      expect((await fresh.fetch('/healthz')).status).toBe(200)
      const answer = await sent
      expect(answer.status).toBe(202)
      const text = await answer.text()

      const answered = json(text)
      expect(new Set(items(answered, STORED).map((item) => value(item, '00081155')))).toEqual(
        new Set(keepable.keys()),
      )
      expect(items(answered, FAILED)).toHaveLength(clashesOf(keepable))
      expect(items(answered, FAILED).every((item) => value(item, '00081197') === 0x0111)).toBe(true)
      expect(items(answered, OTHER_FAILURES)).toHaveLength(refused)
      await expectKept(fresh, keepable)
    } finally {
      await fresh.close()
    }
  }, 240_000)

  it('does the same with each in a request of its own, small ones kept from where they came to lie', async () => {
    const { keepable, refused } = expectedOf(files)
    const fresh = await startTestApp({ workers: false })
    try {
      const statuses: number[] = []
      const left = [...files]
      const sender = async (): Promise<void> => {
        for (let file = left.pop(); file !== undefined; file = left.pop()) {
          const answer = await fresh.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file]) })
          statuses.push(answer.status)
          await answer.arrayBuffer()
        }
      }
      await Promise.all(Array.from({ length: 6 }, sender))
      expect(statuses.filter((status) => status === 409)).toHaveLength(refused + clashesOf(keepable))
      expect(statuses.every((status) => [200, 202, 409].includes(status))).toBe(true)
      await expectKept(fresh, keepable)
    } finally {
      await fresh.close()
    }
  }, 240_000)
})

const clashesOf = (keepable: Expected['keepable']): number =>
  [...keepable.values()].reduce((sum, hashes) => sum + hashes.size - 1, 0)

/** Each is there once, the others of its UID in quarantine, and their objects have the bytes. */
async function expectKept(fresh: TestApp, keepable: Expected['keepable']): Promise<void> {
  const rows = await fresh.pacs.database.query<{
    uid: string
    sha256: string
    key: string
    place: string
  }>(
    `select sop_instance_uid as uid, encode(sha256, 'hex') as sha256, object_key as key, 'stored' as place from instance
     union all select sop_instance_uid, encode(sha256, 'hex'), object_key, 'quarantined' from quarantine`,
  )
  const found = new Map<string, Set<string>>()
  for (const { uid, sha256 } of rows) found.set(uid, (found.get(uid) ?? new Set()).add(sha256))
  expect(found).toEqual(keepable)
  expect(rows.filter(({ place }) => place === 'stored')).toHaveLength(keepable.size)
  for (const { key, sha256 } of rows) {
    const bytes = await fresh.pacs.objects.read(key as ObjectKey)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
  }
}
