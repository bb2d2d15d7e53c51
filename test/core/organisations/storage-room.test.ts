import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import type { InstanceSource } from '../../../core/archive/store-outcome.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { changeOrganisation } from '../../../core/organisations/change-organisation.ts'
import { measureUsage } from '../../../core/organisations/measure-usage.ts'
import { createRoomBook, readStorageRoom } from '../../../core/organisations/storage-room.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { inPieces, multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
})
afterAll(() => app.close())

const instance = (uid = newUid()): Buffer =>
  dicom().ct({ rows: 32, columns: 32 }).uids({ instance: uid }).build()

async function hospital(quotaBytes: number | null) {
  const organisationId = await app.organisation(newUid())
  const principal = { kind: 'system', organisationId, reason: 'test' } as const
  await changeOrganisation(app.pacs, principal, organisationId, { quotaBytes })
  const { token } = await app.user(['administrator'], organisationId)
  const store = (bytes: Buffer, size?: number, source: InstanceSource = 'upload') =>
    storeInstance(app.pacs, principal, { bytes: inPieces(bytes, 700), source, size })
  const kept = async () => (await readStorageRoom(app.pacs.database, organisationId)).keptBytes
  return { organisationId, principal, token, store, kept }
}

describe('the room of an organisation', () => {
  it('is every byte that is kept, however and when it was counted', async () => {
    const { store, kept } = await hospital(null)
    const bytes = instance()
    expect(await kept()).toBe(0)
    await store(bytes)
    expect(await kept()).toBe(bytes.length)
    await measureUsage(app.pacs)
    expect(await kept()).toBe(bytes.length)
    // UIDs are not all of one length.
    const another = instance()
    await store(another)
    expect(await kept()).toBe(bytes.length + another.length)
    // An hour later all of it is counted, and nothing twice.
    const later = { now: () => app.pacs.clock.now() + 3_600_000 }
    await measureUsage({ database: app.pacs.database, clock: later as typeof app.pacs.clock })
    expect(await kept()).toBe(bytes.length + another.length)
  })

  it('counts what a process took in before it reads again', async () => {
    const { organisationId } = await hospital(1_000)
    let now = 0
    const book = createRoomBook({
      database: app.pacs.database,
      clock: { now: () => now } as typeof app.pacs.clock,
    })
    expect(await book.of(organisationId)).toEqual({ keptBytes: 0, quotaBytes: 1_000 })
    book.took(organisationId, 400)
    expect(await book.of(organisationId)).toEqual({ keptBytes: 400, quotaBytes: 1_000 })
    now = 60_000
    expect(await book.of(organisationId)).toEqual({ keptBytes: 0, quotaBytes: 1_000 })
  })
})

describe('storing into an organisation that is full', () => {
  it('refuses what there is no room for, says which it was, and keeps no byte of it', async () => {
    const bytes = instance()
    const { store, kept, organisationId } = await hospital(bytes.length + 100)
    expect(await store(bytes)).toMatchObject({ kind: 'stored' })
    const refused = newUid()
    const expected = {
      kind: 'rejected',
      reason: 'quota-exceeded',
      failureReason: 0xa700,
      sopInstanceUid: refused,
    }
    // Of known size, it is refused before it is kept; of unknown size, as soon as it is too much.
    expect(await store(instance(refused), bytes.length)).toMatchObject(expected)
    const { kind, reason, failureReason } = expected
    expect(await store(instance(refused))).toMatchObject({ kind, reason, failureReason })
    expect(await kept()).toBe(bytes.length)
    const keys: string[] = []
    for await (const { key } of app.pacs.objects.list(`organisations/${organisationId}/instances/`))
      keys.push(key)
    expect(keys).toHaveLength(1)
  })

  it('says of what it has that it has it, whatever the door knows of its size', async () => {
    const bytes = instance()
    const { store, kept, token } = await hospital(bytes.length)
    const stored = await store(bytes)
    if (stored.kind !== 'stored') throw new Error(stored.kind)
    const { instanceId, sopInstanceUid, sha256 } = stored
    const same = { kind: 'duplicate', instanceId, sopInstanceUid, sha256, size: bytes.length }
    expect(await store(bytes, bytes.length)).toMatchObject(same)
    expect(await store(bytes)).toMatchObject(same)
    // The same name with other bytes is none of what it has.
    const other = dicom().ct({ rows: 16, columns: 16 }).uids({ instance: sopInstanceUid }).build()
    expect(await store(other)).toMatchObject({ kind: 'rejected', reason: 'quota-exceeded', sopInstanceUid })
    expect(await kept()).toBe(bytes.length)
    // A batch of what is there and what is new tells them apart.
    const { headers, body } = multipart([bytes, instance()])
    const stow = await app.fetch('/dicom-web/studies', { method: 'POST', headers, body, token })
    expect(stow.status).toBe(202)
    expect(await stow.json()).toMatchObject({
      '00081199': { Value: [{ '00081155': { Value: [sopInstanceUid] } }] },
      '00081198': { Value: [{ '00081197': { Value: [0xa700] } }] },
    })
  })

  it('takes in what fits, and again once there is more room', async () => {
    const bytes = instance()
    const { store, principal, organisationId } = await hospital(bytes.length)
    expect(await store(bytes, bytes.length)).toMatchObject({ kind: 'stored' })
    expect(await store(instance(), bytes.length)).toMatchObject({ reason: 'quota-exceeded' })
    await changeOrganisation(app.pacs, principal, organisationId, { quotaBytes: null })
    expect(await store(instance(), bytes.length)).toMatchObject({ kind: 'stored' })
  })

  it('keeps a report that a reader made of what is there', async () => {
    const { store } = await hospital(0)
    expect(await store(instance(), undefined, 'report')).toMatchObject({ kind: 'stored' })
  })

  it('is told by STOW-RS with a failure reason, and to the upload page before a large file is begun', async () => {
    const { token, principal, organisationId } = await hospital(0)
    const uid = newUid()
    const { headers, body } = multipart([instance(uid)])
    const stow = await app.fetch('/dicom-web/studies', { method: 'POST', headers, body, token })
    expect(stow.status).toBe(409)
    expect(await stow.json()).toMatchObject({
      '00081198': { Value: [{ '00081155': { Value: [uid] }, '00081197': { Value: [0xa700] } }] },
    })
    const large = await app.fetch('/api/uploads/resumable', {
      method: 'POST',
      token,
      headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': '1000' },
    })
    expect(large.status).toBe(413)
    expect(await large.json()).toMatchObject({ code: 'quota-exceeded' })
    const room = await app.fetch('/api/uploads/room', { token })
    expect(await room.json()).toEqual({ quotaBytes: 0, keptBytes: 0, leftBytes: 0 })
    await changeOrganisation(app.pacs, principal, organisationId, { quotaBytes: null })
    const open = await app.fetch('/api/uploads/room', { token })
    expect(await open.json()).toEqual({ quotaBytes: null, keptBytes: 0, leftBytes: null })
  })
})
