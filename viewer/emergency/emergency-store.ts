import type { ProofKind } from '../../core/contract/account.ts'
import type { OwnEmergency } from '../../core/contract/emergency.ts'
import type { Api } from '../client/api.ts'
import type { LiveEvent } from '../client/live-events.ts'

export interface EmergencyNews {
  /** There is a glass, and this person may break it. */
  readonly offered: boolean
  readonly minutes: number
  /** With what this person can show who they are. */
  readonly proofs: readonly ProofKind[]
  /** Accesses of this person that last. */
  readonly mine: readonly OwnEmergency[]
  /** Accesses of the organisation that wait for a review. */
  readonly waiting: number
  /** Grows whenever something may have changed. */
  readonly version: number
}

const NOTHING: EmergencyNews = { offered: false, minutes: 0, proofs: [], mine: [], waiting: 0, version: 0 }

/** Shapes are loaded when the first answer is there: the worklist is quicker without them. */
const shapes = () => import('../../core/contract/emergency.ts')

/** What a person has to know of emergency access at every moment: of their own, and of others' where they review. */
export class EmergencyStore {
  readonly #api: Pick<Api, 'call'>
  readonly #may: { readonly request: boolean; readonly review: boolean }
  readonly #listeners = new Set<() => void>()
  #news = NOTHING
  #over: ReturnType<typeof setTimeout> | undefined

  constructor(api: Pick<Api, 'call'>, may: { readonly request: boolean; readonly review: boolean }) {
    this.#api = api
    this.#may = may
  }

  /** Whether this person is ever told of any. */
  get concerns(): boolean {
    return this.#may.request || this.#may.review
  }

  readonly get = (): EmergencyNews => this.#news

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  hear(event: LiveEvent): void {
    if (event.kind === 'emergency' || event.kind === 'gap') void this.refresh()
  }

  /** Reads how things are. Without an answer they stay as they were known. */
  readonly refresh = async (): Promise<void> => {
    const [own, waiting] = await Promise.all([this.#own(), this.#waiting()])
    this.#news = {
      offered: own === undefined ? this.#news.offered : own.enabled && own.needed,
      minutes: own?.minutes ?? this.#news.minutes,
      proofs: own?.proofs ?? this.#news.proofs,
      mine: own?.mine ?? this.#news.mine,
      waiting: waiting ?? this.#news.waiting,
      version: this.#news.version + 1,
    }
    this.#expectEnd()
    for (const listener of this.#listeners) listener()
  }

  close(): void {
    clearTimeout(this.#over)
    this.#listeners.clear()
  }

  async #own() {
    if (!this.#may.request) return undefined
    const answer = async () => (await shapes()).EmergencyState
    return this.#api.call('GET', '/api/emergency', { answer }).catch(() => undefined)
  }

  async #waiting(): Promise<number | undefined> {
    if (!this.#may.review) return undefined
    const answer = async () => (await shapes()).EmergencyWaiting
    const said = await this.#api
      .call('GET', '/api/admin/emergency/waiting', { answer })
      .catch(() => undefined)
    return said?.waiting
  }

  /** Nobody says when the first of them is over: the clock does. */
  #expectEnd(): void {
    clearTimeout(this.#over)
    const ends = this.#news.mine.map(({ expiresAt }) => Date.parse(expiresAt))
    if (ends.length === 0) return
    this.#over = setTimeout(() => void this.refresh(), Math.max(1000, Math.min(...ends) - Date.now() + 500))
  }
}
