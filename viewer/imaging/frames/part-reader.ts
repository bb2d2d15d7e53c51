/** One part of a multipart answer. */
export interface AnsweredPart {
  readonly headers: Headers
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The answer is not what the archive's own are: parts that say how long they are. */
export class PartsUnreadable extends Error {
  override readonly name = 'PartsUnreadable'
}

/** Longer heads are none of ours. Bytes. */
const LONGEST_HEAD = 8 << 10
const HEAD_END = [13, 10, 13, 10]

/**
 * The parts of a multipart answer (RFC 2046 5.1.1), each as soon as its last byte is here. Every part says its Content-Length,
 * so nothing is searched for in the pixels. Ends behind the last whole part. Errors: PartsUnreadable; the stream's own.
 */
export async function* readParts(body: ReadableStream<Uint8Array>): AsyncGenerator<AnsweredPart> {
  const input = openInput(body.getReader())
  try {
    for (;;) {
      const head = await input.head()
      if (head === undefined) return
      const headers = parseHead(head)
      // The closing boundary has no head of its own, and ends the answer.
      if (headers === undefined) return
      const length = Number(headers.get('Content-Length') ?? NaN)
      if (!Number.isSafeInteger(length) || length < 0) throw new PartsUnreadable('a part without a length')
      yield { headers, bytes: await input.take(length) }
    }
  } finally {
    await input.close()
  }
}

/** Undefined: the closing boundary. */
function parseHead(head: Uint8Array): Headers | undefined {
  const [boundary = '', ...lines] = new TextDecoder('latin1').decode(head).trim().split('\r\n')
  if (!boundary.startsWith('--')) throw new PartsUnreadable('no boundary')
  if (lines.length === 0 && boundary.endsWith('--')) return undefined
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1) throw new PartsUnreadable('no header')
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return headers
}

function openInput(reader: ReadableStreamDefaultReader<Uint8Array>) {
  let chunk: Uint8Array = new Uint8Array()

  async function more(): Promise<boolean> {
    const { done, value } = await reader.read()
    if (done) return false
    chunk = value
    return true
  }

  return {
    /** Up to the empty line, which is left out; undefined: there is no more. A head that ends with the answer is whole too. */
    async head(): Promise<Uint8Array | undefined> {
      const bytes: number[] = []
      for (;;) {
        for (const [at, byte] of chunk.entries()) {
          bytes.push(byte)
          if (bytes.length > LONGEST_HEAD) throw new PartsUnreadable('a head without an end')
          if (byte !== 10 || !HEAD_END.every((each, index) => bytes.at(index - 4) === each)) continue
          chunk = chunk.subarray(at + 1)
          return Uint8Array.from(bytes.slice(0, -4))
        }
        chunk = new Uint8Array()
        if (!(await more())) return bytes.some((byte) => byte > 32) ? Uint8Array.from(bytes) : undefined
      }
    },
    async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
      const bytes = new Uint8Array(length)
      for (let at = 0; at < length;) {
        if (chunk.length === 0 && !(await more())) throw new PartsUnreadable('the answer broke off')
        const piece = chunk.subarray(0, length - at)
        bytes.set(piece, at)
        chunk = chunk.subarray(piece.length)
        at += piece.length
      }
      return bytes
    },
    /** Of an answer that is read to its end nothing is given up. */
    close: () => reader.cancel().catch(() => undefined),
  }
}
