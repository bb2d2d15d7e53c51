import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { ArchiveStatus } from '../../core/contract/api.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { hastenRenditions } from '../../core/work/work-table.ts'
import { multipart } from './multipart.ts'
import { dicom } from './dicom-builder.ts'
import { noisyValues } from './noisy-slices.ts'
import { openJpeg } from './openjpeg.ts'
import type { RunningService } from './running-service.ts'
import type { Acknowledged } from './upload-load.ts'

const RPCL = '1.2.840.10008.1.2.4.202'

/** Stores one series of so many slices, each of which deserves a rendition. */
export async function storeSlices(
  service: RunningService,
  slices: number,
  side = 512,
): Promise<Acknowledged[]> {
  const stored: Acknowledged[] = []
  const [studyInstanceUid, seriesInstanceUid] = [newUid(), newUid()]
  // Of large ones the same noise: what it is made of matters to nobody.
  const pixels = new Uint8Array(noisyValues(side, 0).buffer)
  for (let slice = 0; slice < slices; slice++) {
    const sopInstanceUid = newUid()
    const file = dicom()
      .ct({ rows: side, columns: side })
      .pixels(pixels)
      .uids({ study: studyInstanceUid, series: seriesInstanceUid, instance: sopInstanceUid })
      .set('InstanceNumber', 'IS', [slice + 1])
      .build()
    const answer = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file]) })
    expect(answer.status, await answer.text()).toBe(200)
    stored.push({
      path: `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`,
      sha256: createHash('sha256').update(file).digest('hex'),
    })
  }
  return stored
}

/** Nobody is waiting for anything else: renditions are due. */
export const makeDue = (service: RunningService): Promise<void> =>
  service.withPacs(async (pacs) => {
    await pacs.database.query(`update study set last_received_at = now() - interval '1 hour'`)
    await hastenRenditions(pacs.database)
  })

export async function statusOf(service: RunningService): Promise<ArchiveStatus> {
  const answer = await service.fetch('/api/admin/status')
  return ArchiveStatus.parse(await answer.json())
}

/** Every instance has a rendition, whole, and its values are those that are stored. */
export async function expectRenditions(
  service: RunningService,
  stored: readonly Acknowledged[],
): Promise<void> {
  const decode = await openJpeg()
  await service.withPacs(async (pacs) => {
    const made = await pacs.database.query<{ uid: string; key: string; size: number }>(
      `select sop_instance_uid as uid, r.object_key as key, r.size from rendition r join instance using (instance_id)
       where r.object_key is not null`,
    )
    const uids = stored.map(({ path }) => path.split('/').at(-1) ?? '')
    expect(made.map(({ uid }) => uid)).toEqual(expect.arrayContaining(uids))
    for (const { key, size } of made)
      expect((await pacs.objects.head(key as Parameters<typeof pacs.objects.head>[0]))?.size).toBe(size)
  })
  for (const { path } of stored) {
    const frame = async (accept: string): Promise<Buffer> => {
      const answer = await service.fetch(`${path}/frames/1`, { headers: { Accept: accept } })
      expect(answer.status).toBe(200)
      return Buffer.from(await answer.arrayBuffer())
    }
    const made = await frame(`image/jphc; transfer-syntax=${RPCL}`)
    expect(decode(made).equals(await frame('application/octet-stream'))).toBe(true)
  }
}
