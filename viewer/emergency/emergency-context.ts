import { createContext, useContext, useSyncExternalStore } from 'react'
import type { EmergencyNews, EmergencyStore } from './emergency-store.ts'

interface Emergencies {
  readonly store: EmergencyStore
  /** Opens the dialog that asks for it, with what was looked for. */
  readonly ask: (identifier?: string) => void
}

export const EmergencyContext = createContext<Emergencies | undefined>(undefined)

/** To tell it of what was heard; undefined where nobody is signed in. */
export const useEmergencyStore = (): EmergencyStore | undefined => useContext(EmergencyContext)?.store

const noNews = () => () => undefined

export function useEmergencyNews(): EmergencyNews | undefined {
  const store = useEmergencyStore()
  return useSyncExternalStore(store?.subscribe ?? noNews, store?.get ?? (() => undefined))
}

/** Asks for emergency access; undefined where there is none to ask for. */
export function useAskEmergency(): Emergencies['ask'] | undefined {
  const emergencies = useContext(EmergencyContext)
  return useEmergencyNews()?.offered === true ? emergencies?.ask : undefined
}
