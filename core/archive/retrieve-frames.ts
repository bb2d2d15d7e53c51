import { packBits } from '../dicom/pack-bits.ts'
import { pixelDescription } from '../dicom/pixel-description.ts'
import type { DicomJson } from '../dicom/dicom-json.ts'
import { transferSyntax } from '../dicom/transfer-syntax.ts'
import { YunyingError, isYunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { DecodedFrame, EncodedFrame, RenderOptions } from '../ports/frame-codec.ts'
import { instanceMetadata } from './instance-metadata.ts'
import { requirePixels, type InstanceRecord } from './instance-record.ts'
import { lyingBytes, type LyingBytes } from './lying-bytes.ts'
import { frameRun, readFrame, type FrameReader } from './read-frame.ts'

/** Larger frames are streamed from the store, not read. Bytes. */
const LARGEST_READ = 16 << 20

export type FrameBody = Uint8Array | LyingBytes | AsyncIterable<Uint8Array>

/** Whether stored frames are what Explicit VR Little Endian octets would be: then nothing has to be decoded. */
export function isPlain(instance: InstanceRecord): boolean {
  const syntax = transferSyntax(instance.transferSyntaxUid)
  const { pixels } = instance.layout
  return (
    syntax !== undefined &&
    !syntax.encapsulated &&
    !syntax.bigEndian &&
    (pixels === undefined || pixels.samplesPerPixel === 1 || pixels.planarConfiguration === 0)
  )
}

/**
 * A frame as stored: where it lies, bytes where they had to be put together, or a stream when it is large. `frameNumber` is
 * 1-based.
 * Errors: 'not-found' codes 'no-pixels', 'frame-not-found'.
 */
export async function storedFrame(
  pacs: Pick<Pacs, 'objects'>,
  instance: InstanceRecord,
  read: FrameReader,
  frameNumber: number,
  asking: { readonly signal: AbortSignal },
): Promise<{ body: FrameBody; size: number }> {
  if (instance.layout.frames.kind === 'none') requirePixels(instance)
  const run = frameRun(instance.layout.frames, frameNumber)
  if (run !== undefined) {
    const [offset, length] = run
    const { objectKey } = instance
    if (length <= LARGEST_READ) return { body: lyingBytes(pacs, objectKey, { offset, length }), size: length }
    return { body: await pacs.objects.stream(objectKey, { offset, length }, asking.signal), size: length }
  }
  const bytes = await read(frameNumber)
  return { body: bytes, size: bytes.length }
}

/** A frame's stored values, little endian, samples of a pixel together. Errors: 'not-acceptable' when it cannot be decoded here. */
export async function decodeStoredFrame(
  pacs: Pick<Pacs, 'codec'>,
  instance: InstanceRecord,
  read: FrameReader,
  frameNumber: number,
): Promise<DecodedFrame> {
  const pixels = requirePixels(instance)
  return orNotAcceptable(
    pacs.codec.decode({
      bytes: await read(frameNumber),
      transferSyntaxUid: instance.transferSyntaxUid,
      pixels: { ...pixels, presentation: {} },
    }),
    'It can be had as stored (transfer-syntax=*).',
  )
}

/** A frame as a lossless HTJ2K codestream, compressed now. Errors: 'not-acceptable' when it cannot be. */
export async function encodeStoredFrame(
  pacs: Pick<Pacs, 'codec'>,
  instance: InstanceRecord,
  read: FrameReader,
  frameNumber: number,
): Promise<EncodedFrame> {
  const pixels = requirePixels(instance)
  return orNotAcceptable(
    pacs.codec.encode({
      bytes: await read(frameNumber),
      transferSyntaxUid: instance.transferSyntaxUid,
      pixels: { ...pixels, presentation: {} },
    }),
    'It can be had as stored (transfer-syntax=*).',
  )
}

/** What a codec cannot do is not acceptable; what else there is instead is said. */
async function orNotAcceptable<Result>(work: Promise<Result>, instead: string): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (!isYunyingError(error) || error.kind === 'unavailable') throw error
    throw new YunyingError('not-acceptable', error.code, `${error.message} ${instead}`, { cause: error })
  }
}

/** A frame as Explicit VR Little Endian octets: read where it lies so, else decoded. One-bit frames stay packed. */
export async function explicitFrame(
  pacs: Pick<Pacs, 'objects' | 'codec'>,
  instance: InstanceRecord,
  read: FrameReader,
  frameNumber: number,
  asking: { readonly signal: AbortSignal },
): Promise<{ body: FrameBody; size: number }> {
  const native = transferSyntax(instance.transferSyntaxUid)?.encapsulated === false
  if (isPlain(instance) || (native && instance.layout.pixels?.bitsAllocated === 1)) {
    return storedFrame(pacs, instance, read, frameNumber, asking)
  }
  const decoded = await decodeStoredFrame(pacs, instance, read, frameNumber)
  const bytes = instance.layout.pixels?.bitsAllocated === 1 ? packBits(decoded.bytes) : decoded.bytes
  return { body: bytes, size: bytes.length }
}

/** Memory with bytes that lie in the store, for as long as somebody reads them. */
export interface Lent {
  readonly bytes: Uint8Array
  giveBack(): void
}

/** What whoever asks for pictures has at hand, so that it is not had anew for each. */
export interface AtHand {
  metadata(instance: InstanceRecord): Promise<DicomJson>
  lend(lying: LyingBytes): Promise<Lent>
}

/** Larger ones go to another thread, and cannot from memory that is lent. Bytes. */
const LARGEST_LENT = 1 << 20

/** A frame as people see it. Errors: 'not-acceptable' when it cannot be shown. */
export async function renderStoredFrame(
  pacs: Pick<Pacs, 'objects' | 'codec' | 'database'>,
  instance: InstanceRecord,
  frameNumber: number,
  options: RenderOptions,
  atHand?: AtHand,
): Promise<Uint8Array> {
  const pixels = requirePixels(instance)
  const [metadata, { bytes, giveBack }] = await Promise.all([
    atHand?.metadata(instance) ?? instanceMetadata(pacs, instance),
    frameToRender(pacs, instance, frameNumber, atHand),
  ])
  try {
    return await orNotAcceptable(
      pacs.codec.render(
        {
          bytes,
          isLent: giveBack !== undefined,
          transferSyntaxUid: instance.transferSyntaxUid,
          pixels: pixelDescription(pixels, metadata, frameNumber),
        },
        options,
      ),
      'Retrieve the instance instead.',
    )
  } finally {
    giveBack?.()
  }
}

async function frameToRender(
  pacs: Pick<Pacs, 'objects'>,
  instance: InstanceRecord,
  frameNumber: number,
  atHand: AtHand | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly giveBack?: () => void }> {
  if (atHand !== undefined && isPlain(instance)) {
    const [offset, length] = frameRun(instance.layout.frames, frameNumber) ?? [0, Infinity]
    if (length <= LARGEST_LENT) return atHand.lend(lyingBytes(pacs, instance.objectKey, { offset, length }))
  }
  return { bytes: await readFrame(pacs, instance, frameNumber) }
}
