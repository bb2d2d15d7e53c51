import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isAlsoOf } from '../../core/dicom/htj2k.ts'
import { renditionRefusal } from '../../core/dicom/rendition-refusal.ts'
import { hastenRenditions, workCounts } from '../../core/work/work-table.ts'
import { answerParts } from '../support/multipart-answer.ts'
import { openJpeg } from '../support/openjpeg.ts'
import {
  faultsOf,
  storeReferenceScans,
  type ReferenceArchive,
  type StoredScan,
} from '../support/reference-archive.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'
import { scannedFile } from '../support/scanned-file.ts'
import { manifest, SHARED_DICOM } from '../support/shared-dicom.ts'

const LOSSLESS = '1.2.840.10008.1.2.4.201'
const RPCL = '1.2.840.10008.1.2.4.202'
const EITHER_WAY = '1.2.840.10008.1.2.4.203'
const EXPLICIT = '1.2.840.10008.1.2.1'

const rows = manifest().filter((row) => row.truth_sha256 !== '' && row.truth_kind !== 'disputed')

/** Scans with a truth of which there is no lossless HTJ2K, and why (core/dicom/rendition-refusal.ts). */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'colour-space': [
    'pixels/colour/SC_ybr_full_422_uncompressed.dcm',
    'pixels/colour/us-ybr_full_422-uncompressed.dcm',
  ],
  'deep-colour': ['pixels/colour/SC_rgb_16bit.dcm', 'pixels/colour/SC_rgb_rle_16bit_2frame.dcm'],
  lossy: [
    'pixels/colour/SC_rgb_jls_lossy_line.dcm',
    'pixels/colour/SC_rgb_jls_lossy_sample.dcm',
    'pixels/colour/SC_rgb_small_odd_jpeg.dcm',
    'pixels/colour/TestPattern_JPEG-Baseline_YBR422.dcm',
    'pixels/colour/TestPattern_JPEG-Baseline_YBRFull.dcm',
    'pixels/colour/TestPattern_JPEG-LS-NearLossless.dcm',
    'pixels/colour/us-ybr_ict-j2k.dcm',
    'series/us-cine/us-ybr-8f-jpeg.dcm',
    'series/us-cine/us-ybr422-34f-jpeg.dcm',
    'series/xa-cine/xa-96f-jpeg.dcm',
    'series/xc/xc-jpeg-with-icon.dcm',
    'syntaxes/ct-same-image/1.2.840.10008.1.2.4.50_JPEGProcess1.dcm',
    'syntaxes/ct-same-image/1.2.840.10008.1.2.4.51_JPEGProcess2_4.dcm',
    'syntaxes/ct-same-image/1.2.840.10008.1.2.4.53_JPEGProcess6_8.dcm',
    'syntaxes/ct-same-image/1.2.840.10008.1.2.4.55_JPEGProcess10_12.dcm',
    'syntaxes/ct-same-image/1.2.840.10008.1.2.4.81_JPEGLSLossy.dcm',
    'syntaxes/ct-same-image/1.2.840.10008.1.2.4.91_JPEG2000.dcm',
    'syntaxes/encapsulation/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm',
    'syntaxes/encapsulation/CT0012.fragmented_no_bot_jpeg_ls.81.dcm',
    'syntaxes/encapsulation/emr-19f-j2k-multifragment.dcm',
    'syntaxes/htj2k/203_htj2k_rgb.dcm',
    'syntaxes/other/111_jpegxl_recompressed_us_27f.dcm',
    'syntaxes/wg04/CT1_J2KI.dcm',
    'syntaxes/wg04/CT1_JLSN.dcm',
    'syntaxes/wg04/MR4_J2KI.dcm',
    'syntaxes/wg04/MR4_JLSN.dcm',
    'syntaxes/wg04/MR4_JPLY.dcm',
    'syntaxes/wg04/NM1_J2KI.dcm',
    'syntaxes/wg04/NM1_JLSN.dcm',
    'syntaxes/wg04/NM1_JPLY.dcm',
  ],
  'not-integer': [
    'objects/parametric-map/parametric_map_double_float.dcm',
    'pixels/bits/parametric_map_float.dcm',
  ],
  'one-bit': [
    'objects/seg/liver-3-slices-binary.dcm',
    'objects/seg/partial_overlaps.dcm',
    'objects/seg/qin-0003-seg.dcm',
    'objects/seg/seg_image_ct_binary_overlap.dcm',
    'pixels/bits/liver_1bit_be.dcm',
    'series/pt-headneck-299/seg/tumor_User1_Manual_Trial1.dcm',
    'syntaxes/other/8.1_deflated_image_frame_seg.dcm',
  ],
  'too-deep': ['objects/rt/rtdose.dcm', 'pixels/bits/rtdose_rle.dcm', 'pixels/colour/SC_rgb_32bit.dcm'],
}

/** Others are so small that they go over a slow link as they are. */
const LEAST_KEPT = 190

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describeWith(SHARED_DICOM, 'reference scans in HTJ2K', () => {
  let app: RunningService
  let archive: ReferenceArchive
  let decode: (codestream: Uint8Array) => Buffer
  const refused = new Map<string, string>()

  beforeAll(async () => {
    decode = await openJpeg()
    app = await startService('embedded', 'on')
    archive = await storeReferenceScans(app, rows, () => true)
    for (const { row, file } of archive.stored) {
      const { transferSyntaxUid, pixels } = scannedFile(file).scanned
      const refusal = renditionRefusal(transferSyntaxUid, pixels)
      if (refusal !== undefined) refused.set(row.path, refusal)
    }
  }, 600_000)
  afterAll(() => app.stop(), 60_000)

  const get = (path: string, accept: string) => app.fetch(path, { headers: { Accept: accept } })
  const ofKept = () => archive.stored.filter(({ row }) => !refused.has(row.path))
  async function bytesOf(path: string, accept: string): Promise<Buffer | string> {
    const answer = await get(path, accept)
    const bytes = Buffer.from(await answer.arrayBuffer())
    return answer.status === 200 ? bytes : `${answer.status} ${bytes.toString().slice(0, 200)}`
  }
  const countOf = ({ row }: StoredScan): number => Number(row.frames === '' ? '1' : row.frames)

  it('are stored, all of them', () => {
    expect(archive.refused).toEqual([])
    expect(archive.stored).toHaveLength(rows.length)
  })

  it('are refused for known reasons alone', () => {
    const byReason: Record<string, string[]> = {}
    for (const [path, reason] of [...refused].sort()) (byReason[reason] ??= []).push(path)
    expect(byReason).toEqual(REFUSED)
  })

  it('have renditions, where their frames are not small', { timeout: 300_000 }, async () => {
    await app.withPacs(async (pacs) => {
      const pending = async () => {
        await hastenRenditions(pacs.database)
        const counts = await workCounts(pacs.database)
        return counts.pending + counts.running
      }
      await expect.poll(pending, { timeout: 280_000, interval: 500 }).toBe(0)
      const made = await pacs.database.query<{ uid: string; refusal: string | null }>(
        `select i.sop_instance_uid as uid, r.refusal from rendition r join instance i using (instance_id)`,
      )
      const byUid = new Map(archive.stored.map((scan) => [scan.path.split('/').at(-1), scan.row.path]))
      const kept = made.filter(({ refusal }) => refusal === null)
      const others = made.filter(({ refusal }) => refusal !== null)
      expect(kept.length).toBeGreaterThan(LEAST_KEPT)
      for (const { uid, refusal } of others)
        expect([uid, refused.get(byUid.get(uid) ?? '') ?? 'htj2k']).toEqual([uid, refusal])
    })
  })

  it('give their first frame bit for bit', { timeout: 600_000 }, async () => {
    expect(
      await faultsOf(ofKept(), async ({ row, path }) => {
        const bytes = await bytesOf(`${path}/frames/1`, `image/jphc; transfer-syntax=${RPCL}`)
        if (typeof bytes === 'string') return bytes
        return sha256(decode(bytes)) === row.truth_sha256 ? undefined : 'other values'
      }),
    ).toEqual([])
  })

  it('give every frame of many as it is stored', { timeout: 600_000 }, async () => {
    const many = ofKept().filter((scan) => countOf(scan) > 1)
    expect(many.length).toBeGreaterThan(10)
    expect(
      await faultsOf(many, async (scan) => {
        const numbers = Array.from({ length: countOf(scan) }, (_, index) => index + 1).join(',')
        const where = `${scan.path}/frames/${numbers}`
        const parts = async (type: string, syntax: string) =>
          answerParts(await get(where, `multipart/related; type="${type}"; transfer-syntax=${syntax}`))
        const made = await parts('image/jphc', RPCL)
        const plain = await parts('application/octet-stream', EXPLICIT)
        if (made.length !== countOf(scan) || plain.length !== made.length) return `${made.length} frames`
        const wrong = made.findIndex(
          (part, index) => !decode(part.body).equals(plain[index]?.body ?? part.body),
        )
        return wrong === -1 ? undefined : `frame ${wrong + 1} has other values`
      }),
    ).toEqual([])
  })

  it.each([LOSSLESS, RPCL])(
    'are files of %s that hold it bit for bit',
    { timeout: 600_000 },
    async (syntax) => {
      expect(
        await faultsOf(ofKept(), async (scan) => {
          const file = await bytesOf(scan.path, `application/dicom; transfer-syntax=${syntax}`)
          if (typeof file === 'string') return file
          const { scanned, frame } = scannedFile(file)
          if (scanned.transferSyntaxUid !== syntax) return `says ${scanned.transferSyntaxUid}`
          if (scanned.frames.kind !== 'encapsulated' || scanned.frames.frames.length !== countOf(scan))
            return 'not as many frames'
          if (sha256(decode(frame(1))) !== scan.row.truth_sha256) return 'other values'
          const before = scannedFile(scan.file).scanned.pixels
          const colours = scanned.pixels?.photometricInterpretation
          const isAsStored =
            isAlsoOf(scan.row.transfer_syntax, syntax, before) || scan.row.transfer_syntax === syntax
          const expected =
            scan.row.truth_photometric === 'RGB' && !isAsStored
              ? 'YBR_RCT'
              : before?.photometricInterpretation
          return colours === expected ? undefined : `${before?.photometricInterpretation} became ${colours}`
        }),
      ).toEqual([])
    },
  )

  it('never claim to be HTJ2K where that would lose, or hide a loss', { timeout: 300_000 }, async () => {
    const others = archive.stored.filter(({ row }) => refused.has(row.path))
    const claims = [LOSSLESS, RPCL, EITHER_WAY]
    expect(
      await faultsOf(others, async ({ row, path }) => {
        for (const syntax of claims.filter((claim) => claim !== row.transfer_syntax)) {
          const frame = await get(`${path}/frames/1`, `image/jphc; transfer-syntax=${syntax}`)
          const file = await get(path, `application/dicom; transfer-syntax=${syntax}`)
          if (frame.status !== 406 || file.status !== 406)
            return `${frame.status} and ${file.status} for ${syntax}`
        }
        return undefined
      }),
    ).toEqual([])
  })
})
