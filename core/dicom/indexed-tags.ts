import { Tag } from './tag.ts'

/** Patient and study level: what the archive keeps of a study beside its instances. Source: PS3.3 C.7.1.1, C.7.2.1, C.7.2.2. */
export const STUDY_TAGS: readonly string[] = [
  Tag.SpecificCharacterSet,
  Tag.StudyDate,
  Tag.StudyTime,
  Tag.AccessionNumber,
  '00080051', // IssuerOfAccessionNumberSequence
  Tag.ReferringPhysicianName,
  Tag.TimezoneOffsetFromUTC,
  Tag.StudyDescription,
  '00081032', // ProcedureCodeSequence
  '00081048', // PhysiciansOfRecord
  '00081060', // NameOfPhysiciansReadingStudy
  '00081080', // AdmittingDiagnosesDescription
  Tag.PatientName,
  Tag.PatientID,
  Tag.IssuerOfPatientID,
  '00100024', // IssuerOfPatientIDQualifiersSequence
  Tag.PatientBirthDate,
  '00100032', // PatientBirthTime
  Tag.PatientSex,
  '00101000', // OtherPatientIDs
  '00101001', // OtherPatientNames
  Tag.PatientAge,
  '00101020', // PatientSize
  '00101030', // PatientWeight
  '00102160', // EthnicGroup
  '00102180', // Occupation
  '001021B0', // AdditionalPatientHistory
  '00104000', // PatientComments
  Tag.StudyInstanceUID,
  Tag.StudyID,
]

/** Series level. Source: PS3.3 C.7.3.1, C.7.5.1. */
export const SERIES_TAGS: readonly string[] = [
  Tag.SeriesDate,
  Tag.SeriesTime,
  Tag.Modality,
  Tag.Manufacturer,
  Tag.InstitutionName,
  '00081010', // StationName
  Tag.SeriesDescription,
  '0008103F', // SeriesDescriptionCodeSequence
  '00081040', // InstitutionalDepartmentName
  '00081050', // PerformingPhysicianName
  '00081070', // OperatorsName
  '00081090', // ManufacturerModelName
  Tag.BodyPartExamined,
  '00181030', // ProtocolName
  '00185100', // PatientPosition
  Tag.SeriesInstanceUID,
  Tag.SeriesNumber,
  Tag.FrameOfReferenceUID,
  Tag.Laterality,
  Tag.PerformedProcedureStepStartDate,
  Tag.PerformedProcedureStepStartTime,
  '00400253', // PerformedProcedureStepID
  '00400254', // PerformedProcedureStepDescription
  Tag.RequestAttributesSequence,
]

/** Instance level. */
export const INSTANCE_TAGS: readonly string[] = [
  '00080008', // ImageType
  Tag.SOPClassUID,
  Tag.SOPInstanceUID,
  Tag.AcquisitionDate,
  Tag.ContentDate,
  '00080033', // ContentTime
  '00180050', // SliceThickness
  '00185101', // ViewPosition
  '00189087', // DiffusionBValue
  Tag.InstanceNumber,
  '00200020', // PatientOrientation
  Tag.ImageOrientationPatient,
  '00200062', // ImageLaterality
  '0040A043', // ConceptNameCodeSequence
  '0040A491', // CompletionFlag
  '0040A493', // VerificationFlag
  '00420010', // DocumentTitle
  Tag.SamplesPerPixel,
  Tag.PhotometricInterpretation,
  Tag.PlanarConfiguration,
  Tag.NumberOfFrames,
  Tag.Rows,
  Tag.Columns,
  Tag.BitsAllocated,
  Tag.BitsStored,
  Tag.HighBit,
  Tag.PixelRepresentation,
  '00280051', // CorrectedImage
  '00540220', // ViewCodeSequence
]

/** What the scanner decodes while bytes stream by. */
export const INDEXED_TAGS: ReadonlySet<string> = new Set([...STUDY_TAGS, ...SERIES_TAGS, ...INSTANCE_TAGS])
