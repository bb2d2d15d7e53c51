/** Tells its listeners that something changed, at most once in `everyMs`, and never while the change is being made. */
export class ThrottledListeners {
  readonly #listeners = new Set<() => void>()
  readonly #everyMs: number
  readonly #setTimer: (run: () => void, milliseconds: number) => unknown
  readonly #beforeTelling: () => void
  #planned = false

  constructor(options: {
    everyMs: number
    setTimer: (run: () => void, milliseconds: number) => unknown
    beforeTelling: () => void
  }) {
    this.#everyMs = options.everyMs
    this.#setTimer = options.setTimer
    this.#beforeTelling = options.beforeTelling
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Something small changed: told with the next beat. */
  changed(): void {
    if (this.#planned) return
    this.#planned = true
    this.#setTimer(() => {
      this.#planned = false
      this.tell()
    }, this.#everyMs)
  }

  /** Something a person waits for changed: told at once. */
  tell(): void {
    this.#beforeTelling()
    for (const listener of this.#listeners) listener()
  }
}
