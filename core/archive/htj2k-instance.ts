import type { DicomJson } from '../dicom/dicom-json.ts'
import { encapsulatedPixels } from '../dicom/encapsulated-pixels.ts'
import { ENCODER } from '../dicom/encoded-frame.ts'
import { usesColourTransform } from '../dicom/htj2k.ts'
import { Tag } from '../dicom/tag.ts'
import { openPart10Writer } from '../dicom/write-part10.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { requirePixels, type InstanceRecord } from './instance-record.ts'
import { openFrames, type FrameReader } from './read-frame.ts'
import { openRendition, type Rendition } from './rendition-table.ts'
import { encodeStoredFrame } from './retrieve-frames.ts'
import { LARGEST_DECODED, decodedSize, readDataset, tooLarge } from './transcode-instance.ts'

/** A DICOM file whose frames are HTJ2K. */
export interface Htj2kInstance {
  /** Bytes. */
  readonly size: number
  /** The file from its beginning, for one reader. Errors: 'not-found' code 'object-not-found' when the rendition goes away meanwhile. */
  pieces(): AsyncGenerator<Uint8Array>
}

/**
 * The instance in an HTJ2K transfer syntax that its pixels can be told in (core/dicom/htj2k.ts): text in UTF-8, everything
 * else with the values it has, frames out of the rendition or, where none is given, compressed now.
 *
 * Errors: 'not-found' code 'object-not-found' when the rendition is gone; 'not-acceptable' when it cannot be made; 'limit'
 * code 'instance-too-large'.
 */
export async function htj2kInstance(
  pacs: Pick<Pacs, 'objects' | 'codec'>,
  instance: InstanceRecord,
  transferSyntaxUid: string,
  rendition: Rendition | undefined,
): Promise<Htj2kInstance> {
  const pixels = requirePixels(instance)
  const { lengths, read } =
    rendition === undefined ? await encodeAll(pacs, instance) : keptFrames(pacs, rendition)
  if (lengths.length !== pixels.numberOfFrames) {
    throw new YunyingError(
      'not-acceptable',
      'transcoding-unsupported',
      'This instance does not have the frames it says it has; ask for it as stored (transfer-syntax=*).',
    )
  }
  const dataset = await readDataset(pacs, instance)
  const first = await read(1)
  const layout = encapsulatedPixels(lengths)
  const described: DicomJson =
    pixels.samplesPerPixel === 1
      ? {}
      : {
          [Tag.PlanarConfiguration]: { vr: 'US', Value: [0] },
          [Tag.PhotometricInterpretation]: {
            vr: 'CS',
            Value: [usesColourTransform(first) ? 'YBR_RCT' : pixels.photometricInterpretation],
          },
        }
  const write = openPart10Writer('ISO_IR 192')
  const head = Buffer.concat(write({ dataset: { ...dataset, ...described }, transferSyntaxUid }))
  return {
    size: head.length + layout.size,
    async *pieces() {
      yield head
      yield layout.head
      for (const index of lengths.keys()) {
        yield layout.itemHead(index)
        yield index === 0 ? first : await read(index + 1)
        yield layout.padding(index)
      }
      yield layout.end
    },
  }
}

/** Of which encoder its bytes are. */
export const encoderOf = (rendition: Rendition | undefined): number => rendition?.encoder ?? ENCODER

interface Frames {
  /** Of each frame, bytes. */
  readonly lengths: readonly number[]
  readonly read: FrameReader
}

function keptFrames(pacs: Pick<Pacs, 'objects'>, rendition: Rendition): Frames {
  return {
    lengths: rendition.frameEnds.map((ends) => ends.at(-1) ?? 0),
    read: openRendition(pacs, rendition),
  }
}

/** All frames, in memory: their lengths stand before them. */
async function encodeAll(pacs: Pick<Pacs, 'objects' | 'codec'>, instance: InstanceRecord): Promise<Frames> {
  const pixels = requirePixels(instance)
  if (decodedSize(pixels) > LARGEST_DECODED) throw tooLarge()
  const read = openFrames(pacs, instance)
  const frames: Uint8Array[] = []
  for (let frame = 1; frame <= pixels.numberOfFrames; frame++)
    frames.push((await encodeStoredFrame(pacs, instance, read, frame)).bytes)
  return {
    lengths: frames.map(({ length }) => length),
    read: (frameNumber) => Promise.resolve(frames[frameNumber - 1] ?? new Uint8Array(0)),
  }
}
