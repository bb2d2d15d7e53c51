import { notFound } from '../errors.ts'
import { findBulkValue, type BulkValue } from '../dicom/parse-dataset.ts'
import { Tag } from '../dicom/tag.ts'
import type { Pacs } from '../pacs.ts'
import type { InstanceRecord } from './instance-record.ts'
import { readFrame } from './read-frame.ts'

/** Pixel Data as one value is put together in memory only up to this. Bytes. */
const LARGEST_WHOLE = 1 << 29
const PIXEL_TAGS: ReadonlySet<string> = new Set([Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData])

/** A value that the metadata named by a BulkDataURI. Errors: 'not-found' code 'bulk-data-not-found'. */
export async function retrieveBulkData(
  pacs: Pick<Pacs, 'objects'>,
  instance: InstanceRecord,
  path: string,
  signal: AbortSignal,
): Promise<{ body: Uint8Array | AsyncIterable<Uint8Array>; size: number; vr: string }> {
  const { frames, headerEnd } = instance.layout
  if (PIXEL_TAGS.has(path)) return pixelValue(pacs, instance, signal)
  const whole = frames.kind === 'deflated' ? instance.size : Math.min(headerEnd, instance.size)
  const bytes = await pacs.objects.read(instance.objectKey, { offset: 0, length: whole })
  const value: BulkValue | undefined = findBulkValue(bytes, path.toUpperCase())
  if (value === undefined) throw notFound('bulk-data-not-found', 'This instance has no such value.')
  return { body: value.bytes, size: value.bytes.length, vr: value.vr }
}

async function pixelValue(
  pacs: Pick<Pacs, 'objects'>,
  instance: InstanceRecord,
  signal: AbortSignal,
): Promise<{ body: Uint8Array | AsyncIterable<Uint8Array>; size: number; vr: string }> {
  const { frames, pixels } = instance.layout
  if (frames.kind === 'native') {
    const bits = frames.bitsPerFrame === undefined ? frames.length * 8 : frames.bitsPerFrame
    const length = Math.ceil((bits * frames.count) / 8)
    const body = await pacs.objects.stream(instance.objectKey, { offset: frames.offset, length }, signal)
    return { body, size: length, vr: 'OW' }
  }
  const parts: Uint8Array[] = []
  let size = 0
  for (let frame = 1; frame <= (pixels?.numberOfFrames ?? 0) && size <= LARGEST_WHOLE; frame++) {
    const bytes = await readFrame(pacs, instance, frame)
    parts.push(bytes)
    size += bytes.length
  }
  if (parts.length === 0) throw notFound('bulk-data-not-found', 'This instance has no such value.')
  return { body: Buffer.concat(parts), size, vr: 'OB' }
}
