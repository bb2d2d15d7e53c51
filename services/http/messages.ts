import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants, Http2ServerRequest, Http2ServerResponse, type ServerHttp2Stream } from 'node:http2'

/** What a request and its answer are, by HTTP/1.1 or by HTTP/2: Koa's types name the former alone. */
export type Request = IncomingMessage | Http2ServerRequest
export type Answer = ServerResponse | Http2ServerResponse
export type Handler = (request: Request, answer: Answer) => void

/** A request by HTTP/2, which ends as one by HTTP/1.1 does where Node's own would go on. */
export class StreamRequest extends Http2ServerRequest {
  /** Whoever destroys a request wants no more of it: its stream ends, and the connection that others share goes on. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.stream.closed) this.stream.close(constants.NGHTTP2_CANCEL)
    callback(error)
  }
}

/** An answer by HTTP/2. */
export class StreamAnswer<
  From extends Http2ServerRequest = Http2ServerRequest,
> extends Http2ServerResponse<From> {
  #bytes = 0

  /** Bytes of the body that were handed over to be sent and not left behind. Its head is a few bytes after the first (RFC 7541). */
  get bodyBytes(): number {
    return Math.max(0, this.#bytes - this.stream.writableLength)
  }

  override write(chunk: string | Uint8Array, ...rest: never[]): boolean {
    this.#bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length
    return super.write(chunk, ...rest)
  }

  /** Resets the stream with a code that says so: without one, half an answer would look whole (RFC 9113 8.1). */
  override destroy(error = new Error('the answer is broken off')): this {
    super.destroy(error)
    return this
  }
}

/** The stream of a message that came by HTTP/2, else undefined. */
export function streamOf(message: Request | Answer): ServerHttp2Stream | undefined {
  const isStream = message instanceof Http2ServerRequest || message instanceof Http2ServerResponse
  return isStream ? message.stream : undefined
}

/** Whether all of an answer was sent, asked when it closes. (By HTTP/2 what is reset ends too.) */
export function wasSentWhole(answer: Answer): boolean {
  const stream = streamOf(answer)
  if (stream === undefined) return answer.writableFinished
  return answer.writableEnded && stream.writableFinished && stream.rstCode === constants.NGHTTP2_NO_ERROR
}

/** Whether nobody is left to answer. (A request whose body was read to its end is destroyed too, so that says nothing.) */
export function isGone(request: Request): boolean {
  const stream = streamOf(request)
  return stream === undefined ? request.socket.destroyed : stream.destroyed || stream.closed
}
