import { newUid } from '../../core/dicom/uid.ts'
import { dicom } from './dicom-builder.ts'

export const CT = { size: 64, pixel: 4, slices: 21, step: 5 }
export const PET = { size: 40, pixel: 6.5, slices: 17, step: 6.5 }
/** Grams to the dose that was given: of one becquerel a millilitre, the uptake. */
export const UPTAKE = (70 * 1000) / 350e6
export const HOT = 3.5
/** A block of uptake to the left of the patient and in front, through all slices. Millimetres. */
const isHot = (x: number, y: number): boolean => x > 20 && x < 80 && y > -80 && y < -20

/** Whose, and when; each study is of a patient of its own unless said. */
interface Visit {
  readonly patient?: string
  readonly date?: string
}

export const visited = (
  builder: ReturnType<typeof dicom>,
  study: string,
  { patient, date }: Visit = {},
): typeof builder =>
  builder.set('PatientID', 'LO', [patient ?? study.slice(-16)]).set('StudyDate', 'DA', [date ?? '20260601'])

/** Soft tissue all through. */
export function ct(
  study: string,
  frame: string,
  { description = 'anatomy', ...visit }: Visit & { description?: string } = {},
): Buffer[] {
  const series = newUid()
  const values = new Int16Array(CT.size * CT.size).fill(40)
  const corner = (-(CT.size - 1) * CT.pixel) / 2
  return Array.from({ length: CT.slices }, (_, slice) =>
    visited(dicom(), study, visit)
      .ct({ rows: CT.size, columns: CT.size })
      .pixels(new Uint8Array(values.buffer))
      .uids({ study, series, instance: newUid() })
      .set('SeriesDescription', 'LO', [description])
      .set('InstanceNumber', 'IS', [slice + 1])
      .set('FrameOfReferenceUID', 'UI', [frame])
      .set('ImagePositionPatient', 'DS', [corner, corner, slice * CT.step])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [CT.pixel, CT.pixel])
      .set('WindowCenter', 'DS', [40])
      .set('WindowWidth', 'DS', [400])
      .build(),
  )
}

export const petCorner = (-(PET.size - 1) * PET.pixel) / 2

/** Of one slice: the block, in stored values. */
export function block(scale: number): Int16Array {
  return Int16Array.from({ length: PET.size * PET.size }, (_, at) => {
    const [x, y] = [
      petCorner + (at % PET.size) * PET.pixel,
      petCorner + Math.floor(at / PET.size) * PET.pixel,
    ]
    return isHot(x, y) ? Math.round(HOT / scale) : 0
  })
}

/** Uptake in the block; what is not corrected for the body is less. */
export function pet(
  study: string,
  frame: string,
  { isCorrected = true, ...visit }: Visit & { isCorrected?: boolean } = {},
): Buffer[] {
  const series = newUid()
  const values = block(isCorrected ? UPTAKE : UPTAKE * 2)
  return Array.from({ length: PET.slices }, (_, slice) =>
    visited(dicom(), study, visit)
      .ct({ rows: PET.size, columns: PET.size })
      .pixels(new Uint8Array(values.buffer))
      .uids({ study, series, instance: newUid() })
      .set('SOPClassUID', 'UI', ['1.2.840.10008.5.1.4.1.1.128'])
      .set('Modality', 'CS', ['PT'])
      .set('SeriesDescription', 'LO', [isCorrected ? 'uptake' : 'raw'])
      .set('InstanceNumber', 'IS', [slice + 1])
      .set('FrameOfReferenceUID', 'UI', [frame])
      .set('ImagePositionPatient', 'DS', [petCorner, petCorner, slice * PET.step])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [PET.pixel, PET.pixel])
      .set('Units', 'CS', ['BQML'])
      .set('CorrectedImage', 'CS', isCorrected ? ['ATTN', 'DECY'] : ['DECY'])
      .set('DecayCorrection', 'CS', ['ADMIN'])
      .set('PatientWeight', 'DS', [70])
      .set('RadiopharmaceuticalInformationSequence', 'SQ', [{ '00181074': { vr: 'DS', Value: [350e6] } }])
      .build(),
  )
}
