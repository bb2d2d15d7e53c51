import type { SessionUser } from '../../core/contract/api.ts'
import type { Api } from './api.ts'
import { ApiError } from './api-error.ts'
import { forgetOpenings } from './opening-packet.ts'

export type SessionState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signed-out' }
  | {
      readonly kind: 'signed-in'
      readonly user: SessionUser
      /** The server has ended the session: the pages stay as they are behind the sign-in. */
      readonly expired: boolean
    }
  | { readonly kind: 'unreachable' }

/** The shapes of the API weigh a quarter of the sign-in page, which needs none of them. */
const sessionUser = async () => (await import('../../core/contract/api.ts')).SessionUser

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
      const user = await api.call('GET', '/api/session', { answer: sessionUser })
      this.#set({ kind: 'signed-in', user, expired: false })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#set({ kind: 'signed-out' })
      else this.#set({ kind: 'unreachable' })
    }
  }

  async signIn(api: Api, credentials: { email: string; password: string; code?: string }): Promise<void> {
    const user = await api.call('POST', '/api/session', { body: credentials, answer: sessionUser })
    this.enter(user)
  }

  /** Somebody has signed in by another way. */
  enter(user: SessionUser): void {
    this.#set({ kind: 'signed-in', user, expired: false })
  }

  /** Opens the link of this page: its guest is signed in, on this page alone. */
  async openShared(api: Api, opened: { token: string; secret?: string }): Promise<void> {
    const user = await api.call('POST', '/api/shared/open', { body: opened, answer: sessionUser })
    this.#set({ kind: 'signed-in', user, expired: false })
  }

  async signOut(api: Api): Promise<void> {
    await api.call('DELETE', '/api/session')
    forgetOpenings()
    this.#set({ kind: 'signed-out' })
  }

  async changePassword(api: Api, change: { currentPassword: string; newPassword: string }): Promise<void> {
    await api.call('POST', '/api/session/password', { body: change })
    await this.refresh(api)
  }

  /** The server no longer knows the session. */
  readonly expire = (): void => {
    forgetOpenings()
    if (this.#state.kind === 'signed-in') this.#set({ ...this.#state, expired: true })
  }

  #set(state: SessionState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
