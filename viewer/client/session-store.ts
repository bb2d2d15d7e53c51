import { SessionUser } from '../../core/contract/api.ts'
import type { Api } from './api.ts'
import { ApiError } from './api-error.ts'

export type SessionState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signed-out'; /** True when a session was lost, not ended. */ readonly expired: boolean }
  | { readonly kind: 'signed-in'; readonly user: SessionUser }
  | { readonly kind: 'unreachable' }

/** Who is signed in, for whoever asks; changes are told to subscribers. */
export class SessionStore {
  #state: SessionState = { kind: 'asking' }
  readonly #listeners = new Set<() => void>()

  readonly getState = (): SessionState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks the server who we are. */
  async refresh(api: Api): Promise<void> {
    try {
      this.#set({ kind: 'signed-in', user: await api.call('GET', '/api/session', { answer: SessionUser }) })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#set({ kind: 'signed-out', expired: false })
      else this.#set({ kind: 'unreachable' })
    }
  }

  async signIn(api: Api, credentials: { email: string; password: string }): Promise<void> {
    const user = await api.call('POST', '/api/session', { body: credentials, answer: SessionUser })
    this.#set({ kind: 'signed-in', user })
  }

  async signOut(api: Api): Promise<void> {
    await api.call('DELETE', '/api/session')
    this.#set({ kind: 'signed-out', expired: false })
  }

  async changePassword(api: Api, change: { currentPassword: string; newPassword: string }): Promise<void> {
    await api.call('POST', '/api/session/password', { body: change })
    await this.refresh(api)
  }

  /** The server no longer knows the session. */
  readonly expire = (): void => {
    if (this.#state.kind === 'signed-in') this.#set({ kind: 'signed-out', expired: true })
  }

  #set(state: SessionState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
