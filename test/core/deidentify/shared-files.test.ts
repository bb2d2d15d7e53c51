import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DeidentificationRefused } from '../../../core/deidentify/refused.ts'
import { DicomFault } from '../../../core/dicom/dicom-fault.ts'
import type { FrameIndex } from '../../../core/dicom/frame-index.ts'
import { inflateDataset } from '../../../core/dicom/inflating.ts'
import type { ScannedInstance } from '../../../core/dicom/instance-scanner.ts'
import { deidentifyFile, scan } from '../../support/deidentify-file.ts'
import { identityOf, marksIn } from '../../support/identity-of.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'

describeWith(SHARED_DICOM, 'deidentifyInstance on every reference scan', () => {
  const rows = manifest()
  const folder = sharedDicom() ?? ''

  it('leaves nothing of name, ID, birth date, accession number, UIDs or hospital, and every frame as it was', async () => {
    const faults: string[] = []
    const outcomes = { cleaned: 0, refused: 0, unreadable: 0 }
    for (const row of rows) {
      const file = readFileSync(join(folder, row.path))
      const scanned = scanned1(file)
      if (scanned === undefined) continue
      let out: Buffer
      try {
        out = await deidentifyFile(file)
      } catch (error) {
        if (error instanceof DeidentificationRefused) outcomes.refused++
        else if (error instanceof DicomFault) {
          outcomes.unreadable++
          if (!row.path.startsWith('hostile/')) faults.push(`${row.path}: ${error.message}`)
        } else throw error
        continue
      }
      outcomes.cleaned++
      const plain = inflatedBytes(out)
      for (const mark of marksIn(plain, identityOf(file))) faults.push(`${row.path}: ${mark}`)
      const after = scan(out)
      if (after.identity.sopInstanceUid === scanned.identity.sopInstanceUid)
        faults.push(`${row.path}: UID stays`)
      if (after.transferSyntaxUid !== scanned.transferSyntaxUid)
        faults.push(`${row.path}: another transfer syntax`)
      if (digest(plain, after) !== digest(inflatedBytes(file), scanned))
        faults.push(`${row.path}: other pixels`)
    }
    expect(faults).toEqual([])
    expect(outcomes.cleaned).toBeGreaterThan(800)
  }, 300_000)
})

function scanned1(file: Uint8Array): ScannedInstance | undefined {
  try {
    return scan(file)
  } catch (error) {
    if (error instanceof DicomFault) return undefined
    throw error
  }
}

/** Of a deflated data set the inflated one, else the file. */
function inflatedBytes(file: Buffer): Buffer {
  const { frames, transferSyntaxUid, datasetOffset } = scan(file)
  return frames.kind === 'deflated' || transferSyntaxUid.endsWith('.1.99')
    ? Buffer.from(inflateDataset(file.subarray(datasetOffset)))
    : file
}

/** Of the bytes of every frame, in order. */
function digest(bytes: Buffer, { frames }: ScannedInstance): string {
  const hash = createHash('sha256')
  const index: FrameIndex = frames.kind === 'deflated' ? frames.inner : frames
  if (index.kind === 'native')
    hash.update(bytes.subarray(index.offset, index.offset + index.length * index.count))
  if (index.kind === 'encapsulated')
    for (const [offset, length] of index.frames.flat()) hash.update(bytes.subarray(offset, offset + length))
  return hash.digest('hex')
}
