import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { locateDataset } from '../../core/dicom/locate-dataset.ts'
import { decodeFrame } from '../../workers/codec/decode.ts'
import { firstFrame } from '../support/first-frame.ts'
import { faultsOf, storeReferenceScans, type ReferenceArchive } from '../support/reference-archive.ts'
import { allOf, describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { CLUSTER_SERVERS } from '../support/servers.ts'
import { manifest, SHARED_DICOM, sharedDicom, type ManifestRow } from '../support/shared-dicom.ts'

const EXPLICIT = '1.2.840.10008.1.2.1'
const exact = manifest().filter((row) => row.truth_kind === 'exact')

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The first frame's checksum as the manifest takes it: single bits are a byte each. */
function checksum(row: ManifestRow, frame: Buffer): string {
  if (!row.bits.startsWith('1/')) return sha256(frame)
  const pixels = Number(row.rows) * Number(row.cols)
  return sha256(
    Uint8Array.from({ length: pixels }, (_, index) => ((frame[index >> 3] ?? 0) >> (index & 7)) & 1),
  )
}

describeWith(SHARED_DICOM, 'reference scans, embedded', () => inAndOut('embedded'))
describeWith(allOf(SHARED_DICOM, CLUSTER_SERVERS), 'reference scans, cluster', () => inAndOut('cluster'))

function inAndOut(stack: 'embedded' | 'cluster'): void {
  let app: RunningService
  let archive: ReferenceArchive

  beforeAll(async () => {
    app = await startService(stack)
    archive = await storeReferenceScans(app, exact, () => true)
  }, 300_000)
  afterAll(() => app.stop(), 60_000)

  const get = (path: string, accept: string) => app.fetch(path, { headers: { Accept: accept } })

  it('are stored, all of them', () => {
    expect(archive.refused).toEqual([])
    expect(archive.stored).toHaveLength(exact.length)
  })

  it('give their first frame as Explicit VR Little Endian, bit for bit', { timeout: 300_000 }, async () => {
    expect(
      await faultsOf(archive.stored, async ({ row, path }) => {
        const answer = await get(`${path}/frames/1`, `application/octet-stream; transfer-syntax=${EXPLICIT}`)
        const bytes = Buffer.from(await answer.arrayBuffer())
        if (answer.status !== 200) return `${answer.status} ${bytes.toString().slice(0, 200)}`
        return checksum(row, bytes) === row.truth_sha256 ? undefined : `${bytes.length} bytes that differ`
      }),
    ).toEqual([])
  })

  it('give their first frame as stored, and it decodes bit for bit', { timeout: 300_000 }, async () => {
    expect(
      await faultsOf(archive.stored, async ({ row, path }) => {
        const answer = await get(`${path}/frames/1`, 'application/octet-stream; transfer-syntax=*')
        const bytes = new Uint8Array(await answer.arrayBuffer())
        if (answer.status !== 200) return `${answer.status} ${Buffer.from(bytes).toString().slice(0, 200)}`
        const { scanned } = firstFrame(join(sharedDicom() ?? '', row.path)) ?? {}
        if (scanned?.pixels === undefined) return 'no pixels'
        const decoded = await decodeFrame({
          bytes,
          transferSyntaxUid: scanned.transferSyntaxUid,
          pixels: { ...scanned.pixels, presentation: {} },
        })
        return sha256(decoded.bytes) === row.truth_sha256 ? undefined : `${bytes.length} bytes that differ`
      }),
    ).toEqual([])
  })

  it('come back byte for byte', { timeout: 300_000 }, async () => {
    expect(
      await faultsOf(archive.stored, async ({ file, path }) => {
        const answer = await get(path, 'application/dicom')
        const served = Buffer.from(await answer.arrayBuffer())
        if (answer.status !== 200) return String(answer.status)
        if (served.subarray(0, 128).some((byte) => byte !== 0)) return 'the received preamble was served'
        if (file.toString('latin1', 128, 132) === 'DICM' && file.readUInt16LE(132) === 2)
          return served.subarray(128).equals(file.subarray(128)) ? undefined : 'other bytes'
        // It came without a head: the data set is what has to be the same.
        const [here, there] = [served, file].map((each) =>
          each.subarray(locateDataset(each, true)?.datasetOffset ?? 0),
        )
        return here !== undefined && there !== undefined && here.equals(there)
          ? undefined
          : 'another data set'
      }),
    ).toEqual([])
  })

  it('have a thumbnail each', { timeout: 300_000 }, async () => {
    expect(
      await faultsOf(archive.stored, async ({ path }) => {
        const answer = await get(`${path}/thumbnail`, 'image/webp')
        const picture = Buffer.from(await answer.arrayBuffer())
        return answer.status === 200 && picture.toString('latin1', 8, 12) === 'WEBP'
          ? undefined
          : `${answer.status} ${picture.toString().slice(0, 160)}`
      }),
    ).toEqual([])
  })
}
