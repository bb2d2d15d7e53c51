import { useEffect, useState, useSyncExternalStore } from 'react'
import { WorklistPage } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { listenToEvents } from '../client/live-events.ts'
import { useEmergencyStore } from '../emergency/emergency-context.ts'
import { useSettingsStore } from '../settings/settings-context.tsx'
import { worklistQuery, type WorklistFilters } from './worklist-filters.ts'
import { WorklistStore, type WorklistState } from './worklist-store.ts'

/** A stream that is silent for so long is worth telling people about; the server ends every stream now and then. */
const SILENT_MS = 8000

/** The list under these filters, kept up to date. The list before stays on screen until the next has come. */
export function useWorklist(filters: WorklistFilters): {
  state: WorklistState
  store: WorklistStore
  isLive: boolean
  isStale: boolean
} {
  const api = useApi()
  const wanted = JSON.stringify(filters)
  const open = (): { wanted: string; store: WorklistStore } => ({
    wanted,
    store: new WorklistStore((range, signal) =>
      api.call('GET', '/api/worklist', {
        query: { ...worklistQuery(JSON.parse(wanted) as WorklistFilters, new Date()), ...range },
        answer: WorklistPage,
        signal,
      }),
    ),
  })
  const [current, setCurrent] = useState(open)
  const [isLive, setLive] = useState(true)
  const settings = useSettingsStore()
  const emergencies = useEmergencyStore()

  useEffect(() => {
    if (current.wanted === wanted) {
      current.store.show(0, 40)
      return
    }
    const next = open()
    const unsubscribe = next.store.subscribe(() => {
      const { loaded, failure } = next.store.getState()
      if (loaded || failure !== undefined) setCurrent(next)
    })
    next.store.show(0, 40)
    return unsubscribe
    // `open` closes over `wanted` alone.
  }, [wanted, current])

  useEffect(() => {
    let silent: ReturnType<typeof setTimeout> | undefined
    const stop = listenToEvents((event) => {
      settings?.hear(event)
      emergencies?.hear(event)
      clearTimeout(silent)
      if (event.kind === 'disconnected') silent = setTimeout(() => setLive(false), SILENT_MS)
      else setLive(true)
      if (event.kind === 'study' || event.kind === 'emergency' || event.kind === 'gap')
        current.store.refresh()
    })
    return () => {
      clearTimeout(silent)
      stop()
    }
  }, [current, settings, emergencies])

  const state = useSyncExternalStore(current.store.subscribe, current.store.getState)
  return { state, store: current.store, isLive, isStale: current.wanted !== wanted }
}
