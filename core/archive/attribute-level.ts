import type { DicomJson } from '../dicom/dicom-json.ts'

/** Attributes kept with a study: those of the patient and of the study (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2). */
const STUDY_LEVEL: ReadonlySet<string> = new Set([
  '00080020', // Study Date
  '00080030', // Study Time
  '00080050', // Accession Number
  '00080051', // Issuer of Accession Number Sequence
  '00080090', // Referring Physician's Name
  '00080201', // Timezone Offset From UTC
  '00081030', // Study Description
  '00081032', // Procedure Code Sequence
  '00081048', // Physician(s) of Record
  '00081060', // Name of Physician(s) Reading Study
  '00081080', // Admitting Diagnoses Description
  '00100010', // Patient's Name
  '00100020', // Patient ID
  '00100021', // Issuer of Patient ID
  '00100024', // Issuer of Patient ID Qualifiers Sequence
  '00100030', // Patient's Birth Date
  '00100032', // Patient's Birth Time
  '00100040', // Patient's Sex
  '00101000', // Other Patient IDs
  '00101001', // Other Patient Names
  '00101002', // Other Patient IDs Sequence
  '00101010', // Patient's Age
  '00101020', // Patient's Size
  '00101030', // Patient's Weight
  '00102160', // Ethnic Group
  '00102180', // Occupation
  '001021B0', // Additional Patient History
  '00104000', // Patient Comments
  '0020000D', // Study Instance UID
  '00200010', // Study ID
])

/** Attributes kept with a series: those of the series and of the equipment (PS3.3 C.7.3.1, C.7.5.1). */
const SERIES_LEVEL: ReadonlySet<string> = new Set([
  '00080021', // Series Date
  '00080031', // Series Time
  '00080060', // Modality
  '00080070', // Manufacturer
  '00080080', // Institution Name
  '00080201', // Timezone Offset From UTC
  '00081010', // Station Name
  '0008103E', // Series Description
  '0008103F', // Series Description Code Sequence
  '00081040', // Institutional Department Name
  '00081050', // Performing Physician's Name
  '00081070', // Operators' Name
  '00081090', // Manufacturer's Model Name
  '00180015', // Body Part Examined
  '00181030', // Protocol Name
  '00185100', // Patient Position
  '0020000E', // Series Instance UID
  '00200011', // Series Number
  '00200052', // Frame of Reference UID
  '00200060', // Laterality
  '00400244', // Performed Procedure Step Start Date
  '00400245', // Performed Procedure Step Start Time
  '00400253', // Performed Procedure Step ID
  '00400254', // Performed Procedure Step Description
  '00400275', // Request Attributes Sequence
])

/** The attributes of an instance that its study keeps. */
export const studyAttributes = (header: DicomJson): DicomJson => pick(header, STUDY_LEVEL)

/** The attributes of an instance that its series keeps. */
export const seriesAttributes = (header: DicomJson): DicomJson => pick(header, SERIES_LEVEL)

function pick(header: DicomJson, tags: ReadonlySet<string>): DicomJson {
  const picked: DicomJson = {}
  for (const [tag, element] of Object.entries(header)) if (tags.has(tag)) picked[tag] = element
  return picked
}
