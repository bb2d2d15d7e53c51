import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { locateDataset } from '../../core/dicom/locate-dataset.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { mapConcurrently } from '../../core/archive/map-concurrently.ts'
import { describeWith } from '../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom, type ManifestRow } from '../support/shared-dicom.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

const AT_ONCE = 8
const EXPLICIT = '1.2.840.10008.1.2.1'
const exact = manifest().filter((row) => row.truth_kind === 'exact')

interface Stored {
  readonly row: ManifestRow
  readonly file: Buffer
  readonly path: string
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Files that share a SOP Instance UID get one of their own: the UID's bytes are replaced, its length kept. */
function ownIdentity(file: Buffer, uid: string, number: number): Buffer {
  const own = `2.25.${String(number).padStart(uid.length - 5, '1')}`
  return Buffer.from(file.toString('latin1').replaceAll(uid, own), 'latin1')
}

/** A file gets the identifiers that it lacks as its first elements, in Explicit VR Little Endian. */
function withIdentifiers(file: Buffer, row: ManifestRow, number: number): Buffer {
  const start = locateDataset(file, true)?.datasetOffset ?? 0
  const lacking = (
    ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'SOPClassUID'] as const
  ).filter((keyword) => row[keyword] === '')
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

/** The first frame's checksum as the manifest takes it: single bits are a byte each. */
function checksum(row: ManifestRow, frame: Buffer): string {
  if (!row.bits.startsWith('1/')) return sha256(frame)
  const pixels = Number(row.rows) * Number(row.cols)
  return sha256(
    Uint8Array.from({ length: pixels }, (_, index) => ((frame[index >> 3] ?? 0) >> (index & 7)) & 1),
  )
}

describeWith(SHARED_DICOM, 'reference scans', () => {
  let app: TestApp
  const stored: Stored[] = []
  const refused: string[] = []

  beforeAll(async () => {
    app = await startTestApp()
    const seen = new Set<string>()
    const files = await mapConcurrently(exact, AT_ONCE, async (row) =>
      readFile(join(sharedDicom() ?? '', row.path)),
    )
    const sent = exact.map((row, index) => {
      let file: Buffer = files[index] ?? Buffer.alloc(0)
      file = withIdentifiers(file, row, index)
      if (row.SOPInstanceUID !== '' && seen.has(row.SOPInstanceUID))
        file = ownIdentity(file, row.SOPInstanceUID, index)
      seen.add(row.SOPInstanceUID)
      return { row, file }
    })
    await mapConcurrently(sent, AT_ONCE, async ({ row, file }) => {
      const answer = await app.fetch('/dicom-web/studies', {
        method: 'POST',
        headers: { 'Content-Type': 'application/dicom' },
        body: new Uint8Array(file),
      })
      const body = (await answer.json()) as DicomJson
      const item = body['00081199']?.Value?.[0] as DicomJson | undefined
      const url = item?.[Tag.RetrieveURL]?.Value?.[0]
      if (typeof url === 'string') stored.push({ row, file, path: new URL(url).pathname })
      else refused.push(`${row.path}: ${JSON.stringify(body['00081198'] ?? body).slice(0, 200)}`)
    })
  }, 300_000)
  afterAll(() => app.close(), 60_000)

  /** What went wrong, file by file: one list says more than the first fault. */
  async function faults(check: (each: Stored) => Promise<string | undefined>): Promise<string[]> {
    const found = await mapConcurrently(stored, AT_ONCE, async (each) => {
      const fault = await check(each)
      return fault === undefined ? [] : [`${each.row.path}: ${fault}`]
    })
    return found.flat()
  }
  const get = (path: string, accept: string) => app.fetch(path, { headers: { Accept: accept } })

  it('are stored, all of them', () => {
    expect(refused).toEqual([])
    expect(stored).toHaveLength(exact.length)
  })

  it('give their first frame as Explicit VR Little Endian, bit for bit', { timeout: 300_000 }, async () => {
    expect(
      await faults(async ({ row, path }) => {
        const answer = await get(`${path}/frames/1`, `application/octet-stream; transfer-syntax=${EXPLICIT}`)
        const bytes = Buffer.from(await answer.arrayBuffer())
        if (answer.status !== 200) return `${answer.status} ${bytes.toString().slice(0, 200)}`
        return checksum(row, bytes) === row.truth_sha256 ? undefined : `${bytes.length} bytes that differ`
      }),
    ).toEqual([])
  })

  it('come back byte for byte', { timeout: 300_000 }, async () => {
    expect(
      await faults(async ({ file, path }) => {
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
      await faults(async ({ path }) => {
        const answer = await get(`${path}/thumbnail`, 'image/webp')
        const picture = Buffer.from(await answer.arrayBuffer())
        return answer.status === 200 && picture.toString('latin1', 8, 12) === 'WEBP'
          ? undefined
          : `${answer.status} ${picture.toString().slice(0, 160)}`
      }),
    ).toEqual([])
  })

  it('are found with what the manifest says of them', { timeout: 300_000 }, async () => {
    const text = (json: DicomJson | undefined, tag: string): string => String(json?.[tag]?.Value?.[0] ?? '')
    expect(
      await faults(async ({ row, path }) => {
        const uid = path.split('/').at(-1) ?? ''
        const answer = await get(`/dicom-web/instances?SOPInstanceUID=${uid}`, 'application/dicom+json')
        const [found, ...more] = (await answer.json()) as DicomJson[]
        if (found === undefined || more.length > 0) return `${more.length} more than one, or none`
        const said: [string, string, string][] = [
          ['SOPClassUID', text(found, Tag.SOPClassUID), row.SOPClassUID],
          ['StudyInstanceUID', text(found, Tag.StudyInstanceUID), row.StudyInstanceUID],
          ['SeriesInstanceUID', text(found, Tag.SeriesInstanceUID), row.SeriesInstanceUID],
          ['Rows', text(found, Tag.Rows), row.rows],
          ['Columns', text(found, Tag.Columns), row.cols],
          ['BitsAllocated', text(found, Tag.BitsAllocated), row.bits.split('/')[0] ?? ''],
        ]
        const wrong = said.filter(([, is, should]) => should !== '' && is !== should)
        return wrong.length === 0 ? undefined : JSON.stringify(wrong)
      }),
    ).toEqual([])
  })
})
