import { connect, type Socket } from 'node:net'

export interface LaneAnswer {
  readonly status: number
  /** Bytes of the body. */
  readonly bytes: number
  /** The body itself, when it was asked for. */
  readonly body: Buffer | undefined
}

export interface LaneRequest {
  /** Request line, headers and body, ready to be sent. */
  readonly chunks: readonly Uint8Array[]
  readonly keepBody?: boolean
}

/**
 * One keep-alive connection that sends one request after the other and counts what comes back. It parses only what it
 * must (status, length, chunk sizes), so that the client costs little beside the server on the same machine.
 */
export class HttpLane {
  #socket: Socket | undefined
  #answer: AnswerReader | undefined
  #settle: { resolve: (answer: LaneAnswer) => void; reject: (error: Error) => void } | undefined

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  /** Sends a request and resolves when its answer is complete. Errors: Error when the connection breaks. */
  async send(request: LaneRequest): Promise<LaneAnswer> {
    const socket = await this.#connected()
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#answer = new AnswerReader(request.keepBody === true)
      socket.cork()
      for (const chunk of request.chunks) socket.write(chunk)
      socket.uncork()
    })
  }

  close(): void {
    this.#socket?.destroy()
  }

  async #connected(): Promise<Socket> {
    if (this.#socket !== undefined && !this.#socket.destroyed) return this.#socket
    const buffer = Buffer.allocUnsafe(1 << 18)
    const socket = connect({
      host: this.host,
      port: this.port,
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          this.#received(buffer.subarray(0, length))
          return true
        },
      },
    })
    this.#socket = socket
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve())
      socket.once('error', reject)
    })
    socket.on('error', (error) => this.#failed(error))
    socket.on('close', () => this.#ended())
    return socket
  }

  #received(bytes: Buffer): void {
    const answer = this.#answer?.take(bytes)
    if (answer === undefined) return
    const settle = this.#settle
    this.#settle = undefined
    this.#answer = undefined
    if (answer.closes) this.#socket?.destroy()
    settle?.resolve(answer)
  }

  /** A body without a length ends with its connection. */
  #ended(): void {
    const answer = this.#answer?.ended()
    if (answer === undefined) {
      this.#failed(new Error('The connection was closed before the answer was complete.'))
      return
    }
    const settle = this.#settle
    this.#settle = undefined
    this.#answer = undefined
    this.#socket = undefined
    settle?.resolve(answer)
  }

  #failed(error: Error): void {
    const settle = this.#settle
    this.#settle = undefined
    this.#socket = undefined
    settle?.reject(error)
  }
}

/** Reads one answer of HTTP/1.1: a length, or chunks. */
class AnswerReader {
  #head: Buffer | undefined = Buffer.alloc(0)
  #status = 0
  #closes = false
  #left = 0
  #chunked = false
  #untilClosed = false
  #state: 'size' | 'data' | 'end' = 'size'
  #line = ''
  #bytes = 0
  readonly #body: Buffer[] = []

  constructor(private readonly keepBody: boolean) {}

  /** The answer when it is complete, else undefined. */
  take(bytes: Buffer): (LaneAnswer & { closes: boolean }) | undefined {
    let rest = bytes
    if (this.#head !== undefined) {
      const all = Buffer.concat([this.#head, rest])
      const end = all.indexOf('\r\n\r\n')
      if (end === -1) {
        this.#head = all
        return undefined
      }
      this.#begin(all.toString('latin1', 0, end))
      rest = all.subarray(end + 4)
      if (this.#status === 100) {
        this.#head = Buffer.alloc(0)
        return rest.length > 0 ? this.take(rest) : undefined
      }
      this.#head = undefined
    }
    return (this.#chunked ? this.#takeChunks(rest) : this.#takeLength(rest)) ? this.#complete() : undefined
  }

  /** The answer when the end of the connection is its end. */
  ended(): LaneAnswer | undefined {
    return this.#untilClosed ? this.#complete() : undefined
  }

  #begin(head: string): void {
    this.#status = Number(head.slice(9, 12))
    this.#chunked = /^transfer-encoding:.*chunked/im.test(head)
    const length = /^content-length: *(\d+)/im.exec(head)?.[1]
    this.#left = Number(length ?? 0)
    this.#closes = /^connection: *close/im.test(head)
    this.#untilClosed = length === undefined && !this.#chunked && this.#closes
  }

  #takeLength(rest: Buffer): boolean {
    this.#count(rest)
    this.#left -= rest.length
    return this.#left <= 0 && !this.#untilClosed
  }

  #takeChunks(bytes: Buffer): boolean {
    let at = 0
    while (at < bytes.length) {
      if (this.#state === 'data') {
        const part = Math.min(this.#left, bytes.length - at)
        this.#count(bytes.subarray(at, at + part))
        at += part
        this.#left -= part
        if (this.#left === 0) this.#state = 'size'
        continue
      }
      const newline = bytes.indexOf(10, at)
      if (newline === -1) {
        this.#line += bytes.toString('latin1', at)
        return false
      }
      this.#line += bytes.toString('latin1', at, newline)
      at = newline + 1
      const line = this.#line.trim()
      this.#line = ''
      if (this.#state === 'end') {
        if (line === '') return true
        continue
      }
      if (line === '') continue
      this.#left = Number.parseInt(line, 16)
      this.#state = this.#left === 0 ? 'end' : 'data'
    }
    return false
  }

  #count(bytes: Buffer): void {
    this.#bytes += bytes.length
    if (this.keepBody) this.#body.push(Buffer.from(bytes))
  }

  #complete() {
    return {
      status: this.#status,
      bytes: this.#bytes,
      body: this.keepBody ? Buffer.concat(this.#body) : undefined,
      closes: this.#closes,
    }
  }
}
