import { appendFile, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../../core/access/principal.ts'
import { instanceKey } from '../../../core/archive/object-key.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { sweepOrphans } from '../../../core/archive/sweep-orphans.ts'
import { verify } from '../../../core/archive/verify.ts'
import { createPacs } from '../../../core/create-pacs.ts'
import { loadConfig } from '../../../core/config.ts'
import type { Pacs } from '../../../core/pacs.ts'
import type { ObjectKey } from '../../../core/ports/object-store.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { inPieces } from '../../support/multipart.ts'
import { silentLog } from '../../support/silent-log.ts'
import { openTestBacking } from '../../support/test-backing.ts'

const ORGANISATION = '11111111-1111-7111-8111-111111111111'
const HOUR = 3_600_000

let pacs: Pacs
let backing: Awaited<ReturnType<typeof openTestBacking>>
const keys: ObjectKey[] = []

beforeAll(async () => {
  backing = await openTestBacking()
  const codec = { decode: refuse, render: refuse, placeholder: refuse, close: () => Promise.resolve() }
  pacs = createPacs({
    config: loadConfig({}),
    ...backing,
    codec: codec as unknown as Pacs['codec'],
    log: silentLog,
  })
  await pacs.database.query('insert into organisation (organisation_id, name) values ($1, $2)', [
    ORGANISATION,
    'A clinic',
  ])
  for (let index = 0; index < 5; index++) await store()
})
afterAll(() => backing.close())

const refuse = (): Promise<never> => Promise.reject(new Error('nothing is decoded here'))

async function store(): Promise<void> {
  const sender: Principal = { kind: 'system', organisationId: ORGANISATION, reason: 'test' }
  const bytes = inPieces(dicom().ct({ rows: 16, columns: 16 }).build())
  const answer = await storeInstance(pacs, sender, { bytes, source: 'sample' })
  const [row] = await pacs.database.query<{ object_key: ObjectKey }>(
    'select object_key from instance where instance_id = $1',
    [answer.kind === 'stored' ? answer.instanceId : ''],
  )
  if (row !== undefined) keys.push(row.object_key)
}

/** An object that no row names, this old. */
async function leave(key: ObjectKey, ageMs: number): Promise<ObjectKey> {
  await pacs.objects.put(key, Readable.from([Buffer.from('left behind')]))
  const at = new Date(Date.now() - ageMs)
  await utimes(join(backing.objectsFolder, key), at, at)
  return key
}

const newKey = (organisationId = ORGANISATION): ObjectKey =>
  instanceKey({ organisationId, id: pacs.ingest.nextId(), receivedBy: undefined, source: 'upload' })

describe('verify', () => {
  it('finds every object as it was received', async () => {
    let done = 0
    expect(await verify(pacs, (count) => (done = count))).toEqual({
      checked: 5,
      missing: [],
      changed: [],
      orphaned: [],
    })
    expect(done).toBe(5)
  })

  it('tells what is missing, changed and orphaned', async () => {
    const [missing, changed] = keys
    if (missing === undefined || changed === undefined) throw new Error('nothing was stored')
    await rm(join(backing.objectsFolder, missing))
    await appendFile(join(backing.objectsFolder, changed), 'x')
    const orphaned = await leave(newKey(), HOUR)
    await leave(newKey(), 0)
    expect(await verify(pacs)).toEqual({
      checked: 4,
      missing: [missing],
      changed: [changed],
      orphaned: [orphaned],
    })
  })
})

describe('sweepOrphans', () => {
  it('removes what is old and has no row, and nothing else', async () => {
    const derived =
      `organisations/${ORGANISATION}/derived/${pacs.ingest.nextId()}/metadata.1.json.gz` as ObjectKey
    const old = [await leave(newKey(), 2 * HOUR), await leave(derived, 2 * HOUR)]
    const young = await leave(newKey(), HOUR / 2)
    const foreign = await leave('registry/something.json' as ObjectKey, 2 * HOUR)
    const report = await sweepOrphans(pacs)
    expect(report).toMatchObject({ removed: { instance: 2, quarantine: 0, derived: 1 }, left: 0 })
    for (const key of old) expect(await pacs.objects.head(key)).toBeUndefined()
    for (const key of [young, foreign, ...keys.slice(1)]) expect(await pacs.objects.head(key)).toBeDefined()
  })

  it('leaves an organisation alone that has no instances in the database', async () => {
    const key = await leave(newKey('22222222-2222-7222-8222-222222222222'), 2 * HOUR)
    expect(await sweepOrphans(pacs)).toMatchObject({ removed: { instance: 0 }, left: 1 })
    expect(await pacs.objects.head(key)).toBeDefined()
    await pacs.objects.delete(key)
  })

  it('leaves many at once alone: rows were lost, and a reindex brings them back', async () => {
    const many = await Promise.all(Array.from({ length: 300 }, () => leave(newKey(), 2 * HOUR)))
    expect(await sweepOrphans(pacs)).toMatchObject({ removed: { instance: 0 }, left: 300 })
    for (const key of many) await pacs.objects.delete(key)
  })
})
