import { notFound } from '../errors.ts'
import type { FrameIndex, Run } from '../dicom/frame-index.ts'
import { inflateDataset } from '../dicom/inflating.ts'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import type { InstanceRecord } from './instance-record.ts'

/** Reads frames of one instance as stored: native bytes, or fragments put together. `frameNumber` is 1-based. */
export type FrameReader = (frameNumber: number) => Promise<Uint8Array>

/**
 * A reader of the frames of an instance. A deflated data set is inflated once for all that it is asked for; so keep the
 * reader no longer than the request. Errors of a read: 'not-found' code 'frame-not-found'.
 */
export function openFrames(
  pacs: Pick<Pacs, 'objects'>,
  instance: Pick<InstanceRecord, 'objectKey' | 'layout'>,
): FrameReader {
  const { frames } = instance.layout
  if (frames.kind === 'deflated') {
    let inflated: Promise<Uint8Array> | undefined
    return async (frameNumber) => {
      inflated ??= pacs.objects
        .read(instance.objectKey)
        .then((whole) => inflateDataset(whole.subarray(frames.datasetOffset)))
      return sliceFrame(await inflated, frames.inner, frameNumber)
    }
  }
  return async (frameNumber) => {
    const { runs, bit } = frameLocation(frames, frameNumber)
    const bytes = await readRuns(pacs, instance.objectKey, runs)
    return bit === undefined ? bytes : alignBits(bytes, bit)
  }
}

/** One frame as stored. Errors: 'not-found' code 'frame-not-found'. */
export async function readFrame(
  pacs: Pick<Pacs, 'objects'>,
  instance: Pick<InstanceRecord, 'objectKey' | 'layout'>,
  frameNumber: number,
): Promise<Uint8Array> {
  return openFrames(pacs, instance)(frameNumber)
}

/** How many frames there are. */
export function frameCount(frames: FrameIndex): number {
  switch (frames.kind) {
    case 'native':
      return frames.count
    case 'encapsulated':
      return frames.frames.length
    case 'deflated':
      return frameCount(frames.inner)
    case 'none':
      return 0
  }
}

/** That all these frames are there, before an answer begins. Errors: 'not-found' code 'frame-not-found'. */
export function requireFrames(frames: FrameIndex, frameNumbers: readonly number[]): void {
  const innermost = frames.kind === 'deflated' ? frames.inner : frames
  for (const frameNumber of frameNumbers) frameLocation(innermost, frameNumber)
}

/** Where a frame lies, for a stream that need not hold it; undefined when it must be made out of its surroundings first. */
export function frameRun(frames: FrameIndex, frameNumber: number): Run | undefined {
  if (frames.kind === 'deflated') return undefined
  const { runs, bit } = frameLocation(frames, frameNumber)
  return runs.length === 1 && bit === undefined ? runs[0] : undefined
}

interface FrameLocation {
  readonly runs: readonly Run[]
  /** For 1-bit frames that do not begin on a byte: the first bit in the first byte, and how many bits. */
  readonly bit?: { readonly first: number; readonly count: number }
}

function frameLocation(frames: FrameIndex, frameNumber: number): FrameLocation {
  const index = frameNumber - 1
  if (frames.kind === 'encapsulated') {
    const runs = frames.frames[index]
    if (runs !== undefined && runs.length > 0) return { runs }
  }
  if (frames.kind === 'native' && index >= 0 && index < frames.count) {
    if (frames.bitsPerFrame === undefined) {
      return { runs: [[frames.offset + index * frames.length, frames.length]] }
    }
    const firstBit = index * frames.bitsPerFrame
    const first = firstBit % 8
    const length = Math.ceil((first + frames.bitsPerFrame) / 8)
    return {
      runs: [[frames.offset + Math.floor(firstBit / 8), length]],
      bit: { first, count: frames.bitsPerFrame },
    }
  }
  throw notFound('frame-not-found', 'This instance has no frame of this number.')
}

async function readRuns(
  pacs: Pick<Pacs, 'objects'>,
  key: ObjectKey,
  runs: readonly Run[],
): Promise<Uint8Array> {
  const parts = await Promise.all(runs.map(([offset, length]) => pacs.objects.read(key, { offset, length })))
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
}

function sliceFrame(dataset: Uint8Array, frames: FrameIndex, frameNumber: number): Uint8Array {
  const { runs, bit } = frameLocation(frames, frameNumber)
  const bytes = Buffer.concat(runs.map(([offset, length]) => dataset.subarray(offset, offset + length)))
  return bit === undefined ? bytes : alignBits(bytes, bit)
}

/** Moves a frame of single bits to the beginning of a byte (PS3.5 8.1.1: the least significant bit comes first). */
function alignBits(bytes: Uint8Array, bit: { first: number; count: number }): Uint8Array {
  const out = new Uint8Array(Math.ceil(bit.count / 8))
  for (let index = 0; index < out.length; index++) {
    const low = (bytes[index] ?? 0) >> bit.first
    const high = bit.first === 0 ? 0 : (bytes[index + 1] ?? 0) << (8 - bit.first)
    out[index] = (low | high) & 0xff
  }
  return out
}
