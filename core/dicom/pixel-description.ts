import { items, type DicomJson } from './dicom-json.ts'
import { Tag } from './tag.ts'

/** What is needed to read the samples of a frame and to show them. Source: PS3.3 C.7.6.3, C.11.1, C.11.2. */
export interface PixelDescription {
  readonly rows: number
  readonly columns: number
  readonly samplesPerPixel: number
  readonly photometricInterpretation: string
  readonly planarConfiguration: 0 | 1
  /** 1, 8, 16, 32 (64 for Double Float Pixel Data). */
  readonly bitsAllocated: number
  readonly bitsStored: number
  readonly highBit: number
  readonly pixelRepresentation: 0 | 1
  readonly numberOfFrames: number
  /** 'integer' for (7FE0,0010); 'float' (7FE0,0008); 'double' (7FE0,0009). */
  readonly sampleKind: 'integer' | 'float' | 'double'
  /**
   * The attributes that rendering needs and decoding does not (LUTs, windows, padding, palettes, spacing, functional
   * groups of this frame merged in), as DICOM JSON with binary inline.
   */
  readonly presentation: DicomJson
}

/** Functional group macros whose attributes rendering needs, flattened into the instance's own (PS3.3 C.7.6.16). */
const MACROS = ['00289132', '00289110', '00289145', '00209113', '00209116', '00289422'] as const

/**
 * The description of one frame: the layout, and what the metadata says about showing it; for enhanced multi-frame
 * instances with the shared and this frame's functional groups merged in. `frameNumber` is 1-based.
 */
export function pixelDescription(
  layout: Omit<PixelDescription, 'presentation'>,
  metadata: DicomJson,
  frameNumber: number,
): PixelDescription {
  const shared = items(metadata, Tag.SharedFunctionalGroupsSequence)[0]
  const own = items(metadata, Tag.PerFrameFunctionalGroupsSequence)[frameNumber - 1]
  const presentation: DicomJson = { ...metadata }
  for (const groups of [shared, own]) {
    if (groups === undefined) continue
    for (const macro of MACROS) Object.assign(presentation, items(groups, macro)[0] ?? {})
  }
  delete presentation[Tag.PerFrameFunctionalGroupsSequence]
  delete presentation[Tag.SharedFunctionalGroupsSequence]
  return { ...layout, presentation }
}
