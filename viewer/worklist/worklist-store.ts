import type { WorklistPage } from '../../core/contract/api.ts'
import { ApiError } from '../client/api-error.ts'
import { missingBlock, NO_ROWS, refreshed, withPage, type WorklistRows } from './worklist-rows.ts'

export interface WorklistState extends WorklistRows {
  readonly loaded: boolean
  readonly modalities: WorklistPage['modalities']
  readonly failure: unknown
  /** How far the first row on screen moved with the last refresh; `version` tells one refresh from the next. */
  readonly moved: { readonly by: number; readonly version: number }
}

/** `after`: the Id of the study just before `offset`, where it is known. */
export type FetchPage = (
  range: { readonly offset: number; readonly limit: number; readonly after?: string },
  signal: AbortSignal,
) => Promise<WorklistPage>

const BLOCK_ROWS = 100
const MARGIN_ROWS = 40
const REFRESH_EVERY_MS = 500
const LONGEST_WAIT_S = 60

/** How long the archive asks to wait, ms; 0 where it does not. */
const waitOf = (failure: unknown): number =>
  failure instanceof ApiError && failure.status === 429
    ? Math.min(failure.retryAfterSeconds ?? 1, LONGEST_WAIT_S) * 1000
    : 0

/** One list under one set of filters: loads what is looked at, and follows what arrives. */
export class WorklistStore {
  readonly #fetchPage: FetchPage
  readonly #whole = new AbortController()
  readonly #listeners = new Set<() => void>()
  readonly #loading = new Set<number>()
  #visible = { first: 0, last: 40 }
  #refreshing = false
  #refreshAgain = false
  #generation = 0
  #state: WorklistState = {
    loaded: false,
    ...NO_ROWS,
    modalities: [],
    failure: undefined,
    moved: { by: 0, version: 0 },
  }

  constructor(fetchPage: FetchPage) {
    this.#fetchPage = fetchPage
  }

  readonly getState = (): WorklistState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Says which rows are on screen; loads those that are missing. */
  show(first: number, last: number): void {
    this.#visible = { first, last }
    if (!this.#state.loaded) {
      if (this.#loading.size === 0) void this.#load(0)
      return
    }
    const block = missingBlock(this.#state, first - 10, last + 10, BLOCK_ROWS)
    if (block !== undefined && !this.#loading.has(block)) void this.#load(block)
  }

  /** Something changed in the archive: reads again what is on screen, at most twice a second. */
  refresh(): void {
    if (this.#refreshing) {
      this.#refreshAgain = true
      return
    }
    this.#refreshing = true
    void this.#refreshVisible().then((wait) => {
      setTimeout(
        () => {
          this.#refreshing = false
          if (this.#refreshAgain && !this.#whole.signal.aborted) {
            this.#refreshAgain = false
            this.refresh()
          }
        },
        Math.max(wait, REFRESH_EVERY_MS),
      )
    })
  }

  close(): void {
    this.#whole.abort()
    this.#listeners.clear()
  }

  async #load(offset: number): Promise<void> {
    const generation = this.#generation
    let wait = 0
    this.#loading.add(offset)
    try {
      const before = this.#state.rows.get(offset - 1)
      const page = await this.#fetchPage(
        { offset, limit: BLOCK_ROWS, ...(before === undefined ? {} : { after: before.studyId }) },
        this.#whole.signal,
      )
      // A refresh came in between: this page is of another moment, and would put rows in twice.
      if (generation !== this.#generation) return
      this.#set({
        ...withPage(this.#state, { offset, page }),
        loaded: true,
        modalities: page.modalities,
        failure: undefined,
      })
    } catch (failure) {
      if (!this.#whole.signal.aborted) this.#set({ failure })
      wait = waitOf(failure)
    } finally {
      // Whoever is asked to wait goes on by themselves, and does not ask at once.
      if (wait > 0) await this.#pause(wait)
      this.#loading.delete(offset)
      if (generation !== this.#generation || (wait > 0 && !this.#whole.signal.aborted))
        this.show(this.#visible.first, this.#visible.last)
    }
  }

  /** Resolves to how long to wait before the next time. */
  async #refreshVisible(): Promise<number> {
    const visible = this.#visible
    const offset = Math.max(0, visible.first - MARGIN_ROWS)
    const limit = visible.last + MARGIN_ROWS + 1 - offset
    try {
      const page = await this.#fetchPage({ offset, limit: Math.min(limit, 500) }, this.#whole.signal)
      const { movedBy, ...rows } = refreshed(this.#state, { offset, page }, visible)
      this.#generation += 1
      this.#set({
        ...rows,
        loaded: true,
        modalities: page.modalities,
        failure: undefined,
        moved: { by: movedBy, version: this.#state.moved.version + 1 },
      })
      return 0
    } catch (failure) {
      // What is on screen is still true enough to stay; only a list that never came says that it failed.
      if (!this.#whole.signal.aborted && !this.#state.loaded) this.#set({ failure })
      const wait = waitOf(failure)
      if (wait > 0) this.#refreshAgain = true
      return wait
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#whole.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
    })
  }

  #set(change: Partial<WorklistState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
