import { openDecoderPool } from '../../../../viewer/imaging/frames/decoder-pool.ts'
import { openPixelLoader } from '../../../../viewer/imaging/frames/load-pixels.ts'
import { decodeFrame, type DecodedPixels } from '../../../../viewer/imaging/frames/decode-frame.ts'
import { isDecodedHere } from '../../../../viewer/imaging/frames/decoded-here.ts'
import { fetchFrame } from '../../../../viewer/imaging/frames/fetch-frame.ts'
import type { PixelDescription } from '../../../../core/dicom/pixel-description.ts'

/** What is there to be tried is tried, on a fast link too. */
const SLOW = {
  begin: () => ({ answered: () => undefined, arrived: () => undefined, end: () => undefined }),
  isFast: () => false,
  isSlow: () => true,
  holds: () => 0,
}
const loader = openPixelLoader(openDecoderPool(2), SLOW)

/** What came of a frame. */
export interface Decoded {
  /** Decoded in the browser at all, or by the archive. */
  readonly here: boolean
  /** SHA-256 of the stored values, where they are decoded in the browser. */
  readonly stored?: string
  /** SHA-256 of the values that are shown: grey as numbers, colours as RGB. */
  readonly shown?: string
  /** Of the values that are shown. */
  readonly mean?: number
  readonly fault?: string
}

async function decode(path: string, transferSyntaxUid: string, pixels: PixelDescription): Promise<Decoded> {
  const here = isDecodedHere(transferSyntaxUid, pixels)
  const { signal } = new AbortController()
  try {
    const shown = await loader.load(path, pixels, signal)
    const values = Float64Array.from(valuesOf(shown))
    const answer = { here, shown: await sha256(values), mean: meanOf(values) }
    if (!here) return answer
    const fetched = await fetchFrame(path, 'stored', signal)
    const stored = await decodeFrame(fetched.bytes, fetched.transferSyntaxUid, pixels).catch(() => undefined)
    return stored === undefined ? answer : { ...answer, stored: await sha256(stored.bytes) }
  } catch (error) {
    return { here, fault: String(error) }
  }
}

/** What came of a frame in two parts. */
export interface Progress {
  /** Bytes of the preview and of the frame; undefined: there was no preview. */
  readonly preview: readonly [number, number] | undefined
  /** Root mean square of the preview's differences from the exact values, as a share of what they span. */
  readonly error: number
  /** SHA-256 of the values in the end. */
  readonly shown: string
}

async function progress(path: string, pixels: PixelDescription): Promise<Progress> {
  const { signal } = new AbortController()
  const first = await loader.loadQuickly(path, pixels, signal)
  const exact =
    first.beginning === undefined ? first : await loader.complete(first.beginning, path, pixels, signal)
  const [soft, sharp] = [valuesOf(first), valuesOf(exact)]
  const span = exact.kind === 'gray' ? exact.measured.most - exact.measured.least : 255
  let sum = 0
  for (let index = 0; index < soft.length; index++) sum += ((soft[index] ?? 0) - (sharp[index] ?? 0)) ** 2
  return {
    preview: first.beginning && [first.beginning.bytes.length, first.beginning.size],
    error: Math.sqrt(sum / soft.length) / Math.max(1, span),
    shown: await sha256(Float64Array.from(sharp)),
  }
}

const valuesOf = (shown: DecodedPixels): ArrayLike<number> =>
  shown.kind === 'gray' ? shown.measured.values : withoutAlpha(shown.rgba)

function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0
  return sum / values.length
}

async function sha256(values: ArrayBufferView): Promise<string> {
  const bytes = new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const out = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    out[to] = rgba[from] ?? 0
    out[to + 1] = rgba[from + 1] ?? 0
    out[to + 2] = rgba[from + 2] ?? 0
  }
  return out
}

Object.assign(globalThis, { decode, progress })
