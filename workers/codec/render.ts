import sharp, { type Sharp } from 'sharp'
import { freeBytes } from '../../core/archive/free-bytes.ts'
import { numbers } from '../../core/dicom/dicom-json.ts'
import { toRgb } from '../../core/dicom/frame-colour.ts'
import type { PixelDescription } from '../../core/dicom/pixel-description.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { FrameSource, RenderedMediaType, RenderOptions } from '../../core/ports/frame-codec.ts'
import { decodeFrame } from './decode.ts'
import { pixelFault } from './pixel-fault.ts'
import { withWatermark } from './watermark.ts'
import { toGray } from './to-gray.ts'

/** The pool has a thread a core; libvips must not start more. */
sharp.concurrency(1)
sharp.cache(false)

const DEFAULT_QUALITY = 85

/** A frame as people see it: decoded, windowed, its pixels made square, scaled into the viewport, encoded. */
export async function renderFrame(source: FrameSource, options: RenderOptions): Promise<Uint8Array> {
  const { pixels } = source
  const frame = await decodeFrame(source)
  const colour = pixels.samplesPerPixel >= 3 || frame.photometricInterpretation === 'PALETTE COLOR'
  const bytes = colour ? toRgb(frame, pixels) : toGray(frame, pixels, options.window, takeLevels(pixels))
  const channels = colour ? 3 : 1
  if (bytes === undefined) throw pixelFault('its palette is missing')
  if (bytes.length < pixels.rows * pixels.columns * channels) throw pixelFault('the frame is too short')
  const image = sharp(bytes, { raw: { width: pixels.columns, height: pixels.rows, channels } })
  const size = shownSize(pixels, options.viewport)
  if (size.width !== pixels.columns || size.height !== pixels.rows) {
    image.resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' })
  }
  if (channels === 1) image.toColourspace('b-w')
  const { mediaType, quality = DEFAULT_QUALITY, watermark } = options
  // Marked as it will be seen: what was scaled is made first.
  const shown =
    watermark === undefined
      ? image
      : await withWatermark(sharp(await image.png({ compressionLevel: 1 }).toBuffer()), size, watermark)
  const encoded = await encode(shown, mediaType, quality)
  // Of grey, this is a copy of ours.
  if (!colour) giveLevelsBack(bytes)
  return encoded
}

/** Larger ones are given back to the system: pictures of that size are rare. Bytes. */
const LARGEST_KEPT = 1 << 20
/** Of the picture before: memory that was touched is filled sooner than new one. */
let keptLevels: Uint8Array | undefined

function takeLevels({ rows, columns }: PixelDescription): Uint8Array {
  const kept = keptLevels
  if (kept?.length !== rows * columns) return new Uint8Array(rows * columns)
  keptLevels = undefined
  return kept
}

function giveLevelsBack(levels: Uint8Array): void {
  if (levels.length > LARGEST_KEPT) freeBytes(levels)
  else keptLevels = levels
}

/** Encodes as asked. */
export function encode(image: Sharp, mediaType: RenderedMediaType, quality: number): Promise<Buffer> {
  switch (mediaType) {
    case 'image/jpeg':
      // Tables of its own would make a picture 6 % smaller and take twice as long; its pixels are the same.
      return image.jpeg({ quality, optimiseCoding: false }).toBuffer()
    case 'image/png':
      return image.png({ compressionLevel: 6 }).toBuffer()
    case 'image/webp':
      return image.webp({ quality, effort: 2 }).toBuffer()
  }
}

/** Width and height in square pixels, no larger than the viewport. */
function shownSize(
  pixels: PixelDescription,
  viewport: { width: number; height: number } | undefined,
): { width: number; height: number } {
  const stretch = rowToColumnSpacing(pixels)
  // The finer direction keeps its pixels, the coarser gets more.
  let width = stretch >= 1 ? pixels.columns : pixels.columns / stretch
  let height = stretch >= 1 ? pixels.rows * stretch : pixels.rows
  if (viewport !== undefined) {
    const scale = Math.min(viewport.width / width, viewport.height / height)
    width *= scale
    height *= scale
  }
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) }
}

/** How much higher than wide a pixel is: row spacing over column spacing, or the aspect ratio (PS3.3 C.7.6.3.1.7). */
function rowToColumnSpacing({ presentation }: PixelDescription): number {
  for (const tag of [Tag.PixelSpacing, '00181164', Tag.PixelAspectRatio]) {
    const [row, column] = numbers(presentation, tag)
    if (row === undefined || column === undefined || !(row > 0) || !(column > 0)) continue
    const ratio = row / column
    // Beyond this it is a mistake of the writer, not a shape.
    if (ratio > 0.05 && ratio < 20) return ratio
  }
  return 1
}
