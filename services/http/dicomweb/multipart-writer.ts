import { randomUUID } from 'node:crypto'
import { isLying, type LyingBytes } from '../../../core/archive/lying-bytes.ts'
import type { SendBuffers } from '../send-buffers.ts'

export interface OutgoingPart {
  readonly contentType: string
  readonly location?: string
  /** Others, as `Name: value`. */
  readonly headers?: readonly string[]
  readonly body: Uint8Array | LyingBytes | AsyncIterable<Uint8Array>
}

/** Bytes to be sent one behind the other at one go; what was lent for them is given back when they are. */
export interface Piece {
  readonly buffers: readonly Buffer[]
  giveBack?(): void
}

export interface Multipart {
  readonly contentType: string
  /** The whole answer, where every part is known, small and at hand. */
  whole(buffers: SendBuffers): Promise<Piece> | undefined
  /** The answer piece by piece; the parts after the one that is read are being fetched meanwhile. */
  pieces(buffers: SendBuffers): AsyncGenerator<Piece>
}

/** Up to this it is cheaper to have a part in one piece than to send its head, body and end apart. Bytes. */
const LARGEST_PIECE = 4 << 20
/** So many parts are read while one is sent. */
const AHEAD = 3

type Parts = AsyncIterable<OutgoingPart> | readonly OutgoingPart[]
type SmallPart = OutgoingPart & { readonly body: Uint8Array | LyingBytes }

/** A multipart/related answer (RFC 2387). */
export function writeMultipart(type: string, parts: Parts): Multipart {
  // Nobody can guess it who stores an instance that holds it; Node has drawn the next hundred already.
  const boundary = randomUUID().replaceAll('-', '')
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    whole: (buffers) =>
      isSmall(parts) ? inOnePiece(boundary, parts, buffers, closing(boundary)) : undefined,
    pieces: (buffers) => pieces(boundary, parts, buffers),
  }
}

const isSmall = (parts: Parts): parts is readonly SmallPart[] =>
  Array.isArray(parts) &&
  (parts as readonly OutgoingPart[]).every(isSmallPart) &&
  (parts as readonly SmallPart[]).reduce((sum, { body }) => sum + sizeOf(body), 0) <= LARGEST_PIECE

const isSmallPart = (part: OutgoingPart): part is SmallPart =>
  (part.body instanceof Uint8Array || isLying(part.body)) && sizeOf(part.body) <= LARGEST_PIECE

const sizeOf = (body: Uint8Array | LyingBytes): number =>
  body instanceof Uint8Array ? body.length : body.size

/** Parts one behind the other, and what comes behind them. */
async function inOnePiece(
  boundary: string,
  parts: readonly SmallPart[],
  buffers: SendBuffers,
  behind?: Buffer,
): Promise<Piece> {
  const [part, ...others] = parts
  if (part !== undefined && others.length === 0 && !(part.body instanceof Uint8Array) && part.body.name) {
    const lent = await buffers.lendFilled(part.body)
    const end = behind === undefined ? END : Buffer.concat([END, behind])
    return { buffers: [headOf(boundary, part), lent.bytes, end], giveBack: lent.giveBack }
  }
  return gathered(boundary, parts, buffers, behind)
}

/** In one buffer, each part read to where it is sent from. */
async function gathered(
  boundary: string,
  parts: readonly SmallPart[],
  buffers: SendBuffers,
  behind: Buffer | undefined,
): Promise<Piece> {
  const laid = parts.map((part) => ({ head: headOf(boundary, part), body: part.body }))
  const size = laid.reduce((sum, { head, body }) => sum + head.length + sizeOf(body) + END.length, 0)
  const { bytes, giveBack } = buffers.lend(size + (behind?.length ?? 0))
  let at = 0
  const readings: Promise<void>[] = []
  for (const { head, body } of laid) {
    bytes.set(head, at)
    at += head.length
    const end = at + sizeOf(body)
    if (body instanceof Uint8Array) bytes.set(body, at)
    else readings.push(body.readInto(bytes.subarray(at, end)))
    bytes.set(END, end)
    at = end + END.length
  }
  if (behind !== undefined) bytes.set(behind, at)
  await Promise.all(readings)
  return { buffers: [bytes], giveBack }
}

async function* pieces(boundary: string, parts: Parts, buffers: SendBuffers): AsyncGenerator<Piece> {
  const ahead: AsyncIterable<Piece>[] = []
  for await (const part of parts) {
    ahead.push(isSmallPart(part) ? begun(inOnePiece(boundary, [part], buffers)) : largePart(boundary, part))
    if (ahead.length <= AHEAD) continue
    const [next] = ahead.splice(0, 1)
    if (next !== undefined) yield* next
  }
  for (const each of ahead) yield* each
  yield { buffers: [closing(boundary)] }
}

/** What was begun already. Its failure is heard of when its turn comes; a client that went away leaves nobody to hear it. */
function begun(piece: Promise<Piece>): AsyncIterable<Piece> {
  piece.catch(() => undefined)
  return (async function* () {
    yield await piece
  })()
}

async function* largePart(boundary: string, part: OutgoingPart): AsyncGenerator<Piece> {
  yield { buffers: [headOf(boundary, part)] }
  if (part.body instanceof Uint8Array) yield { buffers: [asBuffer(part.body)] }
  else if (isLying(part.body)) yield { buffers: [await readWhole(part.body)] }
  else for await (const chunk of part.body) yield { buffers: [asBuffer(chunk)] }
  yield { buffers: [END] }
}

async function readWhole(body: LyingBytes): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(body.size)
  await body.readInto(bytes)
  return bytes
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const END = Buffer.from('\r\n')
const closing = (boundary: string): Buffer => Buffer.from(`--${boundary}--\r\n`)

function headOf(boundary: string, part: OutgoingPart): Buffer {
  const location = part.location === undefined ? '' : `Content-Location: ${part.location}\r\n`
  const others = part.headers === undefined ? '' : part.headers.map((line) => `${line}\r\n`).join('')
  return Buffer.from(`--${boundary}\r\nContent-Type: ${part.contentType}\r\n${location}${others}\r\n`)
}
