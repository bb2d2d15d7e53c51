import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../../core/access/principal.ts'
import { archiveStatus } from '../../../core/archive/archive-status.ts'
import { findOrphans } from '../../../core/archive/find-orphans.ts'
import { findInstancesById } from '../../../core/archive/instance-record.ts'
import { fromTheMiddle, makeRenditions } from '../../../core/archive/make-renditions.ts'
import { quietMoments } from '../../../core/archive/quiet-moment.ts'
import { openFrames } from '../../../core/archive/read-frame.ts'
import {
  remakeRenditions,
  removeRenditionsForRoom,
  removeUnwantedRenditions,
} from '../../../core/archive/remove-renditions.ts'
import { parseRenditionPolicy } from '../../../core/archive/rendition-policy.ts'
import { findRendition, renditionRange } from '../../../core/archive/rendition-table.ts'
import { requestRenditions, wishRenditions } from '../../../core/archive/request-renditions.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { sweepOrphans } from '../../../core/archive/sweep-orphans.ts'
import { loadConfig } from '../../../core/config.ts'
import { createPacs } from '../../../core/create-pacs.ts'
import { listOrganisations } from '../../../core/organisations/organisation-table.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { hastenRenditions } from '../../../core/work/work-table.ts'
import type { ObjectKey } from '../../../core/ports/object-store.ts'
import { openCodec } from '../../../workers/codec/open-codec.ts'
import { HANDLERS } from '../../../workers/handlers.ts'
import { buildCodecThread } from '../../support/built-threads.ts'
import { dicom, type DicomBuilder } from '../../support/dicom-builder.ts'
import { inPieces } from '../../support/multipart.ts'
import { silentLog } from '../../support/silent-log.ts'
import { openTestBacking } from '../../support/test-backing.ts'

const ORGANISATION = '11111111-1111-7111-8111-111111111111'
const RPCL = '1.2.840.10008.1.2.4.202'
const sender: Principal = { kind: 'system', organisationId: ORGANISATION, reason: 'test' }
const signal = new AbortController().signal

let pacs: Pacs
let close: () => Promise<void>
beforeAll(async () => {
  const backing = await openTestBacking()
  const codec = openCodec({ threadUrl: await buildCodecThread(), threads: 1 })
  pacs = createPacs({ config: loadConfig({}), ...backing, codec, log: silentLog })
  await pacs.database.query('insert into organisation (organisation_id, name) values ($1, $2)', [
    ORGANISATION,
    'A clinic',
  ])
  close = async () => {
    await codec.close()
    await backing.close()
  }
})
afterAll(() => close())

interface Series {
  readonly seriesId: string
  readonly instanceIds: readonly string[]
}

/** A series that arrived a while ago, so that nothing is arriving. */
async function arrived(files: readonly DicomBuilder[]): Promise<Series> {
  const [study, series] = [newUid(), newUid()]
  const instanceIds: string[] = []
  for (const file of files) {
    const bytes = inPieces(file.uids({ study, series, instance: newUid() }).build())
    const outcome = await storeInstance(pacs, sender, { bytes, source: 'stow-rs' })
    if (outcome.kind !== 'stored') throw new Error(outcome.kind)
    instanceIds.push(outcome.instanceId)
  }
  await pacs.database.query(`delete from work_item`)
  await pacs.database.query(`update study set last_received_at = now() - interval '1 hour'`)
  const [row] = await pacs.database.query<{ series_id: string }>(
    'select series_id from series where series_instance_uid = $1',
    [series],
  )
  return { seriesId: row?.series_id ?? '', instanceIds }
}

const slice = (number: number): DicomBuilder =>
  dicom().ct({ rows: 256, columns: 256 }).set('InstanceNumber', 'IS', [number])
const withPolicy = (text: string): Pacs => ({ ...pacs, config: loadConfig({ YUNYING_RENDITIONS: text }) })
const rows = (seriesId: string) =>
  pacs.database.query<{
    instance_id: string
    object_key: string | null
    refusal: string | null
    size: number
  }>(
    'select instance_id, object_key, refusal, size from rendition where series_id = $1 order by instance_id',
    [seriesId],
  )

/** Every frame of an instance, from its rendition and from what was received. */
async function compareFrames(instanceId: string): Promise<boolean[]> {
  const [instance] = await findInstancesById(pacs.database, [instanceId])
  const rendition = await findRendition(pacs.database, instanceId)
  if (instance?.layout.pixels === undefined || rendition === undefined) throw new Error('nothing to compare')
  const pixels = { ...instance.layout.pixels, presentation: {} }
  const read = openFrames(pacs, instance)
  const same: boolean[] = []
  for (let frame = 1; frame <= pixels.numberOfFrames; frame++) {
    const range = renditionRange(rendition, frame)
    if (range === undefined) throw new Error(`frame ${frame} is missing`)
    const again = await pacs.codec.decode({
      bytes: await pacs.objects.read(rendition.objectKey, range),
      transferSyntaxUid: RPCL,
      pixels,
    })
    same.push(Buffer.compare(again.bytes, await read(frame)) === 0)
  }
  return same
}

describe('makeRenditions', () => {
  it('keeps all frames of each instance in one object, with where their resolutions end', async () => {
    const { seriesId, instanceIds } = await arrived([
      slice(1),
      dicom().ct({ rows: 300, columns: 200, frames: 3 }),
    ])
    await makeRenditions(pacs, seriesId, signal)
    expect(await compareFrames(instanceIds[0] ?? '')).toEqual([true])
    expect(await compareFrames(instanceIds[1] ?? '')).toEqual([true, true, true])
    const rendition = await findRendition(pacs.database, instanceIds[1] ?? '')
    expect(rendition?.frameEnds.map((ends) => ends.length)).toEqual([6, 6, 6])
    const size = rendition?.frameEnds.reduce((sum, ends) => sum + (ends.at(-1) ?? 0), 0)
    expect((await rows(seriesId)).map((row) => row.size)).toContain(size)
    expect(rendition && renditionRange(rendition, 4)).toBeUndefined()
  })

  it('makes what is missing and leaves what is there', async () => {
    const { seriesId } = await arrived([slice(1), slice(2)])
    await makeRenditions(pacs, seriesId, signal)
    const before = await rows(seriesId)
    await pacs.database.query('delete from rendition where instance_id = $1', [before[0]?.instance_id ?? ''])
    await makeRenditions(pacs, seriesId, signal)
    const after = await rows(seriesId)
    expect(after[0]?.object_key).not.toBe(before[0]?.object_key)
    expect(after[1]).toEqual(before[1])
  })

  it('says why there is none, and does not try again', async () => {
    const noise = new Uint8Array(200_000).fill(7)
    const { seriesId } = await arrived([
      slice(1),
      slice(2).fragments('1.2.840.10008.1.2.4.90', [noise]),
      slice(3).fragments('1.2.840.10008.1.2.4.50', [noise]),
      // Small enough to be sent as it is: not looked at.
      dicom().ct({ rows: 128, columns: 128 }),
    ])
    await makeRenditions(pacs, seriesId, signal)
    const before = await rows(seriesId)
    expect(before.map((row) => row.refusal)).toEqual([null, 'pixel-data-invalid', 'lossy'])
    const idle = { ...pacs, codec: { ...pacs.codec, encode: () => Promise.reject(new Error('again')) } }
    await makeRenditions(idle, seriesId, signal)
    expect(await rows(seriesId)).toEqual(before)
  })

  it.each(['off', 'MR', 'MR,PT', '0d', '30d/MR'])(
    'makes none that the policy %s does not want',
    async (policy) => {
      const { seriesId } = await arrived([slice(1)])
      await pacs.database.query(`update series set last_received_at = now() - interval '1 hour'`)
      await makeRenditions(withPolicy(policy), seriesId, signal)
      expect(await rows(seriesId)).toEqual([])
    },
  )

  it.each(['on', 'CT', 'MR,CT', '1d', '30d/CT'])('makes those that the policy %s wants', async (policy) => {
    const { seriesId } = await arrived([slice(1)])
    await makeRenditions(withPolicy(policy), seriesId, signal)
    expect(await rows(seriesId)).toHaveLength(1)
  })

  it('leaves an object without a row when it is killed between them, for the sweep, and makes it again', async () => {
    const { seriesId, instanceIds } = await arrived([slice(1)])
    const dying = {
      ...pacs,
      database: {
        ...pacs.database,
        query: (text: string, ...rest: never[]) =>
          text.includes('insert into rendition')
            ? Promise.reject(new Error('killed'))
            : pacs.database.query(text, ...rest),
      },
    }
    await expect(makeRenditions(dying as Pacs, seriesId, signal)).rejects.toThrow('killed')
    const orphan = await orphanOf(instanceIds[0] ?? '')
    expect(orphan).toMatch(/\/derived\/[0-9a-f-]+\/rendition\.[0-9a-f-]+\.j2c$/)
    await makeRenditions(pacs, seriesId, signal)
    const [made] = await rows(seriesId)
    await sweepOrphans(pacs, { olderThanMs: 0 })
    expect(await pacs.objects.head(orphan as ObjectKey)).toBeUndefined()
    expect(await pacs.objects.head(made?.object_key as ObjectKey)).toBeDefined()
  })

  it('keeps nothing of an instance whose frame cannot be read to its end', async () => {
    const { seriesId } = await arrived([dicom().ct({ rows: 256, columns: 256, frames: 3 })])
    let frames = 0
    const failing = {
      ...pacs,
      codec: {
        ...pacs.codec,
        encode: (source: Parameters<Pacs['codec']['encode']>[0]) =>
          ++frames === 3 ? Promise.reject(new Error('down')) : pacs.codec.encode(source),
      },
    }
    const before = await derivedObjects()
    await expect(makeRenditions(failing, seriesId, signal)).rejects.toThrow('down')
    expect(await rows(seriesId)).toEqual([])
    expect(await derivedObjects()).toEqual(before)
  })

  it('stops between frames when the worker does', async () => {
    const { seriesId } = await arrived([slice(1), slice(2), slice(3)])
    const ending = new AbortController()
    const stopping = {
      ...pacs,
      codec: {
        ...pacs.codec,
        encode: (source: Parameters<Pacs['codec']['encode']>[0]) => {
          ending.abort()
          return pacs.codec.encode(source)
        },
      },
    }
    await expect(makeRenditions(stopping, seriesId, ending.signal)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'worker-stopping',
    })
    expect((await rows(seriesId)).length).toBe(1)
    await makeRenditions(pacs, seriesId, signal)
    expect((await rows(seriesId)).length).toBe(3)
  })

  it('replaces an older one and removes its object', async () => {
    const { seriesId, instanceIds } = await arrived([slice(1)])
    await makeRenditions(pacs, seriesId, signal)
    const [before] = await rows(seriesId)
    await pacs.database.query('update rendition set refusal = null where series_id = $1', [seriesId])
    const forgetful = {
      ...pacs,
      database: {
        ...pacs.database,
        // As two workers that began before either had finished.
        query: (text: string, ...rest: never[]) =>
          pacs.database.query(text.replace('r.instance_id is null and', ''), ...rest),
      },
    }
    await makeRenditions(forgetful as Pacs, seriesId, signal)
    const [after] = await rows(seriesId)
    expect(after?.object_key).not.toBe(before?.object_key)
    expect(await pacs.objects.head(before?.object_key as ObjectKey)).toBeUndefined()
    expect(await compareFrames(instanceIds[0] ?? '')).toEqual([true])
  })
})

describe('removeUnwantedRenditions', () => {
  it('removes what the policy does not want any more, with its objects', async () => {
    const { seriesId } = await arrived([slice(1)])
    const old = await arrived([slice(1)])
    for (const id of [seriesId, old.seriesId]) await makeRenditions(pacs, id, signal)
    const [kept] = await rows(old.seriesId)
    await pacs.database.query(
      `update series set last_received_at = now() - interval '40 days' where series_id = $1`,
      [old.seriesId],
    )
    await removeUnwantedRenditions(pacs)
    expect([(await rows(seriesId)).length, (await rows(old.seriesId)).length]).toEqual([1, 1])
    await removeUnwantedRenditions(withPolicy('30d/CT'))
    expect([(await rows(seriesId)).length, (await rows(old.seriesId)).length]).toEqual([1, 0])
    expect(await pacs.objects.head(kept?.object_key as ObjectKey)).toBeUndefined()
    await removeUnwantedRenditions(withPolicy('off'))
    expect(await rows(seriesId)).toEqual([])
  })
})

describe('wishRenditions', () => {
  it('has them made again where a policy of days had removed them, and keeps them for as long again', async () => {
    const policy = withPolicy('30d/CT')
    const { seriesId } = await arrived([slice(1)])
    await makeRenditions(policy, seriesId, signal)
    await pacs.database.query(
      `update series set last_received_at = now() - interval '40 days' where series_id = $1`,
      [seriesId],
    )
    await removeUnwantedRenditions(policy)
    await makeRenditions(policy, seriesId, signal)
    expect(await rows(seriesId)).toEqual([])
    await wishRenditions(policy, seriesId)
    expect(await pacs.database.query(`select key from work_item where kind = 'make-renditions'`)).toEqual([
      { key: seriesId },
    ])
    await makeRenditions(policy, seriesId, signal)
    expect(await rows(seriesId)).toHaveLength(1)
    await removeUnwantedRenditions(policy)
    expect(await rows(seriesId)).toHaveLength(1)
    await pacs.database.query(`update series set renditions_wished_at = now() - interval '31 days'`)
    await removeUnwantedRenditions(policy)
    expect(await rows(seriesId)).toEqual([])
  })

  it.each(['off', '30d/MR', 'MR'])('does nothing for what the policy %s does not want', async (policy) => {
    const { seriesId } = await arrived([slice(1)])
    await wishRenditions(withPolicy(policy), seriesId)
    expect(await pacs.database.query('select 1 from work_item')).toEqual([])
  })
})

describe('renditions on a disk that is nearly full', () => {
  /** An object store on a volume of so many bytes, of which so many are free. */
  const onVolume = (free: () => number, allBytes = 1000): Pacs => ({
    ...pacs,
    objects: { ...pacs.objects, room: () => Promise.resolve({ freeBytes: free(), allBytes }) },
  })

  it('are not begun, and given up where the room goes meanwhile', async () => {
    const { seriesId } = await arrived([dicom().ct({ rows: 256, columns: 256, frames: 3 })])
    const before = await derivedObjects()
    let looks = 0
    // A tenth is kept free: there is room for the instance and its first frame, and then there is not.
    const filling = onVolume(() => (++looks <= 2 ? 101 : 99))
    await expect(makeRenditions(filling, seriesId, signal)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'renditions-without-room',
    })
    expect([await rows(seriesId), await derivedObjects()]).toEqual([[], before])
    const ending = new AbortController()
    const full = onVolume(() => {
      ending.abort()
      return 0
    })
    await expect(makeRenditions(full, seriesId, ending.signal)).rejects.toMatchObject({
      code: 'worker-stopping',
    })
    expect(await rows(seriesId)).toEqual([])
    expect(
      await archiveStatus(
        onVolume(() => 99),
        null,
      ),
    ).toMatchObject({ renditionsWithoutRoom: true })
    expect(
      await archiveStatus(
        onVolume(() => 101),
        null,
      ),
    ).toMatchObject({ renditionsWithoutRoom: false })
  })

  it('go before the room does that they leave to what arrives', async () => {
    const { seriesId } = await arrived([slice(1)])
    await makeRenditions(pacs, seriesId, signal)
    expect(await removeRenditionsForRoom(onVolume(() => 51))).toBe(0)
    expect(await removeRenditionsForRoom(pacs)).toBe(0)
    const [made] = await rows(seriesId)
    expect(await removeRenditionsForRoom(onVolume(() => 49))).toBeGreaterThan(0)
    expect(await rows(seriesId)).toEqual([])
    expect(await pacs.objects.head(made?.object_key as ObjectKey)).toBeUndefined()
  })
})

describe('remakeRenditions', () => {
  it('removes those of a study and asks for them again', async () => {
    const [one, other] = [await arrived([slice(1)]), await arrived([slice(1)])]
    for (const { seriesId } of [one, other]) await makeRenditions(pacs, seriesId, signal)
    const [instance] = await findInstancesById(pacs.database, one.instanceIds)
    const before = await derivedObjects()
    expect(await remakeRenditions(pacs, instance?.studyInstanceUid)).toEqual({ removed: 1, series: 1 })
    expect((await derivedObjects()).length).toBe(before.length - 1)
    expect([(await rows(one.seriesId)).length, (await rows(other.seriesId)).length]).toEqual([0, 1])
    expect(await pacs.database.query(`select key from work_item where kind = 'make-renditions'`)).toEqual([
      { key: one.seriesId },
    ])
    await makeRenditions(pacs, one.seriesId, signal)
    expect(await compareFrames(one.instanceIds[0] ?? '')).toEqual([true])
  })

  it('says that there is nothing to make where none are kept', async () => {
    await expect(remakeRenditions(withPolicy('off'), undefined)).rejects.toMatchObject({
      code: 'renditions-off',
    })
  })
})

describe('archiveStatus', () => {
  it('says what renditions cost', async () => {
    const { seriesId } = await arrived([slice(1)])
    const before = await archiveStatus(pacs, ORGANISATION)
    const listed = async () =>
      (await listOrganisations(pacs.database)).find((each) => each.organisation_id === ORGANISATION)
    const listedBefore = (await listed())?.rendition_bytes ?? NaN
    await makeRenditions(pacs, seriesId, signal)
    const after = await archiveStatus(pacs, null)
    const [made] = await rows(seriesId)
    expect(after.renditions - before.renditions).toBe(1)
    expect(after.renditionBytes - before.renditionBytes).toBe(made?.size)
    expect(((await listed())?.rendition_bytes ?? NaN) - listedBefore).toBe(made?.size)
    expect((await archiveStatus(pacs, randomUUID())).renditionBytes).toBe(0)
  })
})

it('says which policy is in force', async () => {
  const policyOf = async (text: string) => (await archiveStatus(withPolicy(text), null)).renditionPolicy
  expect(await policyOf('90d/CT,MR')).toEqual({ enabled: true, maxAgeDays: 90, modalities: ['CT', 'MR'] })
  expect(await policyOf('on')).toEqual({ enabled: true, maxAgeDays: null, modalities: null })
  expect(await policyOf('off')).toMatchObject({ enabled: false })
})

describe('hastenRenditions', () => {
  it('makes renditions due that wait for their time', async () => {
    const { seriesId } = await arrived([slice(1)])
    await requestRenditions(pacs, seriesId)
    await hastenRenditions(pacs.database)
    expect(await pacs.database.query(`select not_before <= now() as due from work_item`)).toEqual([
      { due: true },
    ])
  })
})

describe('parseRenditionPolicy', () => {
  it('reads days and modalities', () => {
    expect(parseRenditionPolicy('on')).toEqual({
      enabled: true,
      maxAgeDays: undefined,
      modalities: undefined,
    })
    expect(parseRenditionPolicy('off')?.enabled).toBe(false)
    expect(parseRenditionPolicy('90d')).toEqual({ enabled: true, maxAgeDays: 90, modalities: undefined })
    expect(parseRenditionPolicy('90d/CT,MR')).toEqual({
      enabled: true,
      maxAgeDays: 90,
      modalities: ['CT', 'MR'],
    })
  })

  it.each(['', 'yes', '90', '/CT', 'CT/90d', '90d/', 'ct', 'CT,', '90dCT'])('refuses %j', (text) => {
    expect(parseRenditionPolicy(text)).toBeUndefined()
    if (text !== '') expect(() => loadConfig({ YUNYING_RENDITIONS: text })).toThrow(/YUNYING_RENDITIONS/)
  })
})

describe('fromTheMiddle', () => {
  it('goes outwards', () => expect(fromTheMiddle([1, 2, 3, 4, 5])).toEqual([3, 2, 4, 1, 5]))
})

describe('requestRenditions', () => {
  const asked = (seriesId: string) =>
    pacs.database.query<{ later: boolean }>(
      `select not_before > now() + interval '5 seconds' as later from work_item where kind = 'make-renditions' and key = $1`,
      [seriesId],
    )

  it('is asked for when the metadata are there, and has time', async () => {
    const { seriesId } = await arrived([slice(1)])
    await HANDLERS['extract-metadata'].run(pacs, seriesId)
    expect(await asked(seriesId)).toEqual([{ later: true }])
  })

  it('asks for nothing where nothing is lacking or wanted', async () => {
    const small = await arrived([dicom().ct({ rows: 16, columns: 16 })])
    await requestRenditions(pacs, small.seriesId)
    expect(await asked(small.seriesId)).toEqual([])
    const { seriesId } = await arrived([slice(1)])
    await requestRenditions(withPolicy('off'), seriesId)
    await requestRenditions(withPolicy('US'), seriesId)
    await requestRenditions(pacs, randomUUID())
    expect(await asked(seriesId)).toEqual([])
    await makeRenditions(pacs, seriesId, signal)
    await requestRenditions(pacs, seriesId)
    expect(await asked(seriesId)).toEqual([])
  })
})

describe('quietMoments', () => {
  /** A database that answers these, one a look, and a clock on which each look is due. */
  const world = (answers: { others: boolean; arriving: boolean }[], stepMs = 1_000) => {
    let now = 0
    let looks = 0
    const database = { query: () => Promise.resolve([answers[looks++] ?? answers.at(-1)]) }
    return {
      parts: { database, clock: { now: () => (now += stepMs) } } as unknown as Pacs,
      looks: () => looks,
    }
  }
  const QUIET = { others: false, arriving: false }

  it('waits while other work waits or something arrives', async () => {
    const { parts, looks } = world([
      { others: true, arriving: false },
      { others: false, arriving: true },
      QUIET,
    ])
    await quietMoments(parts, ORGANISATION, signal)()
    expect(looks()).toBe(3)
  })

  it('waits ten minutes for other work and two for arrivals, not for ever', async () => {
    const MINUTE = 60_000
    const patient = world([{ others: true, arriving: true }], MINUTE)
    await quietMoments(patient.parts, ORGANISATION, signal)()
    expect(patient.looks()).toBe(11)
    const arriving = world([{ others: false, arriving: true }], MINUTE)
    await quietMoments(arriving.parts, ORGANISATION, signal)()
    expect(arriving.looks()).toBe(3)
  })

  it('sees other work that waits for a worker, and a study that arrives', async () => {
    await arrived([slice(1)])
    /** Looks twice at the most, then the worker stops. */
    const moment = (): Promise<string> => {
      const ending = new AbortController()
      let looks = 0
      const database = {
        ...pacs.database,
        query: (text: string, ...rest: never[]) => {
          if (++looks === 2) ending.abort()
          return pacs.database.query(text, ...rest)
        },
      }
      return quietMoments({ ...pacs, database } as Pacs, ORGANISATION, ending.signal)().then(
        () => 'quiet',
        () => 'waited',
      )
    }
    expect(await moment()).toBe('quiet')
    await pacs.database.query(
      `insert into work_item (kind, key, organisation_id, not_before) values ('render-thumbnails', $1, $2, now() - interval '1 second')`,
      [randomUUID(), ORGANISATION],
    )
    expect(await moment()).toBe('waited')
    await pacs.database.query('delete from work_item')
    await pacs.database.query('update study set last_received_at = now()')
    expect(await moment()).toBe('waited')
  })
})

async function orphanOf(instanceId: string): Promise<string | undefined> {
  for await (const { object } of findOrphans(pacs, 0)) if (object.key.includes(instanceId)) return object.key
  return undefined
}

async function derivedObjects(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of pacs.objects.list('organisations/'))
    if (key.includes('/derived/')) keys.push(key)
  return keys
}
