import { Piscina } from 'piscina'
import { fileURLToPath } from 'node:url'
import { unavailable, YunyingError } from '../../core/errors.ts'
import type { DecodedFrame, EncodedFrame, FrameCodec, FrameSource } from '../../core/ports/frame-codec.ts'
import type { CodecAnswer, CodecResult, CodecTask } from './codec-thread.ts'
import { decodeNativeFrame } from './decode-native.ts'
import { drawHere, isDrawnHere } from './draw-here.ts'
import { createGate } from './gate.ts'
import { codecUnavailable } from './pixel-fault.ts'

/** A frame that takes longer was made to. */
const DEADLINE_MS = 20_000
/** Of one thread's JavaScript heap; what a codec allocates is bounded by the frame's size. */
const HEAP_MB = 512
/** Of what is young in it: a task makes few objects, and V8 gives none of this back before the thread ends. */
const YOUNG_MB = 8
/** A thread that did nothing for this long ends. */
const IDLE_MS = 60_000
/** Below this a native frame is decoded sooner than it is copied to a thread. Bytes. */
const SMALL_FRAME = 1 << 20

export interface CodecOptions {
  /** The built codec-thread. */
  readonly threadUrl: URL
  readonly threads: number
  /** Milliseconds one task may run; waiting for a thread does not count. */
  readonly deadlineMs?: number
  /** Megabytes of heap a thread may use. */
  readonly heapMb?: number
}

/** The codec behind a pool of threads, which start with the first task. */
export function openCodec({
  threadUrl,
  threads,
  deadlineMs = DEADLINE_MS,
  heapMb = HEAP_MB,
}: CodecOptions): FrameCodec {
  // As many tasks as threads are under way, so that the deadline is of running alone.
  const gate = createGate(threads)
  const drawing = createGate(threads)
  let pool: Piscina<CodecTask, CodecAnswer> | undefined
  const underWay = new Set<(fault: unknown) => void>()
  let closed = false
  const started = (): Piscina<CodecTask, CodecAnswer> => {
    if (pool !== undefined) return pool
    pool = new Piscina<CodecTask, CodecAnswer>({
      filename: fileURLToPath(threadUrl),
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
    })
    // A thread that ends without a task did not start: whoever waits for one would wait in vain.
    pool.on('error', (error: unknown) => {
      for (const fail of underWay) fail(error)
    })
    return pool
  }

  async function run(task: CodecTask): Promise<CodecResult> {
    const answer = await gate(async () => {
      if (closed) throw codecClosed()
      const deadline = new AbortController()
      const timer = setTimeout(() => deadline.abort(), deadlineMs)
      let unstarted: unknown
      const fail = (fault: unknown): void => {
        unstarted = fault
        deadline.abort()
      }
      underWay.add(fail)
      try {
        const own = ownTask(task)
        return await started().run(own, { signal: deadline.signal, transferList: givenAway(own) })
      } catch (error) {
        if (unstarted !== undefined) throw threadFault(unstarted)
        if (deadline.signal.aborted) throw tooSlow(error)
        throw closed ? codecClosed(error) : threadFault(error)
      } finally {
        clearTimeout(timer)
        underWay.delete(fail)
      }
    })
    if (answer.ok) return answer.result
    throw new YunyingError(answer.kind, answer.code, answer.message, { cause: answer.cause })
  }

  return {
    async decode(source: FrameSource) {
      const here = source.bytes.length <= SMALL_FRAME ? decodeNativeFrame(source, SMALL_FRAME * 2) : undefined
      return here ?? ((await run({ kind: 'decode', source })) as DecodedFrame)
    },
    encode: (source) => run({ kind: 'encode', source }) as Promise<EncodedFrame>,
    async render(source, options) {
      if (!isDrawnHere(source, options)) return (await run({ kind: 'render', source, options })) as Uint8Array
      return drawing(() => {
        if (closed) throw codecClosed()
        return drawHere(source, options)
      })
    },
    placeholder: (shape, placeholder) =>
      run({ kind: 'placeholder', shape, ...placeholder }) as Promise<Uint8Array>,
    convert: (image, mediaType, watermark) =>
      run({
        kind: 'convert',
        image,
        mediaType,
        ...(watermark === undefined ? {} : { watermark }),
      }) as Promise<Uint8Array>,
    shrink: (image, largest) => run({ kind: 'shrink', image, largest }) as Promise<Uint8Array>,
    async close() {
      closed = true
      await pool?.destroy()
    },
  }
}

/** What is lent cannot move to a thread: a copy of it does. */
const ownTask = (task: CodecTask): CodecTask =>
  'source' in task && task.source.isLent === true
    ? { ...task, source: { ...task.source, bytes: new Uint8Array(task.source.bytes), isLent: false } }
    : task

/** Below this a copy costs less than giving the memory away. Bytes. */
const LEAST_GIVEN = 64 << 10

/** A frame moves to its thread; it is not copied, unless it is a part of something larger. */
function givenAway(task: CodecTask): ArrayBuffer[] {
  if (!('source' in task)) return []
  const { buffer, byteLength } = task.source.bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength >= LEAST_GIVEN
    ? [buffer]
    : []
}

const tooSlow = (cause: unknown): YunyingError =>
  new YunyingError('limit', 'decode-timeout', 'The pixel data takes too long to decode.', { cause })

const codecClosed = (cause?: unknown): YunyingError =>
  unavailable('codec-closed', 'The server is stopping; try again.', cause)

/**
 * A thread that died of its frame (out of memory, a fault inside a codec) is replaced and only this frame suffers. Any
 * other fault is of the installation: a thread that does not start says nothing about the frame.
 */
function threadFault(cause: unknown): YunyingError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const died =
    code === 'ERR_WORKER_OUT_OF_MEMORY' || (cause instanceof Error && /worker exited/i.test(cause.message))
  return died
    ? new YunyingError('invalid', 'pixel-data-invalid', 'The pixel data cannot be decoded.', { cause })
    : codecUnavailable(cause)
}
