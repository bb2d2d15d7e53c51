import { layoutOf } from '../../../core/reading/reading-order.ts'
import { firstNumber, firstString, numbers } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { isColour, presentationOf, type StackImage } from '../stack-image.ts'

/** Where a distance between pixels may stand, the best first (PS3.3 10.7.1.3): in the patient, at the detector, on paper. */
const SPACINGS = [Tag.PixelSpacing, '00181164', '00182010', '00280034'] as const

/** What the imaging library asks about a frame, by the names of its metadata modules; undefined for what it may do without. */
export function frameMetadata(type: string, image: StackImage): unknown {
  switch (type) {
    case 'imagePixelModule': {
      const layout = layoutOf(image.metadata)
      // Handed over as grey values or RGB, inversion apart, whatever they are stored as.
      return layout && { ...layout, photometricInterpretation: isColour(image) ? 'RGB' : 'MONOCHROME2' }
    }
    case 'imagePlaneModule':
      return imagePlane(image)
    case 'generalSeriesModule':
      return { modality: firstString(image.metadata, Tag.Modality) ?? '' }
    case 'sopCommonModule':
      return {
        sopClassUID: firstString(image.metadata, Tag.SOPClassUID),
        sopInstanceUID: firstString(image.metadata, Tag.SOPInstanceUID),
      }
    default:
      return undefined
  }
}

function imagePlane(image: StackImage): object {
  const presentation = presentationOf(image)
  const orientation = numbers(presentation, Tag.ImageOrientationPatient)
  const position = numbers(presentation, Tag.ImagePositionPatient)
  const isPlaced = orientation.length === 6 && position.length === 3
  const [x1 = 1, y1 = 0, z1 = 0, x2 = 0, y2 = 1, z2 = 0] = orientation.length === 6 ? orientation : []
  const { row, column, known } = spacing(image)
  return {
    frameOfReferenceUID: firstString(image.metadata, '00200052'),
    rows: firstNumber(image.metadata, Tag.Rows),
    columns: firstNumber(image.metadata, Tag.Columns),
    imageOrientationPatient: [x1, y1, z1, x2, y2, z2],
    rowCosines: [x1, y1, z1],
    columnCosines: [x2, y2, z2],
    imagePositionPatient: position.length === 3 ? position : [0, 0, 0],
    sliceThickness: firstNumber(presentation, Tag.SliceThickness),
    sliceLocation: firstNumber(presentation, '00201041'),
    pixelSpacing: [row, column],
    rowPixelSpacing: row,
    columnPixelSpacing: column,
    usingDefaultValues: !known || !isPlaced,
  }
}

/** Distances between rows and between columns: millimetres where known, else the shape of a pixel. */
export function spacing(image: StackImage): { row: number; column: number; known: boolean } {
  const presentation = presentationOf(image)
  for (const tag of SPACINGS) {
    const [row, column] = numbers(presentation, tag)
    if (row === undefined || column === undefined || !(row > 0) || !(column > 0)) continue
    // Beyond this it is a mistake of the writer, not a shape.
    if (row / column > 0.05 && row / column < 20) return { row, column, known: tag !== '00280034' }
  }
  return { row: 1, column: 1, known: false }
}
