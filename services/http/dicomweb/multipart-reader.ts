import { invalid, isYunyingError } from '../../../core/errors.ts'

/** One part of a multipart body, while it passes by. */
export interface Part {
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** To be read once, in order; stopping early is fine. Errors: 'invalid' code 'multipart-truncated'. */
  readonly body: AsyncIterable<Uint8Array>
  /** Gives up what was not read of the body. The next part is not reached before the body was read or released. */
  release(): void
}

const LARGEST_HEADER = 16 * 1024
const CR = 0x0d
const DASH = 0x2d
const NOTHING = Buffer.alloc(0)
export const LINE_END = Buffer.from('\r\n')
const HEADER_END = Buffer.from('\r\n\r\n')

/**
 * The parts of a multipart body, as they arrive: nothing is held but the chunk at hand, whatever the size of a part.
 * A part's length comes from its boundary alone; a Content-Length in it is not believed.
 * `begun`: what is there already, before the source, and a line end before it.
 * Errors: 'invalid' codes 'multipart-boundary-missing', 'multipart-truncated', 'multipart-header-invalid'; what the source throws.
 * Source: RFC 2046 5.1.1.
 */
export async function* readMultipart(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
  begun: Buffer = LINE_END,
): AsyncGenerator<Part, void, undefined> {
  const stream = new DelimitedBytes(source, boundary, begun)
  try {
    await stream.skipToDelimiter('multipart-boundary-missing')
    while (!(await stream.atCloseDelimiter())) {
      const headers = parseHeaders(await stream.readHeader())
      const part = openPart(stream, headers)
      yield part
      await part.finished
    }
    await stream.skipToEnd()
  } finally {
    await stream.close()
  }
}

function openPart(
  stream: DelimitedBytes,
  headers: ReadonlyMap<string, string>,
): Part & { readonly finished: Promise<void> } {
  let reading: Promise<unknown> = Promise.resolve()
  let ended = false
  let end: (rest: Promise<void>) => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    end = (rest) => {
      ended = true
      resolve(rest)
    }
  })
  // What was not read is skipped, after the read under way; a fault of the source then comes out at the next part.
  const release = (): void => {
    if (!ended) end(reading.then(() => stream.skipToDelimiter('multipart-truncated')))
  }
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    if (ended) return { done: true, value: undefined }
    const chunk = stream.nextBodyChunk()
    reading = chunk.then(
      () => undefined,
      () => undefined,
    )
    const value = await chunk
    if (value !== undefined) return { done: false, value }
    if (!ended) end(Promise.resolve())
    return { done: true, value: undefined }
  }
  const stop = (): Promise<IteratorResult<Uint8Array>> => {
    release()
    return Promise.resolve({ done: true, value: undefined })
  }
  // A fault is told to whoever reads on; nobody may be left to read on.
  finished.catch(() => undefined)
  return { headers, body: { [Symbol.asyncIterator]: () => ({ next, return: stop }) }, release, finished }
}

/** Bytes that arrive in chunks of any size, cut at `CRLF--boundary`. */
class DelimitedBytes {
  readonly #iterator: AsyncIterator<Uint8Array>
  readonly #delimiter: Buffer
  /** What arrived and was not given out. Begins with a line end, so that a boundary at the very start is found too. */
  #buffer: Buffer
  /** The buffer begins right after a delimiter. */
  #afterDelimiter = false

  constructor(source: AsyncIterable<Uint8Array>, boundary: string, begun: Buffer) {
    this.#buffer = begun
    this.#iterator = source[Symbol.asyncIterator]()
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  }

  /** The next bytes of the body, or undefined when its delimiter was reached (and passed). */
  async nextBodyChunk(): Promise<Uint8Array | undefined> {
    if (this.#afterDelimiter) return undefined
    for (;;) {
      const at = this.#buffer.indexOf(this.#delimiter)
      if (at > 0) return this.#take(at)
      if (at === 0) {
        const verdict = this.#delimiterVerdict()
        if (verdict === 'delimiter') {
          this.#take(this.#delimiter.length)
          this.#afterDelimiter = true
          return undefined
        }
        if (verdict === 'bytes') return this.#take(LINE_END.length)
      } else {
        const whole = this.#buffer.length - this.#possibleStart()
        if (whole > 0) return this.#take(whole)
      }
      if (!(await this.#fill())) throw truncated()
    }
  }

  async skipToDelimiter(
    codeWhenMissing: 'multipart-boundary-missing' | 'multipart-truncated',
  ): Promise<void> {
    try {
      while ((await this.nextBodyChunk()) !== undefined);
    } catch (error) {
      if (codeWhenMissing === 'multipart-boundary-missing' && isTruncation(error)) {
        throw invalid(codeWhenMissing, 'The body does not hold the boundary that its Content-Type names.')
      }
      throw error
    }
  }

  /** Whether the delimiter just passed was the last: `--boundary--`. */
  async atCloseDelimiter(): Promise<boolean> {
    while (this.#buffer.length < 2) if (!(await this.#fill())) throw truncated()
    return this.#buffer[0] === DASH && this.#buffer[1] === DASH
  }

  /** The header lines of the part that begins here. */
  async readHeader(): Promise<string> {
    for (;;) {
      // The line end of the delimiter's own line counts, so a part without headers is found too.
      const at = this.#buffer.indexOf(HEADER_END)
      if (at > LARGEST_HEADER || (at < 0 && this.#buffer.length > LARGEST_HEADER)) throw badHeader()
      if (at >= 0) {
        const text = this.#take(at).toString('utf8')
        this.#take(HEADER_END.length)
        this.#afterDelimiter = false
        return text
      }
      if (!(await this.#fill())) throw truncated()
    }
  }

  /** Reads the epilogue, which has no meaning. */
  async skipToEnd(): Promise<void> {
    this.#buffer = NOTHING
    while (await this.#fill()) this.#buffer = NOTHING
  }

  async close(): Promise<void> {
    await this.#iterator.return?.()
  }

  #take(length: number): Buffer {
    const taken = this.#buffer.subarray(0, length)
    // Whoever has taken all of it may give back its memory.
    this.#buffer = length === this.#buffer.length ? NOTHING : this.#buffer.subarray(length)
    return taken
  }

  /** What stands at the start of the buffer, which begins like a delimiter: RFC 2046 wants its line to hold nothing else. */
  #delimiterVerdict(): 'delimiter' | 'bytes' | 'more needed' {
    const [first, second] = this.#buffer.subarray(this.#delimiter.length, this.#delimiter.length + 2)
    if (first === undefined || second === undefined) return 'more needed'
    if (first === DASH && second === DASH) return 'delimiter'
    if (first === CR && second === 0x0a) return 'delimiter'
    return first === 0x20 || first === 0x09 ? 'delimiter' : 'bytes'
  }

  /** How many bytes at the end of the buffer may be the start of a delimiter. */
  #possibleStart(): number {
    const from = Math.max(0, this.#buffer.length - this.#delimiter.length + 1)
    for (let at = this.#buffer.indexOf(CR, from); at >= 0; at = this.#buffer.indexOf(CR, at + 1)) {
      const length = this.#buffer.length - at
      if (this.#delimiter.subarray(0, length).equals(this.#buffer.subarray(at))) return length
    }
    return 0
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#iterator.next()
    if (done === true) return false
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
    return true
  }
}

function parseHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>()
  // A line that begins with a space goes on from the one before (RFC 5322 2.2.3). The first line is the delimiter's own.
  for (const line of text
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .slice(1)) {
    const colon = line.indexOf(':')
    if (colon <= 0) throw badHeader()
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return headers
}

const truncated = () =>
  invalid('multipart-truncated', 'The body ends before its last boundary. Send it again, whole.')

const isTruncation = (error: unknown): boolean =>
  isYunyingError(error) && error.code === 'multipart-truncated'

const badHeader = () => invalid('multipart-header-invalid', 'The headers of a part cannot be read.')
