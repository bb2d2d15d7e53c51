import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { PixelsUnreadable } from '../../../core/dicom/pixels-unreadable.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import { isDecodedHere, type DecodedPixels } from './decode-frame.ts'
import type { DecoderPool } from './decoder-pool.ts'
import { fetchFrame } from './fetch-frame.ts'

const RLE_LOSSLESS = '1.2.840.10008.1.2.5'

export type LoadedPixels = DecodedPixels & {
  /** The transfer syntax in which the archive keeps the frame. */
  readonly storedAs: string
}

/** Fetches frames and decodes them. */
export interface PixelLoader {
  /** The pixels of the frame at a WADO-RS path. Errors: as `fetchFrame`; PixelsUnreadable; the signal's reason. */
  load(url: string, pixels: PixelDescription, signal: AbortSignal): Promise<LoadedPixels>
}

export function openPixelLoader(decoders: DecoderPool): PixelLoader {
  /** The transfer syntax of series that the archive has to decode, so that their frames are not fetched twice. */
  const decodedThere = new Map<string, string>()

  async function fromArchive(
    url: string,
    stored: string,
    pixels: PixelDescription,
    signal: AbortSignal,
  ): Promise<LoadedPixels> {
    const plain = await fetchFrame(url, EXPLICIT_VR_LITTLE_ENDIAN, signal)
    const decoded = await decoders.decode({ ...plain, pixels: asDecodedThere(stored, pixels) }, signal)
    return { ...decoded, storedAs: stored }
  }

  return {
    async load(url, pixels, signal) {
      const series = url.split('/instances/')[0] ?? url
      const known = decodedThere.get(series)
      if (known !== undefined) return fromArchive(url, known, pixels, signal)
      const stored = await fetchFrame(url, '*', signal)
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
