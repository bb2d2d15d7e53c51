/** What of a source did not fit, to be read once: `undefined` when all did. */
export interface Gathered {
  readonly filled: number
  readonly rest: AsyncIterable<Uint8Array> | undefined
}

/** Copies the source's bytes into the piece until it ends or the next chunk does not fit. Errors: the source's. */
export async function gather(
  bytes: AsyncIterable<Uint8Array>,
  piece: Uint8Array,
  onCopied?: (chunk: Uint8Array) => void,
): Promise<Gathered> {
  const chunks = bytes[Symbol.asyncIterator]()
  let filled = 0
  for (;;) {
    const { done, value } = await chunks.next()
    if (done === true) return { filled, rest: undefined }
    if (filled + value.length > piece.length) return { filled, rest: following(value, chunks) }
    piece.set(value, filled)
    filled += value.length
    onCopied?.(value)
  }
}

async function* following(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield first
    yield* { [Symbol.asyncIterator]: () => chunks }
  } finally {
    await chunks.return?.()
  }
}

/** The one, then the other. */
export async function* joined(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first
  yield* rest
}
