import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'

export interface OutgoingPart {
  readonly contentType: string
  readonly location?: string
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
}

export interface Multipart {
  readonly contentType: string
  /** Whole when every part was in memory, else a stream that makes each part as the client reads. */
  readonly body: Buffer | Readable
}

/** Up to this it is cheaper to copy a part once than to send its head, body and end apart. Bytes. */
const LARGEST_COPIED = 4 << 20

/** A multipart/related answer (RFC 2387). */
export function writeMultipart(
  type: string,
  parts: AsyncIterable<OutgoingPart> | readonly OutgoingPart[],
): Multipart {
  const boundary = randomBytes(16).toString('hex')
  const contentType = `multipart/related; type="${type}"; boundary=${boundary}`
  if (isInMemory(parts)) {
    const pieces = parts.flatMap((part) => [headOf(boundary, part), part.body, END])
    return { contentType, body: Buffer.concat([...pieces, closing(boundary)]) }
  }
  return {
    contentType,
    body: Readable.from(chunks(boundary, parts), { objectMode: false, highWaterMark: 1 << 20 }),
  }
}

type PartInMemory = OutgoingPart & { readonly body: Uint8Array }

function isInMemory(
  parts: AsyncIterable<OutgoingPart> | readonly OutgoingPart[],
): parts is readonly PartInMemory[] {
  return (
    Array.isArray(parts) &&
    (parts as readonly OutgoingPart[]).every(
      ({ body }) => body instanceof Uint8Array && body.length <= LARGEST_COPIED,
    )
  )
}

async function* chunks(
  boundary: string,
  parts: AsyncIterable<OutgoingPart> | readonly OutgoingPart[],
): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    const head = headOf(boundary, part)
    if (part.body instanceof Uint8Array && part.body.length <= LARGEST_COPIED) {
      yield Buffer.concat([head, part.body, END])
      continue
    }
    yield head
    if (part.body instanceof Uint8Array) yield part.body
    else yield* part.body
    yield END
  }
  yield closing(boundary)
}

const END = Buffer.from('\r\n')
const closing = (boundary: string): Buffer => Buffer.from(`--${boundary}--\r\n`)

function headOf(boundary: string, part: OutgoingPart): Buffer {
  const location = part.location === undefined ? '' : `Content-Location: ${part.location}\r\n`
  return Buffer.from(`--${boundary}\r\nContent-Type: ${part.contentType}\r\n${location}\r\n`)
}
