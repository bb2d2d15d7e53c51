import type { KeptReadingSettings, ReadingSettings } from '../../core/contract/reading-settings.ts'
import { ApiError } from '../client/api-error.ts'
import type { Api } from '../client/api.ts'
import type { LiveEvent } from '../client/live-events.ts'

const PATH = '/api/settings/reading'

/** Shapes are loaded when the first answer is there: the worklist is quicker without them. */
const shapes = () => import('../../core/contract/reading-settings.ts')

export type SettingsChange = (before: ReadingSettings) => ReadingSettings

/**
 * What the person at the screen changed of the reading room. A change acts at once and is sent after; should another window
 * have been first, it is made again to what that window left, so that neither undoes the other's.
 */
export class SettingsStore {
  #kept: KeptReadingSettings = { version: 0, settings: {} }
  #changes: readonly SettingsChange[] = []
  #now: ReadingSettings = {}
  #sending = false
  readonly #listeners = new Set<() => void>()
  readonly #api: Pick<Api, 'call'>
  readonly #onFault: (error: unknown) => void

  /** @param onFault told when a change could not be kept; the next change tries again */
  constructor(api: Pick<Api, 'call'>, onFault: (error: unknown) => void) {
    this.#api = api
    this.#onFault = onFault
  }

  readonly get = (): ReadingSettings => this.#now

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads what is kept. Without an answer the room stays as it is. */
  async refresh(): Promise<void> {
    const kept = await this.#read().catch(() => undefined)
    if (kept !== undefined) this.#keep(kept)
  }

  /** Another window changed something, which acts here too; what is known already is not read again. */
  hear(event: LiveEvent): void {
    if (event.kind === 'settings') {
      if (event.version > this.#kept.version && !this.#sending) void this.refresh()
    }
    // What happened while nobody listened was not heard.
    else if (event.kind === 'connected') void this.refresh()
  }

  readonly change = (change: SettingsChange): void => {
    this.#changes = [...this.#changes, change]
    this.#tell()
    void this.#send()
  }

  async #send(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      while (this.#changes.length > 0) await this.#sendAll(this.#changes)
    } catch (error) {
      this.#onFault(error)
    } finally {
      this.#sending = false
    }
  }

  async #sendAll(changes: readonly SettingsChange[]): Promise<void> {
    const settings = changed(this.#kept.settings, changes)
    try {
      const { version } = await this.#api.call('PUT', PATH, {
        body: { version: this.#kept.version, settings },
        answer: async () => (await shapes()).WrittenSettings,
      })
      this.#changes = this.#changes.slice(changes.length)
      this.#keep({ version, settings })
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'settings-changed') throw error
      this.#keep(await this.#read())
    }
  }

  #read(): Promise<KeptReadingSettings> {
    return this.#api.call('GET', PATH, { answer: async () => (await shapes()).KeptReadingSettings })
  }

  #keep(kept: KeptReadingSettings): void {
    // Of two answers the later one may have been asked for first.
    if (kept.version < this.#kept.version) return
    this.#kept = kept
    this.#tell()
  }

  #tell(): void {
    const next = changed(this.#kept.settings, this.#changes)
    if (JSON.stringify(next) === JSON.stringify(this.#now)) return
    this.#now = next
    for (const listener of this.#listeners) listener()
  }
}

const changed = (settings: ReadingSettings, changes: readonly SettingsChange[]): ReadingSettings =>
  changes.reduce((before, change) => change(before), settings)
