import type { DicomJson, DicomJsonPersonName } from '../../dicom/dicom-json.ts'
import { firstString, items } from '../../dicom/dicom-json.ts'
import { Tag } from '../../dicom/tag.ts'
import { invalid } from '../../errors.ts'
import { VERSION } from '../../version.ts'
import type { Code } from '../shapes.ts'
import { Concept } from './codes.ts'
import { codeContent, container, one, personItem, sequence } from './content-item.ts'
import { measurementGroup, type ReportImage, type ReportMark } from './measurement-group.ts'
import type { ReportLanguage } from './identifier.ts'

export const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33'

export interface ReportInput {
  /** At least one. */
  readonly marks: readonly ReportMark[]
  /** What the marks are drawn on, by SOP Instance UID: all of one study. */
  readonly images: ReadonlyMap<string, ReportImage>
  /** An instance of the study: patient and study are copied from it. */
  readonly instance: DicomJson
  /** Who measured. */
  readonly observer: string
  readonly language: ReportLanguage
  /** Whether these are all marks that the observer had. */
  readonly complete: boolean
  readonly sopInstanceUid: string
  readonly seriesInstanceUid: string
  readonly seriesNumber: number
  readonly at: Date
}

/** What a document of a study has of its patient and study (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2): true of every instance. */
const COPIED = [
  Tag.StudyDate,
  Tag.StudyTime,
  Tag.AccessionNumber,
  '00080051', // Issuer of Accession Number Sequence
  Tag.ReferringPhysicianName,
  Tag.TimezoneOffsetFromUTC,
  Tag.StudyDescription,
  Tag.ProcedureCodeSequence,
  Tag.PatientName,
  Tag.PatientID,
  Tag.IssuerOfPatientID,
  Tag.PatientBirthDate,
  Tag.PatientSex,
  Tag.PatientAge,
  Tag.StudyInstanceUID,
  Tag.StudyID,
]
/** Must be there, if empty (type 2). */
const PRESENT: Readonly<Record<string, string>> = {
  [Tag.StudyDate]: 'DA',
  [Tag.StudyTime]: 'TM',
  [Tag.AccessionNumber]: 'SH',
  [Tag.ReferringPhysicianName]: 'PN',
  [Tag.PatientName]: 'PN',
  [Tag.PatientID]: 'LO',
  [Tag.PatientBirthDate]: 'DA',
  [Tag.PatientSex]: 'CS',
  [Tag.StudyID]: 'SH',
}

/**
 * Marks as a Comprehensive SR document by TID 1500 Measurement Report (PS3.3 A.35.3, PS3.16). What encloses pixels is a
 * planar ROI (TID 1410), what is measured otherwise a group of measurements, each inferred from its coordinates (TID 1501).
 * Errors: 'invalid' code 'image-unknown' for a mark on what is not among `images`.
 */
export function buildReport(input: ReportInput): DicomJson {
  const { instance, language, at } = input
  const [date, time] = dateAndTime(at, firstString(instance, Tag.TimezoneOffsetFromUTC))
  return {
    ...Object.fromEntries(Object.entries(PRESENT).map(([tag, vr]) => [tag, { vr }])),
    ...Object.fromEntries(
      COPIED.flatMap((tag) => (instance[tag] === undefined ? [] : [[tag, instance[tag]]])),
    ),
    [Tag.SOPClassUID]: one('UI', COMPREHENSIVE_SR),
    [Tag.SOPInstanceUID]: one('UI', input.sopInstanceUid),
    [Tag.ContentDate]: one('DA', date),
    [Tag.ContentTime]: one('TM', time),
    [Tag.Modality]: one('CS', 'SR'),
    [Tag.Manufacturer]: one('LO', 'Yunying'),
    [Tag.ManufacturerModelName]: one('LO', 'Yunying'),
    [Tag.SoftwareVersions]: one('LO', VERSION),
    [Tag.SeriesDescription]: one('LO', language === 'en' ? 'Measurements' : '测量'),
    [Tag.ReferencedPerformedProcedureStepSequence]: sequence([]),
    [Tag.SeriesInstanceUID]: one('UI', input.seriesInstanceUid),
    [Tag.SeriesNumber]: one('IS', input.seriesNumber),
    [Tag.InstanceNumber]: one('IS', 1),
    [Tag.PerformedProcedureCodeSequence]: sequence([]),
    [Tag.CurrentRequestedProcedureEvidenceSequence]: sequence([evidence(input)]),
    [Tag.CompletionFlag]: one('CS', input.complete ? 'COMPLETE' : 'PARTIAL'),
    [Tag.VerificationFlag]: one('CS', 'UNVERIFIED'),
    ...rootContainer(input),
  }
}

function rootContainer(input: ReportInput): DicomJson {
  const { marks, images, instance, language, observer } = input
  const countOf = new Map<string, number>()
  const groups = marks.map((mark) => {
    const image = images.get(mark.sopInstanceUid)
    if (image === undefined)
      throw invalid('image-unknown', 'A mark is on an image that is not of this study.')
    const number = (countOf.get(mark.geometry.kind) ?? 0) + 1
    countOf.set(mark.geometry.kind, number)
    return measurementGroup(mark, image, number, language)
  })
  return container(
    { name: Concept.report },
    [
      codeContent({ relationship: 'HAS CONCEPT MOD', name: Concept.language }, LANGUAGES[language]),
      codeContent({ relationship: 'HAS OBS CONTEXT', name: Concept.observerType }, Concept.person),
      personItem({ relationship: 'HAS OBS CONTEXT', name: Concept.personObserverName }, personName(observer)),
      ...procedures(instance).map((procedure) =>
        codeContent({ relationship: 'HAS CONCEPT MOD', name: Concept.procedureReported }, procedure),
      ),
      container({ relationship: 'CONTAINS', name: Concept.imagingMeasurements }, groups),
    ],
    '1500',
  )
}

const LANGUAGES: Readonly<Record<ReportLanguage, Code>> = {
  en: { value: 'en', scheme: 'RFC5646', meaning: 'English' },
  'zh-CN': { value: 'zh-CN', scheme: 'RFC5646', meaning: 'Chinese (China)' },
}

/** Those of the study; where it has none, that it was imaged. */
function procedures(instance: DicomJson): Code[] {
  const codes = items(instance, Tag.ProcedureCodeSequence).flatMap((item) => {
    const value = firstString(item, Tag.CodeValue)
    const scheme = firstString(item, Tag.CodingSchemeDesignator)
    const meaning = firstString(item, Tag.CodeMeaning)
    return value === undefined || scheme === undefined || meaning === undefined
      ? []
      : [{ value, scheme, meaning }]
  })
  return codes.length > 0 ? codes : [Concept.imagingProcedure]
}

/** A name as PN has it: its components are not told apart. Letters beyond Latin are ideographic (PS3.5 6.2.1). */
function personName(name: string): DicomJsonPersonName {
  // What PN cannot hold, or would take apart.
  const text = name.replace(/[\\^=\x00-\x1f\x7f]/g, ' ').trim()
  return /^[\x20-\u024f]*$/.test(text) ? { Alphabetic: text } : { Ideographic: text }
}

/** The images that were measured, by series (PS3.3 C.17.2.2). */
function evidence({ marks, images, instance }: ReportInput): DicomJson {
  const bySeries = new Map<string, Map<string, string>>()
  for (const { sopInstanceUid } of marks) {
    const image = images.get(sopInstanceUid)
    if (image === undefined) continue
    const series = bySeries.get(image.seriesInstanceUid) ?? new Map<string, string>()
    bySeries.set(image.seriesInstanceUid, series.set(sopInstanceUid, image.sopClassUid))
  }
  return {
    [Tag.StudyInstanceUID]: one('UI', firstString(instance, Tag.StudyInstanceUID) ?? ''),
    [Tag.ReferencedSeriesSequence]: sequence(
      [...bySeries].map(([seriesInstanceUid, classes]) => ({
        [Tag.SeriesInstanceUID]: one('UI', seriesInstanceUid),
        [Tag.ReferencedSOPSequence]: sequence(
          [...classes].map(([sopInstanceUid, sopClassUid]) => ({
            [Tag.ReferencedSOPClassUID]: one('UI', sopClassUid),
            [Tag.ReferencedSOPInstanceUID]: one('UI', sopInstanceUid),
          })),
        ),
      })),
    ),
  }
}

/** DA and TM in the time zone that all times of the study have, or in this machine's where it says none (PS3.3 C.12.1.1.8). */
function dateAndTime(at: Date, offset: string | undefined): [date: string, time: string] {
  const stated = /^([+-])(\d\d)(\d\d)$/.exec(offset ?? '')
  const minutes =
    stated === null
      ? -at.getTimezoneOffset()
      : Number(`${stated[1]}1`) * (Number(stated[2]) * 60 + Number(stated[3]))
  const digits = new Date(at.getTime() + minutes * 60_000).toISOString().replace(/[-:]/g, '')
  return [digits.slice(0, 8), digits.slice(9, 15)]
}
