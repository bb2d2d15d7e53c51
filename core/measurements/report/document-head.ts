import type { DicomJson, DicomJsonPersonName } from '../../dicom/dicom-json.ts'
import { firstString } from '../../dicom/dicom-json.ts'
import { Tag } from '../../dicom/tag.ts'
import { VERSION } from '../../version.ts'
import type { Code } from '../shapes.ts'
import { Concept } from './codes.ts'
import { codeContent, one, personItem, sequence } from './content-item.ts'
import type { ReportLanguage } from './identifier.ts'
import type { ReportImage } from './measurement-group.ts'

/** What every instance that is made here is made of. */
export interface MadeInput {
  /** An instance of the study: patient and study are copied from it. */
  readonly instance: DicomJson
  /** Who says it. */
  readonly observer: string
  readonly language: ReportLanguage
  readonly sopInstanceUid: string
  readonly seriesInstanceUid: string
  readonly seriesNumber: number
  readonly at: Date
}

/** What every document that is made here is made of. */
export interface DocumentInput extends MadeInput {
  /** What it names, by SOP Instance UID: all of one study. */
  readonly images: ReadonlyMap<string, ReportImage>
}

/** What an instance is, and what its series is called. */
interface Made {
  readonly sopClassUid: string
  readonly modality: string
  readonly description: string
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

/** Patient, study, series and equipment of an instance that is made here (PS3.3 C.7). */
export function madeHead(input: MadeInput, made: Made): DicomJson {
  const { instance } = input
  return {
    ...Object.fromEntries(Object.entries(PRESENT).map(([tag, vr]) => [tag, { vr }])),
    ...Object.fromEntries(
      COPIED.flatMap((tag) => (instance[tag] === undefined ? [] : [[tag, instance[tag]]])),
    ),
    [Tag.SOPClassUID]: one('UI', made.sopClassUid),
    [Tag.SOPInstanceUID]: one('UI', input.sopInstanceUid),
    [Tag.Modality]: one('CS', made.modality),
    [Tag.Manufacturer]: one('LO', 'Yunying'),
    [Tag.ManufacturerModelName]: one('LO', 'Yunying'),
    [Tag.SoftwareVersions]: one('LO', VERSION),
    [Tag.SeriesDescription]: one('LO', made.description),
    [Tag.SeriesInstanceUID]: one('UI', input.seriesInstanceUid),
    [Tag.SeriesNumber]: one('IS', input.seriesNumber),
    [Tag.InstanceNumber]: one('IS', 1),
  }
}

/**
 * All of a document but its content: patient, study, series, equipment, when, and the images that are its evidence (PS3.3
 * C.7, C.17.1, C.17.2, C.17.6). The time is in the time zone of the study.
 *
 * @param document.images SOP Instance UIDs of what it names
 */
export function documentHead(
  input: DocumentInput,
  document: Made & { readonly images: readonly string[] },
): DicomJson {
  const [date, time] = madeAt(input)
  return {
    ...madeHead(input, document),
    [Tag.ContentDate]: one('DA', date),
    [Tag.ContentTime]: one('TM', time),
    [Tag.ReferencedPerformedProcedureStepSequence]: sequence([]),
    [Tag.CurrentRequestedProcedureEvidenceSequence]: sequence([evidence(input, document.images)]),
  }
}

/** In which language, and who (TID 1204, TID 1002). */
export const observedBy = ({ language, observer }: DocumentInput): DicomJson[] => [
  codeContent({ relationship: 'HAS CONCEPT MOD', name: Concept.language }, LANGUAGES[language]),
  codeContent({ relationship: 'HAS OBS CONTEXT', name: Concept.observerType }, Concept.person),
  personItem({ relationship: 'HAS OBS CONTEXT', name: Concept.personObserverName }, personName(observer)),
]

const LANGUAGES: Readonly<Record<ReportLanguage, Code>> = {
  en: { value: 'en', scheme: 'RFC5646', meaning: 'English' },
  'zh-CN': { value: 'zh-CN', scheme: 'RFC5646', meaning: 'Chinese (China)' },
}

/** A name as PN has it: its components are not told apart. Letters beyond Latin are ideographic (PS3.5 6.2.1). */
export function personName(name: string): DicomJsonPersonName {
  // What PN cannot hold, or would take apart.
  const text = name.replace(/[\\^=\x00-\x1f\x7f]/g, ' ').trim()
  return /^[\x20-\u024f]*$/.test(text) ? { Alphabetic: text } : { Ideographic: text }
}

/** What is named, by series (PS3.3 C.17.2.2). */
function evidence({ images, instance }: DocumentInput, named: readonly string[]): DicomJson {
  const bySeries = new Map<string, Map<string, string>>()
  for (const sopInstanceUid of named) {
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
export function madeAt({ at, instance }: Pick<MadeInput, 'at' | 'instance'>): [date: string, time: string] {
  const stated = /^([+-])(\d\d)(\d\d)$/.exec(firstString(instance, Tag.TimezoneOffsetFromUTC) ?? '')
  const minutes =
    stated === null
      ? -at.getTimezoneOffset()
      : Number(`${stated[1]}1`) * (Number(stated[2]) * 60 + Number(stated[3]))
  const digits = new Date(at.getTime() + minutes * 60_000).toISOString().replace(/[-:]/g, '')
  return [digits.slice(0, 8), digits.slice(9, 15)]
}
