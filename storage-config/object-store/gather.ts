import { chunksOf } from '../../core/chunks-of.ts'
import { copyBytes } from '../../core/copy-bytes.ts'

/** What of a source did not fit, to be read once: `undefined` when all did. */
export interface Gathered {
  readonly filled: number
  readonly rest: AsyncIterable<Uint8Array> | undefined
}

/** Copies the source's bytes into the piece until it ends or the next chunk does not fit. Errors: the source's. */
export async function gather(
  bytes: AsyncIterable<Uint8Array>,
  piece: Buffer,
  onCopied?: (chunk: Uint8Array) => void,
): Promise<Gathered> {
  const chunks = bytes[Symbol.asyncIterator]()
  let filled = 0
  for (;;) {
    const { done, value } = await chunks.next()
    if (done === true) return { filled, rest: undefined }
    if (filled + value.length > piece.length) return { filled, rest: following(value, chunks) }
    copyBytes(piece, value, filled)
    filled += value.length
    onCopied?.(value)
  }
}

/** What a source turned out to be: one chunk that is as asked, or else all of it, to be read once. */
export type Looked =
  | { readonly only: Uint8Array; readonly all?: undefined }
  | { readonly only?: undefined; readonly all: AsyncIterable<Uint8Array> }

/** Reads no further than it takes to know. Errors: the source's. */
export async function onlyChunk(
  bytes: AsyncIterable<Uint8Array>,
  isAsked: (chunk: Uint8Array) => boolean,
): Promise<Looked> {
  const chunks = bytes[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done === true) return { all: chunksOf() }
  if (!isAsked(first.value)) return { all: following(first.value, chunks) }
  const second = await chunks.next()
  if (second.done === true) return { only: first.value }
  return { all: joined(first.value, following(second.value, chunks)) }
}

/** The chunk, then what is left of the others: from where they come, without a generator between. */
function following(first: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  let isTaken = false
  const next = (): Promise<IteratorResult<Uint8Array>> => {
    if (isTaken) return chunks.next()
    isTaken = true
    return Promise.resolve({ done: false, value: first })
  }
  const stop = async (): Promise<IteratorResult<Uint8Array>> => {
    await chunks.return?.()
    return { done: true, value: undefined }
  }
  return { [Symbol.asyncIterator]: () => ({ next, return: stop }) }
}

/** The one, then the other. */
export async function* joined(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first
  yield* rest
}
