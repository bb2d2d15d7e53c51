import type { Principal } from '../../access/principal.ts'
import type { ReadableStudy } from '../../access/require-study.ts'
import { instanceMetadata } from '../../archive/instance-metadata.ts'
import type { InstanceRecord } from '../../archive/instance-record.ts'
import { storeInstance } from '../../archive/store-instance.ts'
import { chunksOf } from '../../chunks-of.ts'
import type { DicomJson } from '../../dicom/dicom-json.ts'
import { openPart10Writer } from '../../dicom/write-part10.ts'
import { invalid, YunyingError } from '../../errors.ts'
import type { Pacs } from '../../pacs.ts'

type Parts = Pick<Pacs, 'database' | 'objects' | 'ingest' | 'log'>

/** Every attribute of one of the images: patient and study are copied from it. Errors: 'invalid' code 'image-unknown' for none. */
export async function metadataOf(pacs: Parts, record: InstanceRecord | undefined): Promise<DicomJson> {
  if (record === undefined) throw invalid('image-unknown', 'No image was given.')
  return instanceMetadata(pacs, record)
}

/** Who made it, as a document names them. */
export async function observerName(pacs: Parts, principal: Principal): Promise<string> {
  if (principal.kind !== 'user') return principal.reason
  const [person] = await pacs.database.query<{ email: string; display_name: string }>(
    'select email, display_name from app_user where user_id = $1',
    [principal.userId],
  )
  return person === undefined ? '' : person.display_name.trim() || person.email
}

/** For a series of its own in the study. */
export async function nextSeriesNumber(pacs: Parts, study: ReadableStudy): Promise<number> {
  const [row] = await pacs.database.query<{ next: number }>(
    // Numbers near the end of the field's range are no count.
    `select coalesce(max(series_number), 0) + 1 as next from series
     where study_id = $1 and series_number between 0 and 999999`,
    [study.studyId],
  )
  return row?.next ?? 1
}

/**
 * Stores what was made here as any instance: durable once it resolves. Errors: 'forbidden' code 'not-allowed' for those who
 * may not add to the study.
 */
export async function storeMade(
  pacs: Parts,
  principal: Principal,
  study: ReadableStudy,
  dataset: DicomJson,
  pixels?: Uint8Array,
): Promise<void> {
  const chunks = openPart10Writer('ISO_IR 192')({ dataset, ...(pixels === undefined ? {} : { pixels }) })
  const answer = await storeInstance(pacs, principal, {
    bytes: chunksOf(...chunks),
    source: 'report',
    requiredStudyInstanceUid: study.studyInstanceUid,
    size: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
  })
  if (answer.kind === 'stored') return
  if (answer.kind === 'rejected' && answer.reason === 'not-allowed') {
    throw new YunyingError('forbidden', 'not-allowed', answer.message)
  }
  throw new Error(
    `an instance made here was not stored: ${answer.kind === 'rejected' ? answer.reason : answer.kind}`,
  )
}
