import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Requirement } from './require.ts'

const root = process.env['YUNYING_SHARED'] ?? join(import.meta.dirname, '../../../shared')

/** The folder of reference scans, or undefined where there is none. */
export function sharedDicom(): string | undefined {
  const folder = join(root, 'dicom')
  return existsSync(join(folder, 'manifest.tsv')) ? folder : undefined
}

/** One file and its ground truth; every column is text, empty where nothing is known. */
export interface ManifestRow {
  readonly path: string
  readonly bytes: string
  readonly sha256: string
  readonly StudyInstanceUID: string
  readonly SeriesInstanceUID: string
  readonly SOPInstanceUID: string
  readonly SOPClassUID: string
  readonly modality: string
  readonly transfer_syntax: string
  readonly rows: string
  readonly cols: string
  readonly frames: string
  /** allocated/stored/u or s */
  readonly bits: string
  readonly photometric: string
  readonly charset: string
  readonly truth_sha256: string
  readonly truth_by: string
  /** exact, lossy, disputed or empty */
  readonly truth_kind: string
  readonly truth_photometric: string
  readonly truth_min: string
  readonly truth_max: string
  readonly truth_mean: string
}

/** The rows of the manifest; none where there are no reference scans. */
export function manifest(): ManifestRow[] {
  const folder = sharedDicom()
  if (folder === undefined) return []
  const [head = '', ...lines] = readFileSync(join(folder, 'manifest.tsv'), 'utf8').trimEnd().split('\n')
  const columns = head.split('\t')
  return lines.map((line) => {
    const values = line.split('\t')
    return Object.fromEntries(
      columns.map((column, index) => [column, values[index] ?? '']),
    ) as unknown as ManifestRow
  })
}

/** The reference scans, as a test requires them. */
export const SHARED_DICOM: Requirement = {
  name: 'the reference scans',
  remedy: 'put them in ../shared/dicom, or name their parent in YUNYING_SHARED',
  found: sharedDicom() !== undefined,
}
