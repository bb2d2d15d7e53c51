/** One run of bytes in the received object. */
export type Run = readonly [offset: number, length: number]

/**
 * Where each frame lies in the received object, so that a frame is a ranged read.
 * Offsets are absolute (from the first byte of the object as kept), in bytes.
 *
 * - native: frame i is `length` bytes at `offset + i*length`. For 1-bit data frames need not start on a byte:
 *   then `bitsPerFrame` is set, and frame i starts at bit i*bitsPerFrame (PS3.5 8.1.1).
 * - encapsulated: frame i is the runs `frames[i]` put together (PS3.5 A.4).
 * - deflated: the data set is deflated (1.2.840.10008.1.2.1.99): no frame can be read without inflating; `inner` is the
 *   index inside the inflated data set's bytes.
 */
export type FrameIndex =
  | {
      readonly kind: 'native'
      readonly offset: number
      readonly length: number
      readonly count: number
      readonly bitsPerFrame?: number
    }
  | { readonly kind: 'encapsulated'; readonly frames: readonly (readonly Run[])[] }
  | { readonly kind: 'deflated'; readonly datasetOffset: number; readonly inner: FrameIndex }
  | { readonly kind: 'none' }
