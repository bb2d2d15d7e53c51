import { gunzipSync } from 'node:zlib'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../core/access/principal.ts'
import { storeInstance } from '../../core/archive/store-instance.ts'
import { loadConfig } from '../../core/config.ts'
import { createPacs } from '../../core/create-pacs.ts'
import { newUid } from '../../core/dicom/uid.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import type { Pacs } from '../../core/pacs.ts'
import type { ObjectKey } from '../../core/ports/object-store.ts'
import { workCounts } from '../../core/work/work-table.ts'
import type { Backing } from '../../storage-config/open-backing.ts'
import { openCodec } from '../../workers/codec/open-codec.ts'
import { startWorkers } from '../../workers/start-workers.ts'
import { buildCodecThread } from '../support/built-threads.ts'
import { dicom } from '../support/dicom-builder.ts'
import { silentLog } from '../support/silent-log.ts'
import { openTestBacking } from '../support/test-backing.ts'

const organisationId = '00000000-0000-4000-8000-000000000001'
const principal: Principal = { kind: 'system', organisationId, reason: 'test' }

interface Derived {
  readonly series_id: string
  readonly instance_count: number
  readonly metadata_key: ObjectKey
  readonly metadata_instance_count: number
  readonly thumbnail_key: ObjectKey
  readonly thumbnail_kind: string
}

describe('startWorkers', () => {
  let backing: Backing
  let pacs: Pacs
  let workers: { stop(): Promise<void> }

  beforeAll(async () => {
    backing = await openTestBacking()
    const codec = openCodec({ threadUrl: await buildCodecThread(), threads: 2 })
    pacs = createPacs({
      config: loadConfig({ YUNYING_RENDITIONS: 'off' }),
      ...backing,
      codec,
      log: silentLog,
    })
    await pacs.database.query('insert into organisation (organisation_id, name) values ($1, $2)', [
      organisationId,
      'Test',
    ])
    workers = startWorkers(pacs)
  })
  afterAll(async () => {
    await workers.stop()
    await pacs.codec.close()
    await backing.close()
  })

  async function store(bytes: Buffer): Promise<void> {
    const outcome = await storeInstance(pacs, principal, { bytes: Readable.from([bytes]), source: 'stow-rs' })
    expect(outcome.kind).toBe('stored')
  }

  /** Resolves when nothing is left to do. */
  async function drained(): Promise<void> {
    for (;;) {
      const { pending, running } = await workCounts(pacs.database)
      if (pending + running === 0) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async function derivedOf(seriesInstanceUid: string): Promise<Derived> {
    const [row] = await pacs.database.query<Derived>(
      'select * from series join series_derived using (series_id) where series_instance_uid = $1',
      [seriesInstanceUid],
    )
    if (row === undefined) throw new Error('nothing was derived')
    return row
  }

  const slice = (study: string, series: string, number: number) =>
    dicom().uids({ study, series, instance: newUid() }).set('InstanceNumber', 'IS', [number])

  async function metadataOf(derived: Derived): Promise<DicomJson[]> {
    return JSON.parse(gunzipSync(await pacs.objects.read(derived.metadata_key)).toString()) as DicomJson[]
  }

  it('derives metadata in order, a thumbnail and counts of a series', async () => {
    const [study, series] = [newUid(), newUid()]
    for (const number of [3, 1, 2])
      await store(slice(study, series, number).ct({ rows: 20, columns: 40 }).build())
    await drained()
    const derived = await derivedOf(series)
    expect(derived).toMatchObject({ instance_count: 3, metadata_instance_count: 3, thumbnail_kind: 'image' })
    const metadata = await metadataOf(derived)
    expect(metadata.map((each) => each['00200013']?.Value)).toEqual([[1], [2], [3]])
    expect(metadata[0]?.['7FE00010']?.BulkDataURI).toMatch(
      new RegExp(`^/dicom-web/studies/${study}/series/${series}/instances/[0-9.]+/bulkdata/7FE00010$`),
    )
    const picture = await sharp(await pacs.objects.read(derived.thumbnail_key)).metadata()
    expect(picture).toMatchObject({ format: 'webp', width: 256, height: 128 })
    const [row] = await pacs.database.query('select * from study where study_instance_uid = $1', [study])
    expect(row).toMatchObject({ series_count: 1, instance_count: 3, modalities: ['CT'] })
  })

  it('replaces what it derived when an instance is added, and leaves no old object', async () => {
    const [study, series] = [newUid(), newUid()]
    await store(slice(study, series, 1).ct({ rows: 8, columns: 8 }).build())
    await drained()
    const before = await derivedOf(series)
    await store(slice(study, series, 2).ct({ rows: 8, columns: 8 }).build())
    await drained()
    const after = await derivedOf(series)
    expect(after.metadata_instance_count).toBe(2)
    expect(await pacs.objects.head(before.metadata_key)).toBeUndefined()
    expect(await pacs.objects.head(before.thumbnail_key)).toBeUndefined()
    expect(await metadataOf(after)).toHaveLength(2)
  })

  it('pictures a series without pixels by what it is', async () => {
    const [study, series] = [newUid(), newUid()]
    await store(slice(study, series, 1).set('SOPClassUID', 'UI', ['1.2.840.10008.5.1.4.1.1.88.11']).build())
    await drained()
    expect(await derivedOf(series)).toMatchObject({ thumbnail_kind: 'placeholder' })
  })

  it('is not spoilt by a sibling with corrupt pixels', async () => {
    const [study, series] = [newUid(), newUid()]
    await store(slice(study, series, 1).ct({ rows: 8, columns: 8 }).build())
    const corrupt = slice(study, series, 2).ct({ rows: 8, columns: 8 })
    await store(corrupt.fragments('1.2.840.10008.1.2.4.90', [new Uint8Array(64).fill(7)]).build())
    await drained()
    const derived = await derivedOf(series)
    expect(derived).toMatchObject({ metadata_instance_count: 2, thumbnail_kind: 'placeholder' })
    expect(await workCounts(pacs.database)).toMatchObject({ failed: 0 })
  })

  it('derives 200 slices that stream in, with few runs and none left out', async () => {
    const [study, series] = [newUid(), newUid()]
    for (let number = 1; number <= 200; number += 8) {
      const eight = Array.from({ length: 8 }, (_, index) => number + index)
      await Promise.all(
        eight.map((each) => store(slice(study, series, each).ct({ rows: 512, columns: 512 }).build())),
      )
    }
    await drained()
    expect(await derivedOf(series)).toMatchObject({ metadata_instance_count: 200, instance_count: 200 })
  })
})
