import type { ImageFacts, Plane, Side } from '../contract/hanging.ts'
import { firstNumber, firstString, items, numbers, strings, type DicomJson } from '../dicom/dicom-json.ts'
import { Tag } from '../dicom/tag.ts'

/** Mammographic views by code: SNOMED CT and SRT. Source: PS3.16 CID 4014. */
const VIEW_OF_CODE: Readonly<Record<string, string>> = {
  '399162004': 'CC',
  'R-10242': 'CC',
  '399368009': 'MLO',
  'R-10226': 'MLO',
  '399260004': 'ML',
  'R-10224': 'ML',
  '399352003': 'LM',
  'R-10228': 'LM',
}

/** What an image says of itself that decides where it hangs; null when it says nothing of the kind. */
export function imageFacts(header: DicomJson): ImageFacts | null {
  const laterality = sideOf(firstString(header, '00200062')) ?? sideOf(firstString(header, Tag.Laterality))
  const view = viewOf(header)
  const orientation = strings(header, '00200020').map((one) => one.trim().slice(0, 16))
  const [row, column] = orientation
  const plane = planeOf(numbers(header, Tag.ImageOrientationPatient))
  const thickness = firstNumber(header, '00180050')
  const bValue = firstNumber(header, '00189087')
  const isLocalizer = strings(header, '00080008').includes('LOCALIZER')
  const corrections = strings(header, '00280051')
  const facts: ImageFacts = {
    ...(view === undefined ? {} : { view }),
    ...(laterality === undefined ? {} : { laterality }),
    ...(row !== undefined && row !== '' && column !== undefined && column !== ''
      ? { orientation: [row, column] as [string, string] }
      : {}),
    ...(plane === undefined ? {} : { plane }),
    ...(thickness !== undefined && thickness > 0 ? { thickness } : {}),
    ...(bValue !== undefined && bValue >= 0 ? { bValue } : {}),
    ...(isLocalizer ? { localizer: true as const } : {}),
    ...(corrections.length > 0 ? { attenuationCorrected: corrections.includes('ATTN') } : {}),
  }
  return Object.keys(facts).length === 0 ? null : facts
}

/** The plane a slice lies nearest to; undefined without an orientation. */
export function planeOf(orientation: readonly number[]): Plane | undefined {
  const [rx = NaN, ry = NaN, rz = NaN, cx = NaN, cy = NaN, cz = NaN] = orientation
  const normal = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx].map(Math.abs)
  const strongest = Math.max(...normal)
  if (!(strongest > 0)) return undefined
  return (['sagittal', 'coronal', 'axial'] as const)[normal.indexOf(strongest)]
}

function viewOf(header: DicomJson): string | undefined {
  const named = firstString(header, '00185101')?.trim().toUpperCase().slice(0, 16)
  if (named !== undefined && named !== '') return named
  const [code] = items(header, '00540220')
  return code === undefined ? undefined : VIEW_OF_CODE[firstString(code, '00080100') ?? '']
}

const sideOf = (text: string | undefined): Side | undefined => {
  const letter = text?.trim().toUpperCase()
  return letter === 'R' || letter === 'L' || letter === 'B' ? letter : undefined
}
