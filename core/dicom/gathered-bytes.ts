/** Bytes that came in pieces and are put together once, when there are enough of them. */
export class GatheredBytes {
  #pieces: Uint8Array[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Keeps the piece itself, not a copy. */
  add(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  /** All bytes as one; afterwards there are none. */
  take(): Uint8Array {
    const pieces = this.#pieces
    const [first] = pieces
    const length = this.#length
    this.#pieces = []
    this.#length = 0
    if (first !== undefined && pieces.length === 1) return first
    const whole = new Uint8Array(length)
    let at = 0
    for (const piece of pieces) {
      whole.set(piece, at)
      at += piece.length
    }
    return whole
  }
}
