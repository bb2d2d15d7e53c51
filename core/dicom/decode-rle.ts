import { PixelsUnreadable } from './pixels-unreadable.ts'
import type { PixelDescription } from './pixel-description.ts'

/** A frame cut short is filled up, but beyond this size only as far as its bytes can tell. Bytes. */
const LARGEST_FILLED = 16 << 20

/** RLE Lossless: a segment for each byte of each sample, the most significant first. Source: PS3.5 Annex G. Errors: PixelsUnreadable. */
export function decodeRle(bytes: Uint8Array, pixels: PixelDescription): Uint8Array {
  const bytesPerSample = pixels.bitsAllocated / 8
  const count = pixels.rows * pixels.columns
  const segments = pixels.samplesPerPixel * bytesPerSample
  if (bytes.length < 64) throw new PixelsUnreadable('the RLE header is cut short')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== segments) throw new PixelsUnreadable('the number of RLE segments is wrong')
  const stride = pixels.samplesPerPixel * bytesPerSample
  // Two bytes tell at most 128: less than that is a frame that is not there.
  if (count * stride > LARGEST_FILLED && bytes.length * 64 < count * stride)
    throw new PixelsUnreadable('nearly all of it is missing')
  const out = new Uint8Array(count * stride)
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + 4 * segment, true)
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : bytes.length
    if (start < 64 || start > end || end > bytes.length)
      throw new PixelsUnreadable('an RLE segment lies outside the frame')
    const sample = Math.floor(segment / bytesPerSample)
    const significance = bytesPerSample - 1 - (segment % bytesPerSample)
    unpack(bytes.subarray(start, end), out, sample * bytesPerSample + significance, stride, count)
  }
  return out
}

/** One PackBits segment into every `stride`-th byte of `out` (PS3.5 G.3.2); what is missing stays zero. */
function unpack(packed: Uint8Array, out: Uint8Array, first: number, stride: number, count: number): void {
  let done = 0
  for (let at = 0; at < packed.length && done < count;) {
    const head = packed[at++] ?? 0
    if (head === 128) continue
    if (head < 128) {
      for (let left = head + 1; left > 0 && at < packed.length && done < count; left--) {
        out[first + done++ * stride] = packed[at++] ?? 0
      }
    } else {
      const value = packed[at++] ?? 0
      for (let left = 257 - head; left > 0 && done < count; left--) out[first + done++ * stride] = value
    }
  }
}
