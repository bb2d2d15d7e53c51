import { items, numbers, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../core/dicom/parse-dataset.ts'

const RECORDS = '00041220'

/** A record of a DICOMDIR and those below it, found by the offsets alone. */
export interface ReadRecord {
  readonly record: DicomJson
  readonly lower: readonly ReadRecord[]
}

/** What a DICOMDIR holds, as a reader finds it that follows its offsets. Throws where one leads to no record. */
export function readDicomdir(file: Uint8Array): { readonly head: DicomJson; readonly root: ReadRecord[] } {
  const head = datasetToJson(file, { bulkDataUri: (path) => path })
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  const sequence = bytes.lastIndexOf(Buffer.from([0x04, 0x00, 0x20, 0x12, 0x53, 0x51]))
  const at = new Map<number, DicomJson>()
  let offset = sequence + 12
  for (const record of items(head, RECORDS)) {
    at.set(offset, record)
    offset += 8 + bytes.readUInt32LE(offset + 4)
  }
  if (offset !== bytes.length) throw new Error(`The records end at ${offset}, the file at ${bytes.length}.`)

  function entityAt(first: number): ReadRecord[] {
    const entity: ReadRecord[] = []
    for (let next = first; next !== 0;) {
      const record = at.get(next)
      if (record === undefined) throw new Error(`There is no record at ${next}.`)
      entity.push({ record, lower: entityAt(numbers(record, '00041420')[0] ?? 0) })
      next = numbers(record, '00041400')[0] ?? 0
    }
    return entity
  }
  const root = entityAt(numbers(head, '00041200')[0] ?? 0)
  const last = at.get(numbers(head, '00041202')[0] ?? 0)
  if (last !== root.at(-1)?.record) throw new Error('The last record of the root is another.')
  return { head, root }
}
