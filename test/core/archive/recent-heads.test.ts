import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../../core/access/principal.ts'
import { extractSeriesMetadata } from '../../../core/archive/extract-series-metadata.ts'
import { createRecentHeads } from '../../../core/archive/recent-heads.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import type { ObjectKey, ObjectStore } from '../../../core/ports/object-store.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { inPieces } from '../../support/multipart.ts'
import { technicianOf } from '../../support/technician.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const key = (name: string) => name as ObjectKey

describe('createRecentHeads', () => {
  it('gives a head once', () => {
    const heads = createRecentHeads()
    const head = Buffer.alloc(10, 1)
    heads.keep(key('a'), head)
    expect(heads.take(key('b'))).toBeUndefined()
    expect(heads.take(key('a'))).toBe(head)
    expect(heads.take(key('a'))).toBeUndefined()
  })

  it('lets the oldest go first, and no more than it must', () => {
    const heads = createRecentHeads(100)
    for (const name of ['a', 'b', 'c']) heads.keep(key(name), Buffer.alloc(40))
    expect(heads.take(key('a'))).toBeUndefined()
    heads.keep(key('c'), Buffer.alloc(50))
    heads.keep(key('d'), Buffer.alloc(10))
    expect(['b', 'c', 'd'].map((name) => heads.take(key(name))?.length)).toEqual([40, 50, 10])
    heads.keep(key('e'), Buffer.alloc(100))
    expect(heads.take(key('e'))?.length).toBe(100)
  })
})

describe('extractSeriesMetadata', () => {
  let app: TestApp
  let sender: Principal
  beforeAll(async () => {
    app = await startTestApp({ workers: false })
    sender = await technicianOf(app)
  })
  afterAll(() => app.close())

  /** Which keys were read, and the metadata that was made: once as stored, then again, when nothing is at hand. */
  async function extractTwice(bytes: Uint8Array, pieceSize?: number) {
    const stored = await storeInstance(app.pacs, sender, {
      bytes: inPieces(bytes, pieceSize),
      source: 'upload',
    })
    if (stored.kind !== 'stored') throw new Error(`it was ${stored.kind}`)
    const [row] = await app.pacs.database.query<{ series_id: string; object_key: ObjectKey }>(
      'select series_id, object_key from instance where instance_id = $1',
      [stored.instanceId],
    )
    const extract = async () => {
      const reads: ObjectKey[] = []
      const objects: ObjectStore = Object.assign(Object.create(app.pacs.objects) as ObjectStore, {
        read: (...asked: Parameters<ObjectStore['read']>) => {
          reads.push(asked[0])
          return app.pacs.objects.read(...asked)
        },
      })
      await extractSeriesMetadata({ ...app.pacs, objects }, row?.series_id ?? '')
      const kept = await app.pacs.database.query<{ dicom_json_gzip: Buffer }>(
        'delete from instance_metadata where instance_id = $1 returning dicom_json_gzip',
        [stored.instanceId],
      )
      return {
        isRead: reads.includes(row?.object_key ?? key('')),
        json: kept[0]?.dicom_json_gzip.toString('hex'),
      }
    }
    return [await extract(), await extract()] as const
  }

  it('opens no file of what was stored just now, and makes of it what its file gives', async () => {
    const [first, again] = await extractTwice(dicom().ct({ rows: 16, columns: 16 }).build())
    expect([first.isRead, again.isRead]).toEqual([false, true])
    expect(first.json).toBeTruthy()
    expect(first.json).toBe(again.json)
  })

  it.each([
    ['whose head came in pieces', dicom().ct({ rows: 16, columns: 16 }).build(), 100],
    [
      'with a long head',
      dicom()
        .ct({ rows: 16, columns: 16 })
        .set('ImageComments', 'LT', ['x'.repeat(20_000)])
        .build(),
      undefined,
    ],
  ])('reads an instance %s from the store', async (_what, bytes, pieceSize) => {
    const [first, again] = await extractTwice(bytes, pieceSize)
    expect(first.isRead).toBe(true)
    expect(first.json).toBe(again.json)
  })
})
