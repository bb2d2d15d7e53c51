import { HTJ2K_LOSSLESS_RPCL } from '../../../core/dicom/rendition-refusal.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../../../core/dicom/transfer-syntax.ts'
import type { Transfer } from './link-speed.ts'
import { shareHeaders } from '../../client/shared-page.ts'

/** Before an answer counts as lost: the network may stumble, a server may be restarting. Milliseconds. */
const RETRY_AFTER: readonly number[] = [300, 1200]

export type Heard = Pick<Transfer, 'answered' | 'arrived'>

export interface FetchedFrame {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly transferSyntaxUid: string
  /** Bytes of the whole frame as it is served: more than there are here where a part was asked for. */
  readonly size: number
  /** Names what the bytes are a part of; empty where the server does not say. */
  readonly etag: string
}

/** A part of a frame: bytes from the first on, up to and without the other. */
export interface ByteSpan {
  readonly from: number
  readonly to?: number
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

/** Frames that are asked for under one of these may come in one answer: nobody waits for a single one of them. */
export type Turn = symbol

/** How a frame is fetched. */
export type FetchFrame = (
  url: string,
  wanted: Wanted,
  signal: AbortSignal,
  options?: { readonly part?: ByteSpan | undefined; readonly turn?: Turn | undefined },
) => Promise<FetchedFrame>

export type Wanted = keyof typeof ACCEPT

/** How a frame is wanted: `plain` as Explicit VR Little Endian, `small` from its HTJ2K rendition where there is one. */
export const ACCEPT = {
  plain: octets(EXPLICIT_VR_LITTLE_ENDIAN),
  stored: octets('*'),
  small: `image/jphc; transfer-syntax=${HTJ2K_LOSSLESS_RPCL}, ${octets('*')}; q=0.5`,
} as const

/**
 * One frame of a WADO-RS path, under the session of the page; of a part of it (RFC 9110 14.2), where the server gives parts,
 * only that. `transfer` hears when the answer begins and is here. Errors: FrameRefused; whatever `fetch` throws, after retries; the signal's reason.
 */
export async function fetchFrame(
  url: string,
  wanted: Wanted,
  signal: AbortSignal,
  part?: ByteSpan,
  transfer?: Heard,
): Promise<FetchedFrame> {
  const headers = {
    Accept: ACCEPT[wanted],
    ...shareHeaders(),
    ...(part === undefined
      ? {}
      : { Range: `bytes=${part.from}-${part.to === undefined ? '' : part.to - 1}` }),
  }
  for (let tries = 0; ; tries++) {
    const wait = RETRY_AFTER[tries]
    try {
      return await fetchOnce(url, headers, signal, transfer)
    } catch (error) {
      const isFinal = error instanceof FrameRefused && error.status < 500 && error.status !== 429
      if (wait === undefined || isFinal || signal.aborted) throw error
      await pause(wait, signal)
    }
  }
}

async function fetchOnce(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  transfer?: Heard,
): Promise<FetchedFrame> {
  const asked = performance.now()
  const response = await fetch(url, { headers, credentials: 'same-origin', signal })
  if (!response.ok) {
    await response.body?.cancel()
    throw new FrameRefused(response.status)
  }
  transfer?.answered()
  // The body, too, may break off: it is part of the try.
  const bytes = new Uint8Array(await response.arrayBuffer())
  tellArrival(response.url, asked, transfer)
  return asFetched(bytes, response.headers)
}

/** The browser remembers some hundred answers; of later ones the page's own clock is believed. */
export function tellArrival(url: string, asked: number, transfer: Heard | undefined): void {
  const times = performance.getEntriesByName(url, 'resource').at(-1)
  if (times instanceof PerformanceResourceTiming && times.startTime >= asked && times.responseStart > 0)
    transfer?.arrived(times.responseStart, times.responseEnd)
}

/** What came, by what is said of it. */
export function asFetched(bytes: Uint8Array<ArrayBuffer>, headers: Headers): FetchedFrame {
  const stated = /transfer-syntax="?([0-9.]+)/.exec(headers.get('Content-Type') ?? '')?.[1]
  const whole = /\/(\d+)$/.exec(headers.get('Content-Range') ?? '')?.[1]
  return {
    bytes,
    transferSyntaxUid: stated ?? EXPLICIT_VR_LITTLE_ENDIAN,
    size: whole === undefined ? bytes.length : Number(whole),
    etag: headers.get('ETag') ?? '',
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
