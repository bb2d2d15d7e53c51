import { move, transferableSymbol, valueSymbol } from 'piscina'
import sharp from 'sharp'
import { freeBytes } from '../../core/archive/free-bytes.ts'
import type { PlaceholderKind } from '../../core/archive/placeholder-kind.ts'
import type { ErrorKind } from '../../core/errors.ts'
import type {
  DecodedFrame,
  EncodedFrame,
  FrameSource,
  RenderedMediaType,
  RenderOptions,
} from '../../core/ports/frame-codec.ts'
import { stepBack } from '../../core/step-back.ts'
import { decodeFrame } from './decode.ts'
import { createHtj2kEncoder } from './encode-htj2k.ts'
import { pixelFaultOf } from './pixel-fault.ts'
import { renderPlaceholder } from './placeholder.ts'
import { encode, renderFrame } from './render.ts'
import { shrink } from './shrink.ts'
import { withWatermark } from './watermark.ts'

const CONVERTED_QUALITY = 85

stepBack()

/** One a thread; its memory grows with the first frame it encodes. */
const encodeHtj2k = createHtj2kEncoder()

export type CodecTask =
  | { readonly kind: 'decode'; readonly source: FrameSource }
  | { readonly kind: 'encode'; readonly source: FrameSource }
  | { readonly kind: 'render'; readonly source: FrameSource; readonly options: RenderOptions }
  | {
      readonly kind: 'convert'
      readonly image: Uint8Array
      readonly mediaType: RenderedMediaType
      readonly watermark?: string
    }
  | { readonly kind: 'shrink'; readonly image: Uint8Array; readonly largest: number }
  | {
      readonly kind: 'placeholder'
      readonly shape: PlaceholderKind
      readonly size: number
      readonly mediaType: RenderedMediaType
    }

export type CodecResult = DecodedFrame | EncodedFrame | Uint8Array

/** An expected error crosses threads as a value: a class does not survive the crossing. */
export type CodecAnswer =
  | { readonly ok: true; readonly result: CodecResult }
  | {
      readonly ok: false
      readonly kind: ErrorKind
      readonly code: string
      readonly message: string
      /** For the log. */
      readonly cause?: string
    }

/** What runs in each thread of the pool. */
export default async function run(task: CodecTask): Promise<CodecAnswer> {
  try {
    return moved({ ok: true, result: await perform(task) })
  } catch (error) {
    const fault = pixelFaultOf(error)
    const cause = fault.cause instanceof Error ? { cause: String(fault.cause.stack) } : {}
    return { ok: false, kind: fault.kind, code: fault.code, message: fault.message, ...cause }
  }
}

/** The result's memory goes to whoever asked, and is not copied. */
function moved(answer: CodecAnswer & { ok: true }): CodecAnswer {
  const { buffer, byteLength } = answer.result instanceof Uint8Array ? answer.result : answer.result.bytes
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== byteLength) return answer
  return move({ [transferableSymbol]: buffer, [valueSymbol]: answer }) as unknown as CodecAnswer
}

async function perform(task: CodecTask): Promise<CodecResult> {
  switch (task.kind) {
    case 'decode': {
      const frame = await decodeFrame(task.source)
      return { ...frame, bytes: owned(frame.bytes) }
    }
    case 'encode':
      return encodeHtj2k(task.source)
    case 'render': {
      const image = owned(await renderFrame(task.source, task.options))
      // The thread has it to itself. Left to the garbage collector, half a megabyte a picture keeps that busy.
      freeBytes(task.source.bytes)
      return image
    }
    case 'convert':
      return owned(await convert(task))
    case 'shrink':
      return owned(await shrink(task.image, task.largest))
    case 'placeholder':
      return owned(await renderPlaceholder(task.shape, task))
  }
}

async function convert(task: CodecTask & { kind: 'convert' }): Promise<Uint8Array> {
  const image = sharp(task.image)
  if (task.watermark === undefined) return encode(image, task.mediaType, CONVERTED_QUALITY)
  const { width, height } = await image.metadata()
  return encode(
    await withWatermark(image, { width, height }, task.watermark),
    task.mediaType,
    CONVERTED_QUALITY,
  )
}

/** A copy without what surrounds it: the codecs' memory and Node's buffer pool must not be cloned along. */
function owned(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
