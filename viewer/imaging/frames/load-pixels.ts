import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { PixelsUnreadable } from '../../../core/dicom/pixels-unreadable.ts'
import { embeddedOverlays } from '../../../core/dicom/overlay-planes.ts'
import { transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import { isDecodedHere, type DecodedPixels } from './decode-frame.ts'
import type { DecoderPool } from './decoder-pool.ts'
import { fetchFrame, type FetchedFrame } from './fetch-frame.ts'
import { createLinkSpeed, type LinkSpeed } from './link-speed.ts'

const RLE_LOSSLESS = '1.2.840.10008.1.2.5'

export type LoadedPixels = DecodedPixels & {
  /** The transfer syntax in which the archive keeps the frame, or that of its rendition, which is lossless as the frame is. */
  readonly storedAs: string
}

/** Fetches frames and decodes them. */
export interface PixelLoader {
  /** The pixels of the frame at a WADO-RS path. Errors: as `fetchFrame`; PixelsUnreadable; the signal's reason. */
  load(url: string, pixels: PixelDescription, signal: AbortSignal): Promise<LoadedPixels>
}

export function openPixelLoader(decoders: DecoderPool, link: LinkSpeed = createLinkSpeed()): PixelLoader {
  /** The transfer syntax of series that the archive has to decode, so that their frames are not fetched twice. */
  const decodedThere = new Map<string, string>()

  async function timed(
    url: string,
    wanted: Parameters<typeof fetchFrame>[1],
    signal: AbortSignal,
  ): Promise<FetchedFrame> {
    const end = link.begin()
    let came = 0
    try {
      const fetched = await fetchFrame(url, wanted, signal)
      came = fetched.bytes.length
      return fetched
    } finally {
      end(came)
    }
  }

  async function fromArchive(
    url: string,
    stored: string,
    pixels: PixelDescription,
    signal: AbortSignal,
  ): Promise<LoadedPixels> {
    const plain = await timed(url, 'plain', signal)
    const decoded = await decoders.decode({ ...plain, pixels: asDecodedThere(stored, pixels) }, signal)
    return { ...decoded, storedAs: stored }
  }

  return {
    async load(url, pixels, signal) {
      const series = url.split('/instances/')[0] ?? url
      const known = decodedThere.get(series)
      if (known !== undefined) return fromArchive(url, known, pixels, signal)
      const stored = await timed(url, !link.isFast() && mayBeSmall(pixels) ? 'small' : 'stored', signal)
      if (isDecodedHere(stored.transferSyntaxUid, pixels)) {
        try {
          const decoded = await decoders.decode({ ...stored, pixels }, signal)
          return { ...decoded, storedAs: stored.transferSyntaxUid }
        } catch (error) {
          // Whatever a decoder here stumbles over, the archive's own may not.
          if (!(error instanceof PixelsUnreadable)) throw error
        }
      }
      const decoded = await fromArchive(url, stored.transferSyntaxUid, pixels, signal)
      decodedThere.set(series, stored.transferSyntaxUid)
      return decoded
    },
  }
}

/** Colours may be told otherwise in a rendition than in the file, and what hides in unused bits may not be in it. */
const mayBeSmall = (pixels: PixelDescription): boolean =>
  pixels.samplesPerPixel === 1 && pixels.bitsAllocated <= 16 && embeddedOverlays(pixels).length === 0

/** What the archive decodes has the samples of a pixel together, and is RGB where the codestream was YBR. */
function asDecodedThere(transferSyntaxUid: string, pixels: PixelDescription): PixelDescription {
  const converted =
    transferSyntax(transferSyntaxUid)?.encapsulated === true &&
    transferSyntaxUid !== RLE_LOSSLESS &&
    pixels.photometricInterpretation.startsWith('YBR')
  return {
    ...pixels,
    planarConfiguration: 0,
    photometricInterpretation: converted ? 'RGB' : pixels.photometricInterpretation,
  }
}
