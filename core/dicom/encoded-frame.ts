/** Changes when the encoder or its settings do, and with them its bytes. 2: colours without a transform in their right lines. */
export const ENCODER = 2

/** One frame as a lossless HTJ2K codestream, progressive by resolution (1.2.840.10008.1.2.4.202). */
export interface EncodedFrame {
  readonly bytes: Uint8Array
  /**
   * That many bytes from the beginning give the image at each resolution, the coarsest first, each twice as wide and high
   * as the one before; the last is `bytes.length`.
   */
  readonly resolutionEnds: readonly number[]
}
