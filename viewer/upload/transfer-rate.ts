/** Seconds over which the speed is averaged: long enough to be read, short enough to follow the link. */
const WINDOW_SECONDS = 8

/** The speed of a transfer, from samples of how many bytes have gone over in all. */
export class TransferRate {
  #samples: { readonly at: number; readonly bytes: number }[] = []

  /** @param at milliseconds, of any clock that only goes forward. */
  add(at: number, bytes: number): void {
    this.#samples.push({ at, bytes })
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) >= WINDOW_SECONDS * 1000) {
      this.#samples.shift()
    }
  }

  /** After a pause: what was before says nothing about what comes. */
  restart(): void {
    this.#samples = []
  }

  /** Bytes a second; undefined until there is something to say. */
  get bytesPerSecond(): number | undefined {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (first === undefined || last === undefined || last.at - first.at < 500) return undefined
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at)
  }

  /** Seconds until so many bytes have gone over; undefined while it cannot be told. */
  secondsFor(bytes: number): number | undefined {
    const speed = this.bytesPerSecond
    return speed === undefined || speed <= 0 ? undefined : bytes / speed
  }
}
