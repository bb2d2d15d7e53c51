import { Piscina } from 'piscina'
import { fileURLToPath } from 'node:url'
import { YunyingError } from '../../core/errors.ts'
import type { DecodedFrame, FrameCodec } from '../../core/ports/frame-codec.ts'
import type { CodecAnswer, CodecTask } from './codec-thread.ts'

/** A frame that takes longer was made to. */
const DEADLINE_MS = 20_000
/** Of one thread's JavaScript heap; what a codec allocates is bounded by the frame's size. */
const HEAP_MB = 512
/** A thread that did nothing for this long ends. */
const IDLE_MS = 60_000

/** The codec behind a pool of threads, which start with the first task. */
export function openCodec(options: { threadUrl: URL; threads: number }): FrameCodec {
  let pool: Piscina<CodecTask, CodecAnswer> | undefined
  const started = (): Piscina<CodecTask, CodecAnswer> => {
    pool ??= new Piscina<CodecTask, CodecAnswer>({
      filename: fileURLToPath(options.threadUrl),
      minThreads: 0,
      maxThreads: options.threads,
      idleTimeout: IDLE_MS,
      maxQueue: 10_000,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
    return pool
  }

  async function run(task: CodecTask): Promise<DecodedFrame | Uint8Array> {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), DEADLINE_MS)
    try {
      const answer = await started().run(task, { signal: deadline.signal })
      if (!answer.ok) throw new YunyingError(answer.kind, answer.code, answer.message)
      return answer.result
    } catch (error) {
      if (deadline.signal.aborted) {
        throw new YunyingError('limit', 'decode-timeout', 'The pixel data takes too long to decode.', {
          cause: error,
        })
      }
      if (error instanceof YunyingError) throw error
      // The thread died (out of memory, a fault inside a codec) and is replaced; only this frame suffers.
      throw new YunyingError('invalid', 'pixel-data-invalid', 'The pixel data cannot be decoded.', {
        cause: error,
      })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    decode: (source) => run({ kind: 'decode', source }) as Promise<DecodedFrame>,
    render: (source, render) => run({ kind: 'render', source, options: render }) as Promise<Uint8Array>,
    placeholder: (shape, placeholder) =>
      run({ kind: 'placeholder', shape, ...placeholder }) as Promise<Uint8Array>,
    close: async () => {
      await pool?.destroy()
    },
  }
}
