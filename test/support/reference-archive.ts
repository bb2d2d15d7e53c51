import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mapConcurrently } from '../../core/archive/map-concurrently.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { locateDataset } from '../../core/dicom/locate-dataset.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { sharedDicom, type ManifestRow } from './shared-dicom.ts'

/** Requests in flight at a time. */
export const AT_ONCE = 8

/** A reference scan that the archive took. */
export interface StoredScan {
  readonly row: ManifestRow
  /** As it was sent. */
  readonly file: Buffer
  /** `/dicom-web/studies/…/series/…/instances/…`, as the answer to its storing names it. */
  readonly path: string
}

/** A service that is asked with a token that may store and read. */
export interface Served {
  fetch(path: string, init?: RequestInit): Promise<Response>
}

export interface ReferenceArchive {
  readonly stored: readonly StoredScan[]
  readonly refused: readonly { readonly row: ManifestRow; readonly why: string }[]
}

/**
 * Sends reference scans by STOW-RS, each in a request of its own. Files that share a SOP Instance UID get one of their
 * own, all but the first, so that none is a conflict; those that `identify` names get the identifiers that they lack.
 */
export async function storeReferenceScans(
  app: Served,
  rows: readonly ManifestRow[],
  identify: (row: ManifestRow) => boolean,
): Promise<ReferenceArchive> {
  const seen = new Set<string>()
  const sent = rows.map((row, index) => {
    const again = row.SOPInstanceUID !== '' && seen.has(row.SOPInstanceUID)
    seen.add(row.SOPInstanceUID)
    return { row, index, again }
  })
  const stored: StoredScan[] = []
  const refused: { row: ManifestRow; why: string }[] = []
  await mapConcurrently(sent, AT_ONCE, async ({ row, index, again }) => {
    let file: Buffer = await readFile(join(sharedDicom() ?? '', row.path))
    if (identify(row)) file = withIdentifiers(file, row, index)
    if (again) file = ownIdentity(file, row.SOPInstanceUID, index)
    const answer = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(file),
    })
    const body = (await answer.json()) as DicomJson
    const item = body['00081199']?.Value?.[0] as DicomJson | undefined
    const url = item?.[Tag.RetrieveURL]?.Value?.[0]
    if (typeof url === 'string') stored.push({ row, file, path: new URL(url).pathname })
    else refused.push({ row, why: JSON.stringify(body['00081198'] ?? body).slice(0, 200) })
  })
  return { stored, refused }
}

/** What went wrong, file by file: one list says more than the first fault. */
export async function faultsOf(
  stored: readonly StoredScan[],
  check: (each: StoredScan) => Promise<string | undefined>,
): Promise<string[]> {
  const found = await mapConcurrently(stored, AT_ONCE, async (each) => {
    const fault = await check(each)
    return fault === undefined ? [] : [`${each.row.path}: ${fault}`]
  })
  return found.flat()
}

/** The UID's bytes are replaced, its length kept; longer UIDs that begin with it stay. */
function ownIdentity(file: Buffer, uid: string, number: number): Buffer {
  const own = `2.25.${String(number).padStart(uid.length - 5, '1')}`
  const whole = new RegExp(`${uid.replaceAll('.', '\\.')}(?![\\d.])`, 'g')
  return Buffer.from(file.toString('latin1').replace(whole, own), 'latin1')
}

/** A file gets the identifiers that it lacks as its first elements, in Explicit VR Little Endian. */
function withIdentifiers(file: Buffer, row: ManifestRow, number: number): Buffer {
  const lacking = (
    ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'SOPClassUID'] as const
  ).filter((keyword) => row[keyword] === '')
  if (lacking.length === 0) return file
  const start = locateDataset(file, true)?.datasetOffset ?? 0
  const added = lacking.map((keyword) => {
    const tag = Tag[keyword]
    const element = Buffer.alloc(20)
    element.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0)
    element.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2)
    element.write('UI', 4)
    element.writeUInt16LE(12, 6)
    element.write(`2.25.9${String(number).padStart(6, '0')}`, 8)
    return element
  })
  return Buffer.concat([file.subarray(0, start), ...added, file.subarray(start)])
}
