import type { FrameIndex } from '../dicom/frame-index.ts'
import type { PixelDescription } from '../dicom/pixel-description.ts'

/** What a retrieval must know of the received bytes, so that it need not parse them again. */
export interface InstanceLayout {
  /** Where the data set begins in the object (after the meta group), bytes. */
  readonly datasetOffset: number
  /** Where the Pixel Data element begins (its tag), or the object's size when there is none. The header is what lies before it. */
  readonly headerEnd: number
  /** The received bytes begin with a 128-byte preamble and DICM. */
  readonly hasPreamble: boolean
  /** The received bytes have a readable meta group with a transfer syntax. */
  readonly hasMeta: boolean
  readonly frames: FrameIndex
  /** Without `presentation`, which is read from the metadata when something is rendered. Absent without pixels. */
  readonly pixels?: Omit<PixelDescription, 'presentation'>
}
