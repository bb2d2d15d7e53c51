import type { PlaceholderKind } from '../archive/placeholder-kind.ts'
import type { DecodedFrame } from '../dicom/decoded-frame.ts'
import type { EncodedFrame } from '../dicom/encoded-frame.ts'
import type { PixelDescription } from '../dicom/pixel-description.ts'

export type { DecodedFrame, EncodedFrame }

export interface FrameSource {
  /**
   * One frame as stored: native bytes, or its fragments put together. Given away, unless they are lent: who asks may not read
   * them afterwards.
   */
  readonly bytes: Uint8Array
  /** They stay with who asks, who may use them again when the answer is there; nobody writes in them. */
  readonly isLent?: boolean
  readonly transferSyntaxUid: string
  readonly pixels: PixelDescription
}

export type RenderedMediaType = 'image/jpeg' | 'image/png' | 'image/webp'

export interface RenderOptions {
  readonly mediaType: RenderedMediaType
  /** 1 to 100, JPEG and WebP. */
  readonly quality?: number
  /** PS3.18 8.3.5.1.4: replaces the stored VOI. */
  readonly window?: { center: number; width: number; function: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID' }
  /** Largest size in pixels; the aspect ratio (pixel spacing included) is kept. */
  readonly viewport?: { width: number; height: number }
  /** Words that lie all over the picture. */
  readonly watermark?: string
}

/**
 * Decodes, renders and encodes frames, in a pool of threads. Errors: kind 'unsupported' code 'transfer-syntax-unsupported';
 * kind 'invalid' code 'pixel-data-invalid' (corrupt, absurd size, wrong length); kind 'limit' code 'decode-timeout'.
 * Errors with a watermark: kind 'unavailable' code 'watermark-unavailable' (no font). A hostile frame costs at most its own thread.
 */
export interface FrameCodec {
  decode(source: FrameSource): Promise<DecodedFrame>
  render(source: FrameSource, options: RenderOptions): Promise<Uint8Array>
  /** As HTJ2K without any loss. Besides, errors: kind 'unsupported' code 'rendition-refused' for pixels of a kind that cannot be. */
  encode(source: FrameSource): Promise<EncodedFrame>
  /** What stands for an instance without pixels; square, `size` pixels wide. */
  placeholder(
    shape: PlaceholderKind,
    options: { size: number; mediaType: RenderedMediaType },
  ): Promise<Uint8Array>
  /** An encoded picture in another encoding, with words all over it where given. */
  convert(image: Uint8Array, mediaType: RenderedMediaType, watermark?: string): Promise<Uint8Array>
  /**
   * A picture that somebody gave us, as WebP of at most so many pixels wide and high, and nothing else of its file. Errors:
   * kind 'invalid' code 'picture-invalid' unless it is PNG, JPEG or WebP.
   */
  shrink(image: Uint8Array, largest: number): Promise<Uint8Array>
  close(): Promise<void>
}
