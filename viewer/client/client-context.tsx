import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react'
import type { SessionUser } from '../../core/contract/api.ts'
import type { Api } from './api.ts'
import type { SessionState, SessionStore } from './session-store.ts'

interface Client {
  readonly api: Api
  readonly session: SessionStore
}

const Context = createContext<Client | undefined>(undefined)

export function ClientProvider({ client, children }: { client: Client; children: ReactNode }): ReactNode {
  return <Context value={client}>{children}</Context>
}

export function useClient(): Client {
  const client = useContext(Context)
  if (client === undefined) throw new Error('useClient needs a ClientProvider above it.')
  return client
}

/** Our JSON API. */
export function useApi(): Api {
  return useClient().api
}

export function useSessionState(): SessionState {
  const { session } = useClient()
  return useSyncExternalStore(session.subscribe, session.getState)
}

/** Whoever is signed in; only below the gate that lets nobody else through. */
export function useSessionUser(): SessionUser {
  const state = useSessionState()
  if (state.kind !== 'signed-in') throw new Error('useSessionUser is for pages behind the sign-in.')
  return state.user
}

/** Whether the person may do this; the server decides again. */
export function useMay(action: string): boolean {
  return useSessionUser().actions.includes(action)
}
