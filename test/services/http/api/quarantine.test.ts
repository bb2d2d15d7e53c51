import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QuarantineComparison, QuarantinePage } from '../../../../core/contract/api.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom, type DicomBuilder } from '../../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

let app: TestApp
let people: Record<'radiologist' | 'technician' | 'auditor', string>
let elsewhere: string
const study = newUid()

beforeAll(async () => {
  app = await startTestApp()
  const tokenOf = async (role: 'radiologist' | 'technician' | 'auditor') => (await app.user([role])).token
  people = {
    radiologist: await tokenOf('radiologist'),
    technician: await tokenOf('technician'),
    auditor: await tokenOf('auditor'),
  }
  elsewhere = (await app.user(['administrator'], await app.organisation('elsewhere'))).token
})
afterAll(() => app.close())

const image = (instance: string): DicomBuilder =>
  dicom().ct({ rows: 8, columns: 8 }).uids({ study, series: '1.2.3', instance })

async function send(bytes: Uint8Array): Promise<void> {
  const answer = await app.fetch('/dicom-web/studies', {
    method: 'POST',
    headers: { 'Content-Type': 'application/dicom' },
    body: new Uint8Array(bytes),
  })
  await answer.arrayBuffer()
}

/** Stores one, sends the other under its UID, and answers the address of the entry that comes of it. */
async function clash(kept: DicomBuilder, received: Uint8Array): Promise<string> {
  await send(kept.build())
  await send(received)
  await app.drain()
  const { entries } = (await (await app.fetch('/api/admin/quarantine')).json()) as QuarantinePage
  return `/api/admin/quarantine/${entries[0]?.quarantineId}`
}

const differences = async (entry: string): Promise<QuarantineComparison> =>
  (await (await app.fetch(`${entry}/differences`)).json()) as QuarantineComparison

const lastEvent = async (): Promise<unknown> => {
  const [row] = await app.pacs.database.query(
    `select event, outcome, study_instance_uid, detail from audit_event order by audit_event_id desc limit 1`,
  )
  return row
}

describe('GET /api/admin/quarantine/{entry}/differences', () => {
  it('names what differs from the instance that is stored, and is recorded', async () => {
    const uid = newUid()
    const entry = await clash(
      image(uid).set('00420011', 'OB', []).set('PatientID', 'LO', ['P1']),
      image(uid)
        .set('PatientName', 'PN', [{ Alphabetic: 'Li^Si', Ideographic: '李^四' }])
        .set('PatientComments', 'LT', ['x'.repeat(500)])
        .set('ReferencedImageSequence', 'SQ', [{ '00081155': { vr: 'UI', Value: ['1.2'] } }])
        .without('PatientID')
        .pixels(new Uint8Array(128))
        .build(),
    )
    const found = await differences(entry)
    expect(found).toEqual({
      kept: {
        studyInstanceUid: study,
        seriesInstanceUid: '1.2.3',
        size: expect.any(Number),
        receivedAt: expect.any(String),
        receivedBy: 'admin@localhost',
        source: 'stow-rs',
      },
      elements: [
        { path: '00081140', keyword: 'ReferencedImageSequence', kept: null, received: { items: 1 } },
        {
          path: '00100010',
          keyword: 'PatientName',
          kept: { text: 'Zhang^San=张^三' },
          received: { text: 'Li^Si=李^四' },
        },
        { path: '00100020', keyword: 'PatientID', kept: { text: 'P1' }, received: null },
        {
          path: '00104000',
          keyword: 'PatientComments',
          kept: null,
          received: { text: `${'x'.repeat(200)}…` },
        },
      ],
      more: 0,
      pixels: 'differ',
    })
    expect(await lastEvent()).toMatchObject({
      event: 'instances-accessed',
      outcome: 'success',
      study_instance_uid: study,
      detail: { action: 'quarantine-compared', quarantineId: entry.split('/').at(-1) },
    })
  })

  it('says when only the pixels differ, or only the way they are written', async () => {
    const uid = newUid()
    const pixels = await differences(await clash(image(uid), image(uid).pixels(new Uint8Array(128)).build()))
    expect(pixels).toMatchObject({ elements: [], pixels: 'differ' })
    const other = newUid()
    const deflated = await differences(await clash(image(other), image(other).deflated().build()))
    expect(deflated.pixels).toBe('unknown')
    expect(deflated.elements.map(({ keyword }) => keyword)).toEqual(['TransferSyntaxUID'])
    const third = newUid()
    const header = await differences(
      await clash(image(third), image(third).set('PatientID', 'LO', ['P2']).build()),
    )
    expect(header).toMatchObject({ elements: [{ keyword: 'PatientID' }], pixels: 'same' })
  })

  it('lists so many differences, and counts the rest', async () => {
    const uid = newUid()
    const received = image(uid)
    for (let number = 0; number < 230; number++) {
      received.set(`0009${(0x1000 + number).toString(16).toUpperCase()}`, 'LO', ['different'])
    }
    received.set('00090010', 'LO', ['PRIVATE'])
    const found = await differences(await clash(image(uid), received.build()))
    expect(found.elements).toHaveLength(200)
    expect(found.more).toBe(31)
    expect(found.elements[0]).toMatchObject({ path: '00090010', keyword: null })
  })

  it('has nothing to compare with where the stored instance is gone', async () => {
    const uid = newUid()
    const entry = await clash(image(uid), image(uid).set('PatientID', 'LO', ['P2']).build())
    await app.pacs.database.query('delete from instance where sop_instance_uid = $1', [uid])
    expect(await differences(entry)).toEqual({ kept: null, elements: [], more: 0, pixels: 'unknown' })
  })
})

describe('GET /api/admin/quarantine/{entry}/instance', () => {
  it('is a file to keep: the received bytes, but for a preamble that may be a program; and is recorded', async () => {
    const uid = newUid()
    const received = image(uid).set('PatientID', 'LO', ['P2']).build()
    received.write('MZ a program', 0, 'latin1')
    const entry = await clash(image(uid), received)
    const answer = await app.fetch(`${entry}/instance`)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/dicom',
      'content-disposition': `attachment; filename="quarantine-${entry.split('/').at(-1)}.dcm"`,
      'content-length': String(received.length),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(bytes.subarray(0, 128).every((byte) => byte === 0)).toBe(true)
    expect(bytes.subarray(128).equals(received.subarray(128))).toBe(true)
    expect(await lastEvent()).toMatchObject({
      event: 'instances-transferred',
      study_instance_uid: study,
      detail: { action: 'quarantine-downloaded', quarantineId: entry.split('/').at(-1) },
    })
  })

  it('is for administrators of the organisation alone', async () => {
    const uid = newUid()
    const entry = await clash(image(uid), image(uid).set('PatientID', 'LO', ['P2']).build())
    for (const path of [`${entry}/instance`, `${entry}/differences`]) {
      for (const token of Object.values(people)) expect((await app.fetch(path, { token })).status).toBe(403)
      expect((await app.fetch(path, { token: elsewhere })).status).toBe(404)
      expect((await app.fetch(path, { token: null })).status).toBe(401)
    }
    expect((await app.fetch(entry, { method: 'DELETE' })).status).toBe(204)
    const gone = await app.fetch(`${entry}/instance`)
    expect([gone.status, await gone.json()]).toMatchObject([404, { code: 'quarantine-entry-not-found' }])
  })
})
