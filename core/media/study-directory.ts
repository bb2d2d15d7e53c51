import { firstString, strings, type DicomJson } from '../dicom/dicom-json.ts'
import type { DirectoryRecord } from '../dicom/media/directory-record.ts'
import { keyElement } from '../dicom/media/record-keys.ts'
import { writeDicomdir } from '../dicom/media/write-dicomdir.ts'
import { Tag } from '../dicom/tag.ts'
import { newUid } from '../dicom/uid.ts'

/** A series of a file-set. */
export interface SeriesOfFiles {
  readonly attributes: DicomJson
  readonly records: DirectoryRecord[]
}

export interface DirectoryOfStudy {
  /** What is known of patient and study. */
  readonly study: DicomJson
  /** The attributes of its first instance, which tell what is missing and the character set. */
  readonly first: DicomJson
  readonly series: readonly SeriesOfFiles[]
  /** Said of a study of which nothing tells when it was; otherwise that is left empty. */
  readonly noDate?: { readonly date: string; readonly time: string }
}

/** The DICOMDIR of one study (PS3.3 F). */
export function studyDicomdir({ study, first, series, noDate }: DirectoryOfStudy): Uint8Array {
  const seriesRecords = series.map(({ attributes, records }, index): DirectoryRecord => ({
    type: 'SERIES',
    keys: seriesKeys(attributes, index + 1),
    lower: records,
  }))
  const terms = strings(first, Tag.SpecificCharacterSet)
  return writeDicomdir({
    fileSetUid: newUid(),
    characterSet: terms.length === 1 ? terms[0] : undefined,
    records: [
      {
        type: 'PATIENT',
        keys: patientKeys(study),
        lower: [{ type: 'STUDY', keys: studyKeys(study, first, noDate), lower: seriesRecords }],
      },
    ],
  })
}

/** Components of eight characters, counted from 0: DICOM/PA000000/ST000000/SE000001/IM000002. */
export function fileIdOf(seriesIndex: number, instanceIndex: number): string[] {
  const counted = (prefix: string, index: number): string => prefix + String(index).padStart(6, '0')
  return [
    'DICOM',
    counted('PA', 0),
    counted('ST', 0),
    counted('SE', seriesIndex),
    counted('IM', instanceIndex),
  ]
}

function keys(from: DicomJson, tags: readonly string[]): DicomJson {
  return Object.fromEntries(tags.map((tag) => [tag, keyElement(from, tag)]))
}

/**
 * PS3.3 F.5.1. A patient without an ID has the study's UID for one: a name that stands for no patient anywhere, so that two
 * of them are never taken for one.
 */
function patientKeys(study: DicomJson): DicomJson {
  const known = keys(study, [Tag.PatientName, Tag.PatientID])
  return known[Tag.PatientID]?.Value === undefined
    ? {
        ...known,
        [Tag.PatientID]: { vr: 'LO', Value: [firstString(study, Tag.StudyInstanceUID) ?? ''] },
      }
    : known
}

/** When a study began, or what is nearest to that and said by its first instance. */
const MOMENTS = [
  [Tag.StudyDate, Tag.StudyTime],
  [Tag.SeriesDate, Tag.SeriesTime],
  [Tag.AcquisitionDate, Tag.AcquisitionTime],
  [Tag.ContentDate, Tag.ContentTime],
] as const

/** PS3.3 F.5.2. A date that nothing tells is left empty. */
function studyKeys(study: DicomJson, first: DicomJson, noDate: DirectoryOfStudy['noDate']): DicomJson {
  const known = keys(study, [Tag.AccessionNumber, Tag.StudyDescription, Tag.StudyInstanceUID, Tag.StudyID])
  const told = { ...first, ...study }
  const moments = MOMENTS.map(([date, time]) => [keyElement(told, date), keyElement(told, time)] as const)
  const date = moments.find(([each]) => each.Value !== undefined)?.[0]
  const [, time] = moments.find(([day, each]) => day.Value?.[0] === date?.Value?.[0] && each.Value) ?? []
  return {
    ...known,
    [Tag.StudyDate]: date ?? said('DA', noDate?.date),
    [Tag.StudyTime]: time ?? said('TM', noDate?.time),
    ...(known[Tag.StudyID]?.Value === undefined && { [Tag.StudyID]: { vr: 'SH', Value: ['1'] } }),
  }
}

const said = (vr: string, value: string | undefined): DicomJson[string] =>
  value === undefined ? { vr } : { vr, Value: [value] }

/** PS3.3 F.5.3. */
function seriesKeys(series: DicomJson, place: number): DicomJson {
  const known = keys(series, [Tag.Modality, Tag.SeriesInstanceUID, Tag.SeriesNumber])
  return {
    ...known,
    ...(known[Tag.Modality]?.Value === undefined && {
      [Tag.Modality]: { vr: 'CS', Value: ['OT'] },
    }),
    ...(known[Tag.SeriesNumber]?.Value === undefined && {
      [Tag.SeriesNumber]: { vr: 'IS', Value: [place] },
    }),
  }
}
