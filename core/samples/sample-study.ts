import type { DicomJson, DicomJsonPersonName } from '../dicom/dicom-json.ts'
import type { Part10Writer } from '../dicom/write-part10.ts'
import { elements, type ElementValues } from './sample-dataset.ts'
import { sampleUid } from './sample-uid.ts'

/** One made study: what it is called, how many instances it has, and the instances, made while they are read. */
export interface SampleStudy {
  readonly name: string
  readonly studyInstanceUid: string
  readonly instanceCount: number
  readonly instances: () => AsyncGenerator<SampleInstance>
}

export interface SampleInstance {
  readonly sopInstanceUid: string
  /** A DICOM file, in pieces. */
  readonly chunks: readonly Uint8Array[]
}

export interface SamplePatient {
  readonly characterSet: 'GB18030' | 'ISO_IR 192' | 'ISO_IR 100'
  readonly name: DicomJsonPersonName
  readonly id: string
  readonly birthDate: string
  readonly sex: 'M' | 'F'
  readonly institution: string
  readonly referring: DicomJsonPersonName
}

export interface StudyPlan {
  /** The name that the UIDs are derived from. */
  readonly key: string
  readonly patient: SamplePatient
  /** DA and TM. */
  readonly date: string
  readonly time: string
  readonly accessionNumber: string
  readonly studyId: string
  readonly description: string
}

export interface SeriesPlan {
  readonly study: StudyPlan
  /** Of the patient's character set; one for all instances. */
  readonly write: Part10Writer
  readonly number: number
  readonly modality: string
  readonly description: string
  readonly sopClassUid: string
  /** Attributes of the series and its equipment that this kind of object asks for. */
  readonly values: ElementValues
}

/** A DICOM file of one instance: patient, study, series and equipment modules, and what the image itself adds. */
export function sampleInstance(
  series: SeriesPlan,
  instanceNumber: number,
  values: ElementValues,
  pixels: Uint8Array,
): SampleInstance {
  const { study } = series
  const seriesKey = `${study.key}/${series.number}`
  const sopInstanceUid = sampleUid(`${seriesKey}/${instanceNumber}`)
  const dataset: DicomJson = elements({
    ...patientAndStudy(study),
    SOPClassUID: series.sopClassUid,
    SOPInstanceUID: sopInstanceUid,
    Modality: series.modality,
    SeriesInstanceUID: sampleUid(seriesKey),
    SeriesNumber: series.number,
    SeriesDescription: series.description,
    SeriesDate: study.date,
    SeriesTime: study.time,
    ContentDate: study.date,
    ContentTime: study.time,
    PerformedProcedureStepStartDate: study.date,
    PerformedProcedureStepStartTime: study.time,
    InstitutionName: study.patient.institution,
    Manufacturer: 'Yunying',
    DeviceSerialNumber: 'SAMPLE',
    SoftwareVersions: '1',
    InstanceNumber: instanceNumber,
    BurnedInAnnotation: 'NO',
    LossyImageCompression: '00',
    ...series.values,
    ...values,
  })
  return { sopInstanceUid, chunks: series.write({ dataset, pixels }) }
}

export const studyUid = (study: StudyPlan): string => sampleUid(study.key)

function patientAndStudy(study: StudyPlan): ElementValues {
  const { patient } = study
  return {
    PatientName: { ...patient.name },
    PatientID: patient.id,
    PatientBirthDate: patient.birthDate,
    PatientSex: patient.sex,
    PatientAge: age(patient.birthDate, study.date),
    PatientComments: 'Made by Yunying; no real patient.',
    StudyInstanceUID: studyUid(study),
    StudyDate: study.date,
    StudyTime: study.time,
    AccessionNumber: study.accessionNumber,
    StudyID: study.studyId,
    StudyDescription: study.description,
    ReferringPhysicianName: { ...patient.referring },
  }
}

/** AS in years, from two DA. */
function age(birthDate: string, date: string): string {
  const years = Math.floor((Number(date) - Number(birthDate)) / 10000)
  return `${String(years).padStart(3, '0')}Y`
}
