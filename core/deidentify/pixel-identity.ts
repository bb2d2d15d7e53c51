import { asciiText } from '../dicom/character-set.ts'
import { firstNumber, firstString, strings, type DicomJson } from '../dicom/dicom-json.ts'
import type { Encoding } from '../dicom/element-head.ts'
import { transferSyntax } from '../dicom/transfer-syntax.ts'
import type { RawElement } from './elements.ts'

/** Why the pixels of an instance may name a person; a person must look, or it stays out. */
export type PixelRisk =
  | 'annotation-declared'
  | 'ultrasound'
  | 'secondary-capture'
  | 'video'
  | 'photograph'
  | 'scanned'
  | 'features-declared'
  | 'overlay-in-pixels'

const ENCAPSULATED_DOCUMENT = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.104\./
const SECONDARY_CAPTURE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/
const ULTRASOUND = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(3|3\.1|6|6\.1|6\.2|6\.3)$/
const VIDEO_CLASSES = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.77\.1\.(1|2|4)\.1$/
const PHOTOGRAPHS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.77\.1\.(1|2|4)(\.|$)/
const PHOTOGRAPHING = new Set(['ES', 'XC', 'GM', 'DMS'])
/** Captured, digitised and derived pictures in the classes of others: reports of dose, screens (PS3.3 C.7.6.1.1.2). */
const SCREENS = new Set(['SCREEN SAVE', 'SCREEN', 'SCREENSHOT', 'DOSE', 'DOSE_INFO', 'PROTOCOL'])
const OVERLAYS = Array.from({ length: 16 }, (_, index) => (0x6000 + 2 * index).toString(16))

/** Files inside files, which no option of the profile can clean. */
export const isEncapsulatedDocument = (sopClassUid: string): boolean =>
  ENCAPSULATED_DOCUMENT.test(sopClassUid)

/**
 * Whether and why the pixels may name a person (PS3.15 E.3.1, E.3.2). `header`: the attributes of the instance; absent
 * pixels are no risk. Burned In Annotation NO is believed, YES always.
 */
export function pixelRisk(
  header: DicomJson,
  { transferSyntaxUid, hasPixels }: { transferSyntaxUid: string; hasPixels: boolean },
): PixelRisk | undefined {
  if (!hasPixels) return undefined
  const sopClass = firstString(header, '00080016') ?? ''
  const modality = firstString(header, '00080060') ?? ''
  const burnedIn = firstString(header, '00280301')?.toUpperCase()
  if (burnedIn === 'YES') return 'annotation-declared'
  if (firstString(header, '00280302')?.toUpperCase() === 'YES') return 'features-declared'
  if (
    transferSyntax(transferSyntaxUid)?.mediaType.startsWith('video/') === true ||
    VIDEO_CLASSES.test(sopClass)
  )
    return 'video'
  if (hasEmbeddedOverlay(header)) return 'overlay-in-pixels'
  if (burnedIn === 'NO') return undefined
  if (ULTRASOUND.test(sopClass) || modality === 'US' || modality === 'IVUS') return 'ultrasound'
  if (SECONDARY_CAPTURE.test(sopClass)) return 'secondary-capture'
  if (PHOTOGRAPHS.test(sopClass) || PHOTOGRAPHING.has(modality)) return 'photograph'
  if (firstString(header, '00080064') !== undefined) return 'scanned'
  return strings(header, '00080008').some((value) => SCREENS.has(value.toUpperCase()))
    ? 'secondary-capture'
    : undefined
}

const TEXTS = new Set(['00080008', '00080016', '00080060', '00080064', '00280301', '00280302'])

/** What `pixelRisk` reads, of elements that are not decoded. */
export function riskHeader(elements: readonly RawElement[], { bigEndian }: Encoding): DicomJson {
  const header: DicomJson = {}
  for (const { tag, vr = 'UN', value } of elements) {
    if (TEXTS.has(tag)) {
      const values = asciiText(value, 0, value.length).split('\\')
      header[tag] = { vr, Value: values.map((each) => each.replace(/[\s\0]+$/, '').trim()) }
    } else if (/^60..3000$/.test(tag)) header[tag] = { vr }
    else if (/^60..0102$/.test(tag) && value.length >= 2) {
      const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
      header[tag] = { vr, Value: [view.getUint16(0, !bigEndian)] }
    }
  }
  return header
}

/** An overlay in unused bits of the pixels (retired; PS3.3 C.9.2): its plane cannot be taken out by its attributes. */
const hasEmbeddedOverlay = (header: DicomJson): boolean =>
  OVERLAYS.some(
    (group) => (firstNumber(header, `${group}0102`) ?? 0) > 0 && header[`${group}3000`] === undefined,
  )
