import type { PlaceholderKind } from '../../core/archive/placeholder-kind.ts'
import { YunyingError, type ErrorKind } from '../../core/errors.ts'
import type {
  DecodedFrame,
  FrameSource,
  RenderedMediaType,
  RenderOptions,
} from '../../core/ports/frame-codec.ts'
import { decodeFrame } from './decode.ts'
import { renderPlaceholder } from './placeholder.ts'
import { renderFrame } from './render.ts'

export type CodecTask =
  | { readonly kind: 'decode'; readonly source: FrameSource }
  | { readonly kind: 'render'; readonly source: FrameSource; readonly options: RenderOptions }
  | {
      readonly kind: 'placeholder'
      readonly shape: PlaceholderKind
      readonly size: number
      readonly mediaType: RenderedMediaType
    }

/** An expected error crosses threads as a value: a class does not survive the crossing. */
export type CodecAnswer =
  | { readonly ok: true; readonly result: DecodedFrame | Uint8Array }
  | { readonly ok: false; readonly kind: ErrorKind; readonly code: string; readonly message: string }

/** What runs in each thread of the pool. */
export default async function run(task: CodecTask): Promise<CodecAnswer> {
  try {
    return { ok: true, result: await perform(task) }
  } catch (error) {
    if (error instanceof YunyingError) {
      return { ok: false, kind: error.kind, code: error.code, message: error.message }
    }
    throw error
  }
}

async function perform(task: CodecTask): Promise<DecodedFrame | Uint8Array> {
  switch (task.kind) {
    case 'decode': {
      const frame = await decodeFrame(task.source)
      return { ...frame, bytes: owned(frame.bytes) }
    }
    case 'render':
      return owned(await renderFrame(task.source, task.options))
    case 'placeholder':
      return owned(await renderPlaceholder(task.shape, task))
  }
}

/** A copy without what surrounds it: the codecs' memory and Node's buffer pool must not be cloned along. */
function owned(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
