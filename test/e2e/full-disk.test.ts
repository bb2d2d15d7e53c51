import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newUid } from '../../core/dicom/uid.ts'
import { multipart } from '../support/multipart.ts'
import { noisySlices } from '../support/noisy-slices.ts'
import { expectRenditions, makeDue, statusOf, storeSlices } from '../support/rendition-load.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { SMALL_DISK, smallDisk, type SmallDisk } from '../support/small-disk.ts'
import { expectNothingLost, expectServed, type Acknowledged } from '../support/upload-load.ts'

/** Megabytes of the object store's disk; a tenth of it is kept free of renditions. */
const DISK = 400
/** Eight megabytes each: with all their renditions they do not fit the disk. */
const [SLICES, SIDE] = [34, 2048]
const LARGER_DISK = 1200

describeWith(SMALL_DISK, 'a disk that is full while renditions are made', () => {
  let disk: SmallDisk
  let service: RunningService
  const stored: Acknowledged[] = []
  beforeAll(async () => {
    disk = smallDisk(DISK)
    service = await startService('embedded', 'on', {
      YUNYING_OBJECTS_URL: `file:${join(disk.folder, 'objects')}`,
    })
  }, 120_000)
  afterAll(async () => {
    await service.stop()
    disk.remove()
  }, 60_000)

  /** There is no room for one more, and the last that was begun has ended: none was made for a while. */
  async function atRest(): Promise<number> {
    for (let before = -1; ;) {
      const { renditions, renditionsWithoutRoom } = await statusOf(service)
      if (renditions === before && renditionsWithoutRoom) return renditions
      before = renditions
      await sleep(2_000)
    }
  }

  it('has no more renditions than leave room for what arrives', { timeout: 180_000 }, async () => {
    stored.push(...(await storeSlices(service, SLICES, SIDE)))
    await makeDue(service)
    await expect
      .poll(async () => (await statusOf(service)).renditions, { timeout: 60_000 })
      .toBeGreaterThan(0)
    expect(await atRest()).toBeLessThan(SLICES)
    // The last one that was begun may have taken of the reserve, and not what is left.
    expect(disk.free()).toBeGreaterThan((DISK * 2 ** 20) / 20)
    stored.push(...(await storeSlices(service, 3)))
    await makeDue(service)
    for (const one of stored) await expectServed(service, one)
  })

  it('is read from to the last byte, and says that it takes no more', { timeout: 120_000 }, async () => {
    const before = (await statusOf(service)).renditions
    disk.fill()
    const [file = Buffer.alloc(0)] = noisySlices({ study: newUid(), slices: 1, side: 512 })
    const refused = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file]) })
    expect([refused.status, refused.headers.has('Retry-After')]).toEqual([503, true])
    for (const one of stored) await expectServed(service, one)
    await sleep(6_000)
    expect((await statusOf(service)).renditions).toBe(before)
    disk.empty()
  })

  it('has all of them when there is room again', { timeout: 240_000 }, async () => {
    disk.resize(LARGER_DISK)
    await makeDue(service)
    await expect
      .poll(async () => (await statusOf(service)).renditions, { timeout: 120_000, interval: 500 })
      .toBe(stored.length)
    await expectNothingLost(service, stored)
    await expectRenditions(service, stored)
  })
})
