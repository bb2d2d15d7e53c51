import type { DicomJson, DicomJsonValue } from '../dicom/dicom-json.ts'
import { vrOfTag } from '../dicom/dictionary.ts'
import { Tag } from '../dicom/tag.ts'
import type { SearchLevel, SearchQuery } from './search-query.ts'

/** Always answered: PS3.18 tables 10.6.3-3, 10.6.3-4 and 10.6.3-5. */
const REQUIRED: Readonly<Record<SearchLevel, readonly string[]>> = {
  study: [
    Tag.StudyDate,
    Tag.StudyTime,
    Tag.AccessionNumber,
    Tag.ReferringPhysicianName,
    Tag.StudyDescription,
    Tag.PatientName,
    Tag.PatientID,
    Tag.PatientBirthDate,
    Tag.PatientSex,
    Tag.StudyInstanceUID,
    Tag.StudyID,
  ],
  series: [
    Tag.Modality,
    Tag.SeriesDescription,
    Tag.SeriesInstanceUID,
    Tag.SeriesNumber,
    Tag.PerformedProcedureStepStartDate,
    Tag.PerformedProcedureStepStartTime,
    Tag.RequestAttributesSequence,
  ],
  instance: [
    Tag.SOPClassUID,
    Tag.SOPInstanceUID,
    Tag.InstanceNumber,
    Tag.Rows,
    Tag.Columns,
    Tag.BitsAllocated,
    Tag.NumberOfFrames,
  ],
}
/** Answered when there is a value, and never as an empty element. */
const WHEN_PRESENT: ReadonlySet<string> = new Set([
  Tag.RequestAttributesSequence,
  Tag.PerformedProcedureStepStartDate,
  Tag.PerformedProcedureStepStartTime,
  Tag.Rows,
  Tag.Columns,
  Tag.BitsAllocated,
  Tag.NumberOfFrames,
  Tag.StudyDescription,
  Tag.SeriesDescription,
])

/** One element of a computed answer; empty values are left out. */
export const computed = (tag: string, vr: string, ...values: DicomJsonValue[]): DicomJson => ({
  [tag]: values.length === 0 ? { vr } : { vr, Value: values },
})

/**
 * Of what the archive keeps at a level, that which the query is answered with: the required attributes, those it matched
 * on or asked for, or all.
 */
export function answerOf(
  level: SearchLevel,
  kept: DicomJson,
  query: Pick<SearchQuery, 'include' | 'includeAll' | 'matches'>,
): DicomJson {
  const answer: DicomJson = query.includeAll ? { ...kept } : {}
  const asked = [...query.include, ...query.matches.map((match) => match.path.split('.')[0] ?? '')]
  for (const tag of [...REQUIRED[level], Tag.TimezoneOffsetFromUTC, ...asked]) {
    const element = kept[tag]
    if (element !== undefined) answer[tag] = element
    else if (REQUIRED[level].includes(tag) && !WHEN_PRESENT.has(tag))
      answer[tag] = { vr: vrOfTag(tag) ?? 'UN' }
  }
  return answer
}

/** Keys in ascending order, as PS3.18 F.2.2 wants them. */
export const inOrder = (json: DicomJson): DicomJson =>
  Object.fromEntries(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)))
