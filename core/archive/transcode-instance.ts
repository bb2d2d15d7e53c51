import { packBits } from '../dicom/pack-bits.ts'
import { Tag } from '../dicom/tag.ts'
import { datasetToJson } from '../dicom/parse-dataset.ts'
import { openPart10Writer } from '../dicom/write-part10.ts'
import type { DicomJson } from '../dicom/dicom-json.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { InstanceLayout } from './instance-layout.ts'
import type { InstanceRecord } from './instance-record.ts'
import { openFrames } from './read-frame.ts'
import { decodeStoredFrame } from './retrieve-frames.ts'

/** A whole instance is decoded in memory; a larger one is retrieved as stored, or frame by frame. Bytes. */
export const LARGEST_DECODED = 1 << 29

/** What all frames take, decoded. Bytes. */
export const decodedSize = (pixels: NonNullable<InstanceLayout['pixels']>): number =>
  (pixels.rows * pixels.columns * pixels.samplesPerPixel * pixels.bitsAllocated * pixels.numberOfFrames) / 8

export const tooLarge = (): YunyingError =>
  new YunyingError(
    'limit',
    'instance-too-large',
    'This instance is too large to transcode as a whole; retrieve it as stored or by frames.',
  )

/** What is not of the pixels, as DICOM JSON with all values in it. Errors: 'limit' code 'instance-too-large'. */
export async function readDataset(pacs: Pick<Pacs, 'objects'>, instance: InstanceRecord): Promise<DicomJson> {
  const { headerEnd } = instance.layout
  if (headerEnd > LARGEST_DECODED) throw tooLarge()
  const header = await pacs.objects.read(instance.objectKey, {
    offset: 0,
    length: Math.min(headerEnd, instance.size),
  })
  const dataset = datasetToJson(header, { bulkDataUri: () => '', inlineLimit: Number.MAX_SAFE_INTEGER })
  for (const tag of [
    Tag.PixelData,
    Tag.FloatPixelData,
    Tag.DoubleFloatPixelData,
    Tag.ExtendedOffsetTable,
    Tag.ExtendedOffsetTableLengths,
  ]) {
    delete dataset[tag]
  }
  return dataset
}

/**
 * The instance in Explicit VR Little Endian, as chunks of a Part 10 file: pixels decoded, text in UTF-8, everything else
 * with the values it has. Errors: 'not-acceptable' when its pixels cannot be decoded here, 'limit' when it is too large.
 */
export async function transcodeInstance(
  pacs: Pick<Pacs, 'objects' | 'codec'>,
  instance: InstanceRecord,
): Promise<Uint8Array[]> {
  const { pixels, frames } = instance.layout
  if (pixels !== undefined && decodedSize(pixels) > LARGEST_DECODED) throw tooLarge()
  const dataset = await readDataset(pacs, instance)
  const write = openPart10Writer('ISO_IR 192')
  if (pixels === undefined || frames.kind === 'none') return write({ dataset })
  if (pixels.sampleKind !== 'integer') {
    throw new YunyingError(
      'not-acceptable',
      'transcoding-unsupported',
      'These pixels are retrieved as stored only; ask for transfer-syntax=*.',
    )
  }
  const decoded: Uint8Array[] = []
  let described: DicomJson = {}
  const read = openFrames(pacs, instance)
  for (let frame = 1; frame <= pixels.numberOfFrames; frame++) {
    const one = await decodeStoredFrame(pacs, instance, read, frame)
    decoded.push(one.bytes)
    described = { [Tag.PhotometricInterpretation]: { vr: 'CS', Value: [one.photometricInterpretation] } }
  }
  if (pixels.samplesPerPixel > 1) described[Tag.PlanarConfiguration] = { vr: 'US', Value: [0] }
  const whole = Buffer.concat(decoded)
  // Frames of single bits follow one another without a gap.
  return write({
    dataset: { ...dataset, ...described },
    pixels: pixels.bitsAllocated === 1 ? packBits(whole) : whole,
  })
}
