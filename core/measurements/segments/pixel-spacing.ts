import { numbers, type DicomJson } from '../../dicom/dicom-json.ts'
import { Tag } from '../../dicom/tag.ts'

/** In the patient, not at a detector or on paper; between rows and between columns, millimetres. */
export function pixelSpacing(presentation: DicomJson): readonly [row: number, column: number] | undefined {
  const [row, column] = numbers(presentation, Tag.PixelSpacing)
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : undefined
}
