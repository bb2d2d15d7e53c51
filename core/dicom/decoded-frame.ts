/** Stored values of one frame: little endian, `bitsAllocated` bits a sample (1-bit data: one byte a pixel), samples of a pixel together, row by row. */
export interface DecodedFrame {
  readonly bytes: Uint8Array
  /** Colour space of `bytes`: what was stored, or RGB where the codec itself converts (JPEG YBR, J2K RCT/ICT). */
  readonly photometricInterpretation: string
  /** Of `bytes`: 8, 16, 32 or 64. */
  readonly bitsAllocated: number
  readonly pixelRepresentation: 0 | 1
}
