import { HTJ2K_LOSSLESS_RPCL } from '../../../core/dicom/rendition-refusal.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../../../core/dicom/transfer-syntax.ts'

/** Before an answer counts as lost: the network may stumble, a server may be restarting. Milliseconds. */
const RETRY_AFTER: readonly number[] = [300, 1200]

export interface FetchedFrame {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly transferSyntaxUid: string
}

/** The archive answered that it has no such frame, or will not give it. */
export class FrameRefused extends Error {
  override readonly name = 'FrameRefused'
  constructor(readonly status: number) {
    super(`the frame was answered with ${status}`)
  }
}

const octets = (transferSyntaxUid: string): string =>
  `application/octet-stream; transfer-syntax=${transferSyntaxUid}`

/** How a frame is wanted: `plain` as Explicit VR Little Endian, `small` from its HTJ2K rendition where there is one. */
const ACCEPT = {
  plain: octets(EXPLICIT_VR_LITTLE_ENDIAN),
  stored: octets('*'),
  small: `image/jphc; transfer-syntax=${HTJ2K_LOSSLESS_RPCL}, ${octets('*')}; q=0.5`,
} as const

/**
 * One frame of a WADO-RS path, under the session of the page. Errors: FrameRefused; whatever `fetch` throws, after retries;
 * the signal's reason.
 */
export async function fetchFrame(
  url: string,
  wanted: keyof typeof ACCEPT,
  signal: AbortSignal,
): Promise<FetchedFrame> {
  const accept = ACCEPT[wanted]
  for (let tries = 0; ; tries++) {
    const wait = RETRY_AFTER[tries]
    try {
      return await fetchOnce(url, accept, signal)
    } catch (error) {
      const isFinal = error instanceof FrameRefused && error.status < 500 && error.status !== 429
      if (wait === undefined || isFinal || signal.aborted) throw error
      await pause(wait, signal)
    }
  }
}

async function fetchOnce(url: string, accept: string, signal: AbortSignal): Promise<FetchedFrame> {
  const response = await fetch(url, { headers: { Accept: accept }, credentials: 'same-origin', signal })
  if (!response.ok) {
    await response.body?.cancel()
    throw new FrameRefused(response.status)
  }
  const stated = /transfer-syntax="?([0-9.]+)/.exec(response.headers.get('Content-Type') ?? '')?.[1]
  return {
    // The body, too, may break off: it is part of the try.
    bytes: new Uint8Array(await response.arrayBuffer()),
    transferSyntaxUid: stated ?? EXPLICIT_VR_LITTLE_ENDIAN,
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
