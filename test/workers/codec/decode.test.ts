import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decodeFrame } from '../../../workers/codec/decode.ts'
import { firstFrame } from '../../support/first-frame.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom, type ManifestRow } from '../../support/shared-dicom.ts'

describeWith(SHARED_DICOM, 'decodeFrame', () => {
  const folder = sharedDicom() ?? ''

  async function decoded(row: ManifestRow): Promise<Uint8Array> {
    const frame = firstFrame(join(folder, row.path))
    if (frame?.scanned.pixels === undefined) throw new Error('no pixels')
    const { bytes } = await decodeFrame({
      bytes: frame.bytes,
      transferSyntaxUid: frame.scanned.transferSyntaxUid,
      pixels: { ...frame.scanned.pixels, presentation: {} },
    })
    return bytes
  }

  it('gives the exact stored values of every reference scan', { timeout: 120_000 }, async () => {
    const rows = manifest().filter((row) => row.truth_kind === 'exact')
    const wrong: string[] = []
    for (const row of rows) {
      const hash = await decoded(row).then(
        (bytes) => createHash('sha256').update(bytes).digest('hex'),
        (error: unknown) => String(error),
      )
      if (hash !== row.truth_sha256) wrong.push(`${row.path} (${row.transfer_syntax}): ${hash}`)
    }
    expect(rows.length).toBeGreaterThan(700)
    expect(wrong).toEqual([])
  })

  it('gives the values of a lossy reference scan within two levels on average', async () => {
    const wrong: string[] = []
    for (const row of manifest().filter((each) => each.truth_kind === 'lossy')) {
      const bytes = await decoded(row)
      const bits = Number(row.bits.split('/')[0])
      const buffer = bytes.slice().buffer
      const values =
        bits === 8 ? bytes : row.bits.endsWith('/s') ? new Int16Array(buffer) : new Uint16Array(buffer)
      let sum = 0
      for (const value of values) sum += value
      const mean = sum / values.length
      if (Math.abs(mean - Number(row.truth_mean)) > 2)
        wrong.push(`${row.path}: ${mean}, not ${row.truth_mean}`)
    }
    expect(wrong).toEqual([])
  })
})
