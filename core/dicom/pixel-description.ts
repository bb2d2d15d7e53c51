import type { DicomJson } from './dicom-json.ts'

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
