import { notFound } from '../errors.ts'
import { findBulkValue, type BulkValue } from '../dicom/parse-dataset.ts'
import { Tag } from '../dicom/tag.ts'
import type { Pacs } from '../pacs.ts'
import type { InstanceRecord } from './instance-record.ts'
import { openFrames, type FrameReader } from './read-frame.ts'

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
  const count = pixels?.numberOfFrames ?? 0
  if (count === 0 || frames.kind === 'none')
    throw notFound('bulk-data-not-found', 'This instance has no such value.')
  const read = openFrames(pacs, instance)
  if (frames.kind === 'encapsulated') {
    const present = frames.frames.flatMap((runs, index) => (runs.length === 0 ? [] : [index + 1]))
    const size = frames.frames.flat().reduce((sum, [, length]) => sum + length, 0)
    return { body: eachFrame(read, present), size, vr: 'OB' }
  }
  const parts: Uint8Array[] = []
  for (let frame = 1; frame <= count; frame++) parts.push(await read(frame))
  const body = Buffer.concat(parts)
  return { body, size: body.length, vr: 'OB' }
}

/** Compressed frames one after the other, each read when the one before is on its way. */
async function* eachFrame(read: FrameReader, frames: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const frame of frames) yield await read(frame)
}
