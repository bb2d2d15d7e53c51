import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { PixelsUnreadable } from '../../../core/dicom/pixels-unreadable.ts'
import type { DecodedPixels } from './decode-frame.ts'

export interface DecodeRequest {
  readonly id: number
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly transferSyntaxUid: string
  readonly pixels: PixelDescription
  /** Of colours; copied. */
  readonly profile?: Uint8Array | undefined
}

export interface DecodeAnswer {
  readonly id: number
  readonly decoded?: DecodedPixels
  readonly fault?: string
}

/** Decodes frames in workers, in the order they are asked for. */
export interface DecoderPool {
  /**
   * The frame's pixels; `bytes` are given away, and empty afterwards. Errors: PixelsUnreadable; the signal's reason when
   * nobody waits for it any longer (what a worker is at goes on, but is thrown away).
   */
  decode(request: Omit<DecodeRequest, 'id'>, signal: AbortSignal): Promise<DecodedPixels>
  /** More is waiting than is being decoded. */
  isBehind(): boolean
  /** Starts a worker, and has it load what a frame of the archive's renditions needs, before there is one. */
  prepare(): void
  close(): void
}

interface Job {
  readonly request: DecodeRequest
  readonly done: (answer: DecodeAnswer) => void
}

/** What decoding needs of an instance's attributes: palettes, padding, the modality transform. The rest would be copied for every frame. */
const NEEDED = /^(00281(101|102|103|201|202|203|221|222|223|052|053)|0028(3000|012[0-5]))$/
/** Where an overlay lies in the samples; not, when it has data of its own. */
const OVERLAY = /^(60[01][02468ACE])(0100|0102)$/

/** Workers are started as they are needed, at most `size`. */
export function openDecoderPool(
  size: number,
  startWorker: () => Worker = () =>
    new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module' }),
): DecoderPool {
  const idle: Worker[] = []
  const busy = new Map<Worker, Job>()
  const queue: Job[] = []
  let lastId = 0

  function next(): void {
    while (queue.length > 0) {
      const worker = idle.pop() ?? (busy.size < size ? start() : undefined)
      const job = worker === undefined ? undefined : queue.shift()
      if (worker === undefined || job === undefined) return
      busy.set(worker, job)
      worker.postMessage(job.request, [job.request.bytes.buffer])
    }
  }

  function start(): Worker {
    const worker = startWorker()
    worker.addEventListener('message', (message: MessageEvent<DecodeAnswer>) => {
      const job = busy.get(worker)
      busy.delete(worker)
      idle.push(worker)
      job?.done(message.data)
      next()
    })
    worker.addEventListener('error', (event) => {
      // Out of memory, or its script cannot be had: another takes its place.
      event.preventDefault()
      const job = busy.get(worker)
      busy.delete(worker)
      // One that was prepared has no job yet.
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1)
      worker.terminate()
      job?.done({ id: job.request.id, fault: 'the decoder stopped' })
      next()
    })
    return worker
  }

  return {
    decode({ bytes, transferSyntaxUid, pixels, profile }, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        const request = { id: ++lastId, bytes, transferSyntaxUid, pixels: forDecoding(pixels), profile }
        const onAbort = (): void => {
          const at = queue.indexOf(job)
          if (at >= 0) queue.splice(at, 1)
          reject(signal.reason as Error)
        }
        const job: Job = {
          request,
          done: ({ decoded, fault }) => {
            signal.removeEventListener('abort', onAbort)
            if (decoded === undefined) reject(new PixelsUnreadable(fault ?? 'nothing came of it'))
            else resolve(decoded)
          },
        }
        signal.addEventListener('abort', onAbort, { once: true })
        queue.push(job)
        next()
      })
    },
    isBehind: () => queue.length > size,
    prepare() {
      if (idle.length + busy.size > 0) return
      const worker = start()
      idle.push(worker)
      worker.postMessage('prepare')
    },
    close() {
      for (const worker of [...idle, ...busy.keys()]) worker.terminate()
      idle.length = queue.length = 0
      busy.clear()
    },
  }
}

function forDecoding(pixels: PixelDescription): PixelDescription {
  const presentation = Object.entries(pixels.presentation).filter(([tag]) => {
    const group = OVERLAY.exec(tag)?.[1]
    return NEEDED.test(tag) || (group !== undefined && pixels.presentation[`${group}3000`] === undefined)
  })
  return { ...pixels, presentation: Object.fromEntries(presentation) }
}
