import { describe, expect, it } from 'vitest'
import { gather, onlyChunk } from '../../../storage-config/object-store/gather.ts'

async function* of(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)

/** As the threads that write have it: a part of memory that is shared. */
const pieceOf = (length: number): { piece: Buffer; whole: Buffer } => {
  const whole = Buffer.from(new SharedArrayBuffer(length + 4))
  return { piece: whole.subarray(2, 2 + length), whole }
}

describe('gathering', () => {
  it('copies chunks of any length one behind the other, and nothing beside them', async () => {
    const { piece, whole } = pieceOf(8)
    const gathered = await gather(of(bytes(1, 2, 3), bytes(), bytes(4), bytes(5, 6)), piece)
    expect(gathered).toEqual({ filled: 6, rest: undefined })
    expect([...whole]).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0])
  })

  it('copies bytes that are a part of more', async () => {
    const { piece, whole } = pieceOf(4)
    expect((await gather(of(bytes(7, 8, 9, 10).subarray(1, 3)), piece)).filled).toBe(2)
    expect([...whole]).toEqual([0, 0, 8, 9, 0, 0, 0, 0])
  })

  it('hands on what does not fit, from the first chunk that does not', async () => {
    const { piece, whole } = pieceOf(4)
    const copied: number[][] = []
    const chunks = of(bytes(1, 2, 3), bytes(4, 5), bytes(6))
    const { filled, rest } = await gather(chunks, piece, (chunk) => copied.push([...chunk]))
    expect(filled).toBe(3)
    // What is handed on is not told of: whoever takes it needs it yet.
    expect(copied).toEqual([[1, 2, 3]])
    expect([...whole]).toEqual([0, 0, 1, 2, 3, 0, 0, 0])
    const handedOn: number[] = []
    for await (const chunk of rest ?? of()) handedOn.push(...chunk)
    expect(handedOn).toEqual([4, 5, 6])
  })
})

describe('looking for an only chunk', () => {
  const shared = Buffer.from(new SharedArrayBuffer(8))
  const isShared = (chunk: Uint8Array) => chunk.buffer === shared.buffer
  const all = async (source: AsyncIterable<Uint8Array> | undefined): Promise<number[][]> => {
    const chunks: number[][] = []
    for await (const chunk of source ?? of()) chunks.push([...chunk])
    return chunks
  }

  it('answers it where it is as asked', async () => {
    expect((await onlyChunk(of(shared.subarray(2, 5)), isShared)).only).toEqual(shared.subarray(2, 5))
  })

  it('answers all of a source that has another, more or none', async () => {
    expect(await all((await onlyChunk(of(bytes(1, 2), bytes(3)), isShared)).all)).toEqual([[1, 2], [3]])
    const two = [shared.subarray(0, 1), bytes(9), bytes(8)]
    expect(await all((await onlyChunk(of(...two), isShared)).all)).toEqual([[0], [9], [8]])
    expect(await all((await onlyChunk(of(), isShared)).all)).toEqual([])
  })
})
