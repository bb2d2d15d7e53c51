import { freeBytes } from '../../core/archive/free-bytes.ts'
import { storedWindow } from '../../core/dicom/grayscale.ts'
import type { FrameSource, RenderOptions } from '../../core/ports/frame-codec.ts'
import { isNative } from './decode-native.ts'
import { codecUnavailable, pixelFaultOf } from './pixel-fault.ts'

/** A CT slice: its grey levels are made in half a millisecond. Pixels. */
const MOST_PIXELS = 512 * 512

/**
 * Whether a picture costs its caller less than the way to another thread and back: grey, uncompressed, small, and with a
 * window that need not be found in its values. Encoding is done by a thread of libuv in either case.
 */
export function isDrawnHere({ transferSyntaxUid, pixels }: FrameSource, options: RenderOptions): boolean {
  return (
    isNative(transferSyntaxUid) &&
    pixels.samplesPerPixel === 1 &&
    pixels.photometricInterpretation !== 'PALETTE COLOR' &&
    pixels.bitsAllocated <= 16 &&
    pixels.rows * pixels.columns <= MOST_PIXELS &&
    options.viewport === undefined &&
    options.watermark === undefined &&
    (options.window ?? storedWindow(pixels.presentation)) !== undefined
  )
}

const load = () => import('./render.ts')
let loaded: ReturnType<typeof load> | undefined

/** The library is loaded with the first picture: most processes draw none. */
function openRenderer(): ReturnType<typeof load> {
  loaded ??= load().catch((error: unknown) => {
    loaded = undefined
    throw codecUnavailable(error)
  })
  return loaded
}

/** As the thread renders it. Errors: as FrameCodec.render. */
export async function drawHere(source: FrameSource, options: RenderOptions): Promise<Uint8Array> {
  const { renderFrame } = await openRenderer()
  try {
    const image = await renderFrame(source, options)
    if (source.isLent !== true) freeBytes(source.bytes)
    return image
  } catch (error) {
    throw pixelFaultOf(error)
  }
}
