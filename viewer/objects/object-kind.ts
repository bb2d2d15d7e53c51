import { firstString, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { isDocument, isKeyObjects } from '../../core/dicom/report/read-document.ts'
import { Tag } from '../../core/dicom/tag.ts'

/** The ways in which objects are shown that are no plain images. */
export type ObjectKind =
  | 'report'
  | 'key-objects'
  | 'document'
  | 'video'
  | 'waveform'
  | 'segmentation'
  | 'structures'
  | 'presentation'
  | 'other'

const SEGMENTATIONS: ReadonlySet<string> = new Set([
  '1.2.840.10008.5.1.4.1.1.66.4',
  '1.2.840.10008.5.1.4.1.1.66.7',
])
const STRUCTURES = '1.2.840.10008.5.1.4.1.1.481.3'
/** Grayscale and colour softcopy presentation states. */
const PRESENTATIONS: ReadonlySet<string> = new Set([
  '1.2.840.10008.5.1.4.1.1.11.1',
  '1.2.840.10008.5.1.4.1.1.11.2',
])
/** Encapsulated PDF, CDA, STL, OBJ, MTL, … (PS3.4 B.5). */
const ENCAPSULATED = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.104\.\d+$/
/** Video of endoscopes, microscopes and cameras (PS3.4 B.5). */
const VIDEOS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.77\.1\.[124]\.1$/

/** How an instance is shown; undefined: as an image, if it has one. */
export function objectKind(instance: DicomJson): ObjectKind | undefined {
  const sopClass = firstString(instance, Tag.SOPClassUID) ?? ''
  if (isKeyObjects(instance)) return 'key-objects'
  if (isDocument(instance)) return 'report'
  if (ENCAPSULATED.test(sopClass) || instance[Tag.EncapsulatedDocument] !== undefined) return 'document'
  if (SEGMENTATIONS.has(sopClass)) return 'segmentation'
  if (PRESENTATIONS.has(sopClass)) return 'presentation'
  if (sopClass === STRUCTURES) return 'structures'
  if (instance[Tag.WaveformSequence] !== undefined) return 'waveform'
  if (VIDEOS.test(sopClass)) return 'video'
  return undefined
}

/** Whether a series with pixels is shown in a way of its own: a film is no stack of images. */
export const isShownAsObject = ([first]: readonly DicomJson[]): boolean =>
  first !== undefined && objectKind(first) === 'video'
