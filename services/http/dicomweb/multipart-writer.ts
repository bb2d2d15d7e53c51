import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'

export interface OutgoingPart {
  readonly contentType: string
  readonly location?: string
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
}

export interface Multipart {
  readonly contentType: string
  readonly stream: Readable
}

/** A multipart/related answer (RFC 2387), its parts made one after the other as the client reads. */
export function writeMultipart(
  type: string,
  parts: AsyncIterable<OutgoingPart> | Iterable<OutgoingPart>,
): Multipart {
  const boundary = randomBytes(16).toString('hex')
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    stream: Readable.from(chunks(boundary, parts), { objectMode: false, highWaterMark: 1 << 20 }),
  }
}

async function* chunks(
  boundary: string,
  parts: AsyncIterable<OutgoingPart> | Iterable<OutgoingPart>,
): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    const location = part.location === undefined ? '' : `Content-Location: ${part.location}\r\n`
    yield Buffer.from(`--${boundary}\r\nContent-Type: ${part.contentType}\r\n${location}\r\n`)
    if (part.body instanceof Uint8Array) yield part.body
    else yield* part.body
    yield Buffer.from('\r\n')
  }
  yield Buffer.from(`--${boundary}--\r\n`)
}
