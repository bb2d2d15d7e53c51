import type { DicomJson } from '../../dicom/dicom-json.ts'
import { firstString, items } from '../../dicom/dicom-json.ts'
import { Tag } from '../../dicom/tag.ts'
import { invalid } from '../../errors.ts'
import type { Code } from '../shapes.ts'
import { Concept, OWN_SCHEME } from './codes.ts'
import { codeContent, container, one, sequence } from './content-item.ts'
import { documentHead, observedBy, type DocumentInput } from './document-head.ts'
import { measurementGroup, type ReportMark } from './measurement-group.ts'

export const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33'

export interface ReportInput extends DocumentInput {
  /** At least one. */
  readonly marks: readonly ReportMark[]
  /** Whether these are all marks that the observer had. */
  readonly complete: boolean
}

/**
 * Marks as a Comprehensive SR document by TID 1500 Measurement Report (PS3.3 A.35.3, PS3.16). What encloses pixels is a
 * planar ROI (TID 1410), what is measured otherwise a group of measurements, each inferred from its coordinates (TID 1501).
 * Errors: 'invalid' code 'image-unknown' for a mark on what is not among `images`.
 */
export function buildReport(input: ReportInput): DicomJson {
  const { language, complete, marks } = input
  return {
    ...documentHead(input, {
      sopClassUid: COMPREHENSIVE_SR,
      modality: 'SR',
      description: language === 'en' ? 'Measurements' : '测量',
      images: marks.map(({ sopInstanceUid }) => sopInstanceUid),
    }),
    [Tag.PerformedProcedureCodeSequence]: sequence([]),
    ...(marks.some(({ geometry }) => geometry.kind === 'cardiothoracic') ? ownScheme() : {}),
    [Tag.CompletionFlag]: one('CS', complete ? 'COMPLETE' : 'PARTIAL'),
    [Tag.VerificationFlag]: one('CS', 'UNVERIFIED'),
    ...rootContainer(input),
  }
}

/** What our own codes are of (PS3.3 C.12.1, Coding Scheme Identification Sequence). */
const ownScheme = (): DicomJson => ({
  '00080110': sequence([
    {
      [Tag.CodingSchemeDesignator]: one('SH', OWN_SCHEME.designator),
      '00080115': one('ST', OWN_SCHEME.name),
      '00080116': one('ST', OWN_SCHEME.organisation),
    },
  ]),
})

function rootContainer(input: ReportInput): DicomJson {
  const { marks, images, instance, language } = input
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
      ...observedBy(input),
      ...procedures(instance).map((procedure) =>
        codeContent({ relationship: 'HAS CONCEPT MOD', name: Concept.procedureReported }, procedure),
      ),
      container({ relationship: 'CONTAINS', name: Concept.imagingMeasurements }, groups),
    ],
    '1500',
  )
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
