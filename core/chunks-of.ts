/** Bytes that are there, as a source of them: to be read once, in order. */
export async function* chunksOf(
  ...chunks: readonly Uint8Array[]
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks
}
