import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../../core/access/principal.ts'
import { storeInstance, PATIENT_DIFFERS, type StoreAnswer } from '../../../core/archive/store-instance.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { unavailable } from '../../../core/errors.ts'
import { DATABASE_UNREACHABLE } from '../../../core/ports/database.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { inPieces } from '../../support/multipart.ts'
import { technicianOf } from '../../support/technician.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

let app: TestApp
let sender: Principal

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  sender = await technicianOf(app)
})
afterAll(() => app.close())

const store = (bytes: Uint8Array, more: { requiredStudyInstanceUid?: string } = {}): Promise<StoreAnswer> =>
  storeInstance(app.pacs, sender, { bytes: inPieces(bytes), source: 'upload', ...more })

const ct = () => dicom().ct({ rows: 16, columns: 16 })

async function objectsKept(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of app.pacs.objects.list('organisations/')) keys.push(key)
  return keys
}

async function count(table: 'instance' | 'quarantine' | 'study' | 'audit_event'): Promise<number> {
  const [row] = await app.pacs.database.query<{ count: number }>(`select count(*) as count from ${table}`)
  return row?.count ?? 0
}

describe('storeInstance', () => {
  it('keeps the bytes, then the rows and the work, and says so', async () => {
    const bytes = ct().build()
    const answer = await store(bytes)
    expect(answer).toMatchObject({ kind: 'stored', size: bytes.length, warnings: [] })
    if (answer.kind !== 'stored') return
    expect(answer.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    const [row] = await app.pacs.database.query<Record<string, unknown>>(
      'select * from instance where instance_id = $1',
      [answer.instanceId],
    )
    expect(row).toMatchObject({
      source: 'upload',
      rows: 16,
      columns: 16,
      number_of_frames: 1,
      instance_number: 1,
    })
    expect(row?.['object_key']).toContain(answer.instanceId)
    const kept = await app.pacs.objects.read(row?.['object_key'] as never)
    expect(Buffer.from(kept).equals(bytes)).toBe(true)
    const work = await app.pacs.database.query<{ kind: string }>('select kind from work_item order by kind')
    expect(work.map(({ kind }) => kind)).toEqual(['extract-metadata', 'reconcile-study', 'render-thumbnails'])
    expect(answer.attributes).toMatchObject({ patientId: 'P1', modality: 'CT', studyDate: '20260102' })
  })

  it('stores the same bytes once, whoever of eight at a time is first', async () => {
    const bytes = ct().build()
    const before = { instances: await count('instance'), objects: (await objectsKept()).length }
    const answers = await Promise.all(Array.from({ length: 8 }, () => store(bytes)))
    expect(answers.map(({ kind }) => kind).sort()).toEqual([...Array<string>(7).fill('duplicate'), 'stored'])
    expect(await count('instance')).toBe(before.instances + 1)
    expect((await objectsKept()).length).toBe(before.objects + 1)
    expect(await store(bytes)).toMatchObject({ kind: 'duplicate' })
  })

  it('puts other bytes with a stored UID in quarantine, once', async () => {
    const instance = newUid()
    await store(ct().uids({ instance }).build())
    const other = ct().uids({ instance }).set('PatientID', 'LO', ['P2']).build()
    const first = await store(other)
    expect(first).toMatchObject({ kind: 'conflict', reason: 'instance-differs', sopInstanceUid: instance })
    const again = await store(other)
    if (first.kind !== 'conflict' || again.kind !== 'conflict') return
    expect(again.quarantineId).toBe(first.quarantineId)
    const [row] = await app.pacs.database.query<{ object_key: string; patient_id: string }>(
      'select object_key, patient_id from quarantine where quarantine_id = $1',
      [first.quarantineId],
    )
    expect(row?.patient_id).toBe('P2')
    expect(Buffer.from(await app.pacs.objects.read(row?.object_key as never)).equals(other)).toBe(true)
    expect(await objectsKept()).toHaveLength((await count('instance')) + (await count('quarantine')))
  })

  it.each([
    ['not-dicom', () => Buffer.from('%PDF-1.7 and more of it, long enough to be looked at'.repeat(20))],
    ['empty', () => Buffer.alloc(0)],
    ['truncated', () => ct().build().subarray(0, -100)],
    ['identifier-missing', () => ct().without('SOPInstanceUID').build()],
    ['identifier-invalid', () => ct().uids({ study: '../../etc' }).build()],
  ])('keeps nothing of what is refused: %s', async (reason, make) => {
    const before = await objectsKept()
    expect(await store(make())).toMatchObject({ kind: 'rejected', reason })
    expect(await objectsKept()).toEqual(before)
  })

  it('refuses an instance of another study than was named', async () => {
    expect(await store(ct().build(), { requiredStudyInstanceUid: newUid() })).toMatchObject({
      kind: 'rejected',
      reason: 'study-mismatch',
    })
  })

  it('keeps nothing, and throws, when the sender breaks off', async () => {
    const before = await objectsKept()
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield ct().build().subarray(0, 600)
      throw Object.assign(new Error('cut'), { code: 'ECONNRESET' })
    }
    await expect(storeInstance(app.pacs, sender, { bytes: broken(), source: 'upload' })).rejects.toThrow(
      'cut',
    )
    expect(await objectsKept()).toEqual(before)
    expect(await app.pacs.objects.sweepUnfinished(0)).toBe(0)
  })

  it('refuses those who may not store', async () => {
    const reviewer: Principal = { ...sender, roles: ['reviewer'] } as Principal
    const answer = await storeInstance(app.pacs, reviewer, {
      bytes: inPieces(ct().build()),
      source: 'upload',
    })
    expect(answer).toMatchObject({ kind: 'rejected', reason: 'not-allowed' })
  })

  it('warns when a study has instances of two patients, and keeps both', async () => {
    const study = newUid()
    expect(await store(ct().uids({ study }).build())).toMatchObject({ warnings: [] })
    const other = ct().uids({ study }).set('PatientID', 'LO', ['P9']).build()
    expect(await store(other)).toMatchObject({ kind: 'stored', warnings: [PATIENT_DIFFERS] })
  })

  it('throws when the database does not answer; the same bytes again come out right', async () => {
    const bytes = ct().build()
    const down = {
      ...app.pacs,
      ingest: {
        ...app.pacs.ingest,
        commit: () => Promise.reject(unavailable('database-unavailable', 'Try again.')),
      },
    }
    const sent = storeInstance(down, sender, { bytes: inPieces(bytes), source: 'upload' })
    await expect(sent).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await store(bytes)).toMatchObject({ kind: 'stored' })
  })

  it('keeps nothing when the database cannot be reached at all', async () => {
    const before = (await objectsKept()).length
    const commit = () => Promise.reject(unavailable(DATABASE_UNREACHABLE, 'Try again.'))
    const down = { ...app.pacs, ingest: { ...app.pacs.ingest, commit } }
    const sent = storeInstance(down, sender, { bytes: inPieces(ct().build()), source: 'upload' })
    await expect(sent).rejects.toMatchObject({ kind: 'unavailable' })
    expect((await objectsKept()).length).toBe(before)
  })

  it('stores to a series it knows as it stores to a new one, and sees what is there already', async () => {
    const [study, series] = [newUid(), newUid()]
    const next = () => ct().uids({ study, series }).build()
    await store(next())
    const again = next()
    expect(await Promise.all([again, next(), next()].map((bytes) => store(bytes)))).toMatchObject([
      { kind: 'stored' },
      { kind: 'stored' },
      { kind: 'stored' },
    ])
    expect(await Promise.all([store(again), store(next())])).toMatchObject([
      { kind: 'duplicate' },
      { kind: 'stored' },
    ])
    const [counted] = await app.pacs.database.query(
      `select se.instance_count, (select count(*) from instance i where i.series_id = se.series_id) as kept,
         (select sum((detail->>'count')::integer) from audit_event where study_instance_uid = $1) as audited
       from series se join study st using (study_id) where st.study_instance_uid = $1`,
      [study],
    )
    expect(counted).toEqual({ instance_count: 5, kept: 5, audited: 5 })
  })

  it('stores to a series whose study was removed after it was known', async () => {
    const [study, series] = [newUid(), newUid()]
    const bytes = () => ct().uids({ study, series }).build()
    await store(bytes())
    await app.pacs.database.query('delete from study where study_instance_uid = $1', [study])
    expect(await store(bytes())).toMatchObject({ kind: 'stored' })
  })

  it('keeps the bytes of an instance whose commit happened though its answer was lost', async () => {
    const bytes = ct().build()
    const { commit } = app.pacs.ingest
    const twice = {
      ...app.pacs.ingest,
      commit: async (one: Parameters<typeof commit>[0]) => (await commit(one), commit(one)),
    }
    const answer = await storeInstance({ ...app.pacs, ingest: twice }, sender, {
      bytes: inPieces(bytes),
      source: 'upload',
    })
    expect(answer).toMatchObject({ kind: 'stored' })
    const rows = await app.pacs.database.query<{ object_key: string }>(
      'select object_key from instance where sop_instance_uid = $1',
      [answer.sopInstanceUid ?? ''],
    )
    expect(await app.pacs.objects.head(rows[0]?.object_key as never)).toMatchObject({ size: bytes.length })
  })

  it('gives a study the attributes of the first instance that arrived, and counts all', async () => {
    const study = newUid()
    const series = newUid()
    await store(ct().uids({ study, series }).set('StudyDescription', 'LO', ['first']).build())
    for (let index = 0; index < 5; index++) {
      await store(ct().uids({ study, series }).set('StudyDescription', 'LO', ['later']).build())
    }
    const [row] = await app.pacs.database.query<{ study_description: string; instance_count: number }>(
      `select st.study_description, se.instance_count from study st join series se using (study_id) where st.study_instance_uid = $1`,
      [study],
    )
    expect(row).toEqual({ study_description: 'first', instance_count: 6 })
  })

  it('records who stored what', async () => {
    const study = newUid()
    await store(ct().uids({ study }).build())
    const [event] = await app.pacs.database.query<Record<string, unknown>>(
      'select event, outcome, user_id, detail from audit_event where study_instance_uid = $1',
      [study],
    )
    expect(event).toMatchObject({
      event: 'instances-transferred',
      outcome: 'success',
      detail: { action: 'stored', count: 1 },
    })
    expect(event?.['user_id']).toBe(sender.kind === 'user' ? sender.userId : '')
  })
})
