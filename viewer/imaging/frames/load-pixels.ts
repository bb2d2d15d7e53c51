import { items } from '../../../core/dicom/dicom-json.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { PixelsUnreadable } from '../../../core/dicom/pixels-unreadable.ts'
import { embeddedOverlays } from '../../../core/dicom/overlay-planes.ts'
import { HTJ2K_LOSSLESS_RPCL } from '../../../core/dicom/rendition-refusal.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import { bulkBytes } from './bulk-bytes.ts'
import { profileElement } from './colour-profile.ts'
import type { DecodedPixels } from './decode-frame.ts'
import { isDecodedHere, RLE_LOSSLESS } from './decoded-here.ts'
import type { DecoderPool } from './decoder-pool.ts'
import type { FetchedFrame, FetchFrame, Turn } from './fetch-frame.ts'
import { fetchTimed } from './fetch-timed.ts'
import { createLinkSpeed, type LinkSpeed } from './link-speed.ts'
import { isWhole, previewBytes } from './preview-bytes.ts'

/** Frames without loss are about so many times smaller than their pixels. */
const PACKED = 3

export type LoadedPixels = DecodedPixels & {
  /** The transfer syntax in which the archive keeps the frame, or that of its rendition, which is lossless as the frame is. */
  readonly storedAs: string
  /** The beginning of the frame, when that is all these pixels were decoded from: a preview. Undefined: they are exact. */
  readonly beginning: FetchedFrame | undefined
}

/** Fetches frames and decodes them. */
export interface PixelLoader {
  /** The pixels of the frame at a WADO-RS path. Errors: as `fetchFrame`; PixelsUnreadable; the signal's reason. */
  load(url: string, pixels: PixelDescription, signal: AbortSignal, turn?: Turn): Promise<LoadedPixels>
  /** The same, or a preview of them in full size, where the link is slow and the archive has a rendition that begins with one. */
  loadQuickly(url: string, pixels: PixelDescription, signal: AbortSignal, turn?: Turn): Promise<LoadedPixels>
  /** What a preview is the beginning of. Only what is missing is fetched. Errors: as `load`. */
  complete(
    beginning: FetchedFrame,
    url: string,
    pixels: PixelDescription,
    signal: AbortSignal,
    turn?: Turn,
  ): Promise<LoadedPixels>
  /** Whether `loadQuickly` will ask for a beginning, in which a preview is hoped for. */
  beginsWithPreview(url: string, pixels: PixelDescription): boolean
  /** Whether frames come slowly. */
  isSlow(): boolean
  /** What of a frame `loadQuickly` will fetch, as far as that is known before. Bytes. */
  expects(url: string, pixels: PixelDescription): number
  /** As much as is on its way at once when a far link is full. Bytes; 0: not known, or not far. */
  linkHolds(): number
  /** Whether frames come quicker than they are decoded. */
  isBehind(): boolean
}

/** What became known of series. */
export interface KnownSeries {
  /** The transfer syntax of those that the archive has to decode, so that their frames are not fetched twice. */
  readonly decodedThere: Map<string, string>
  /** What a frame came as last. Bytes. */
  readonly came: Map<string, number>
  /** Those whose frames have no rendition: their beginnings show nothing. */
  readonly withoutPreview: Set<string>
}

export const nothingKnown = (): KnownSeries => ({
  decodedThere: new Map(),
  came: new Map(),
  withoutPreview: new Set(),
})

/** @param fetchOne how frames are fetched: each alone, unless said */
export function openPixelLoader(
  decoders: DecoderPool,
  link: LinkSpeed = createLinkSpeed(),
  fetchOne: FetchFrame = fetchTimed(link),
  { decodedThere, came, withoutPreview }: KnownSeries = nothingKnown(),
): PixelLoader {
  /** Decodes what was fetched, with its colour profile. A frame is not lost for one that cannot be had: that is said. */
  async function decodeHere(
    { bytes, transferSyntaxUid }: FetchedFrame,
    pixels: PixelDescription,
    signal: AbortSignal,
  ): Promise<DecodedPixels> {
    const element = profileElement(pixels)
    const profile = element && (await bulkBytes(element).catch(() => undefined))
    const decoded = await decoders.decode({ bytes, transferSyntaxUid, pixels, profile }, signal)
    const isMissing = decoded.kind === 'colour' && element !== undefined && profile === undefined
    return isMissing ? { ...decoded, profile: 'missing' } : decoded
  }

  async function fromArchive(
    url: string,
    stored: string,
    pixels: PixelDescription,
    signal: AbortSignal,
  ): Promise<LoadedPixels> {
    const plain = await fetchOne(url, 'plain', signal)
    const decoded = await decodeHere(plain, asDecodedThere(stored, pixels), signal)
    return { ...decoded, storedAs: stored, beginning: undefined }
  }

  async function decode(
    url: string,
    stored: FetchedFrame,
    pixels: PixelDescription,
    signal: AbortSignal,
  ): Promise<LoadedPixels> {
    came.set(seriesOf(url), stored.size)
    if (isDecodedHere(stored.transferSyntaxUid, pixels)) {
      try {
        const decoded = await decodeHere(stored, pixels, signal)
        return { ...decoded, storedAs: stored.transferSyntaxUid, beginning: undefined }
      } catch (error) {
        // Whatever a decoder here stumbles over, the archive's own may not.
        if (!(error instanceof PixelsUnreadable)) throw error
      }
    }
    const decoded = await fromArchive(url, stored.transferSyntaxUid, pixels, signal)
    decodedThere.set(seriesOf(url), stored.transferSyntaxUid)
    return decoded
  }

  /** Bytes that make a preview; undefined: the frame is fetched whole. */
  function beginningOf(url: string, pixels: PixelDescription): number | undefined {
    const isGain = mayBeSmall(pixels) && isSmooth(pixels) && link.isSlow()
    const isKnown = withoutPreview.has(seriesOf(url)) || decodedThere.has(seriesOf(url))
    return isGain && !isKnown ? previewBytes(pixels) : undefined
  }

  const self: PixelLoader = {
    async load(url, pixels, signal, turn) {
      // Beside the frame; who needs it says what became of it.
      const element = profileElement(pixels)
      if (element !== undefined) bulkBytes(element).catch(() => undefined)
      const known = decodedThere.get(seriesOf(url))
      if (known !== undefined) return fromArchive(url, known, pixels, signal)
      const wanted = !link.isFast() && mayBeSmall(pixels) ? 'small' : 'stored'
      const stored = await fetchOne(url, wanted, signal, { turn })
      if (wanted === 'small' && stored.transferSyntaxUid !== HTJ2K_LOSSLESS_RPCL)
        withoutPreview.add(seriesOf(url))
      return decode(url, stored, pixels, signal)
    },
    async loadQuickly(url, pixels, signal, turn) {
      const series = seriesOf(url)
      const to = beginningOf(url, pixels)
      if (to === undefined) return self.load(url, pixels, signal, turn)
      const beginning = await fetchOne(url, 'small', signal, { part: { from: 0, to }, turn })
      if (isWhole(beginning)) return decode(url, beginning, pixels, signal)
      if (beginning.transferSyntaxUid !== HTJ2K_LOSSLESS_RPCL) {
        withoutPreview.add(series)
        return self.complete(beginning, url, pixels, signal)
      }
      try {
        // What is decoded is given away, and the rest is yet to be put behind it.
        const decoded = await decoders.decode(
          { ...beginning, bytes: beginning.bytes.slice(), pixels },
          signal,
        )
        return { ...decoded, storedAs: beginning.transferSyntaxUid, beginning }
      } catch (error) {
        if (!(error instanceof PixelsUnreadable)) throw error
        return self.complete(beginning, url, pixels, signal)
      }
    },
    async complete(beginning, url, pixels, signal, turn) {
      const rest = await fetchOne(url, 'small', signal, { part: { from: beginning.bytes.length }, turn })
      // The server gives no parts.
      if (isWhole(rest)) return decode(url, rest, pixels, signal)
      const isRest =
        rest.etag === beginning.etag && beginning.bytes.length + rest.bytes.length === beginning.size
      // Another rendition was made meanwhile.
      if (!isRest) return self.load(url, pixels, signal)
      const bytes = new Uint8Array(beginning.size)
      bytes.set(beginning.bytes)
      bytes.set(rest.bytes, beginning.bytes.length)
      return decode(url, { ...beginning, bytes }, pixels, signal)
    },
    isSlow: () => link.isSlow(),
    beginsWithPreview: (url, pixels) => beginningOf(url, pixels) !== undefined,
    expects(url, pixels) {
      const { rows, columns, samplesPerPixel, bitsAllocated } = pixels
      const guessed = (rows * columns * samplesPerPixel * bitsAllocated) / 8 / PACKED
      return beginningOf(url, pixels) ?? came.get(seriesOf(url)) ?? guessed
    },
    linkHolds: () => link.holds(),
    isBehind: () => decoders.isBehind(),
  }
  return self
}

const seriesOf = (url: string): string => url.split('/instances/')[0] ?? url

/** Colours but RGB may be told otherwise in a rendition than in the file, and what hides in unused bits may not be in it. */
const mayBeSmall = (pixels: PixelDescription): boolean =>
  pixels.samplesPerPixel === 1
    ? pixels.bitsAllocated <= 16 && embeddedOverlays(pixels).length === 0
    : pixels.samplesPerPixel === 3 && pixels.photometricInterpretation === 'RGB' && pixels.bitsAllocated === 8

/** Between two entries of a palette or a table there may be anything: a soft image of them is another image. */
const isSmooth = ({ photometricInterpretation, presentation }: PixelDescription): boolean =>
  photometricInterpretation !== 'PALETTE COLOR' && items(presentation, Tag.ModalityLUTSequence).length === 0

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
