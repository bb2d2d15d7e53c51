import { createContext, useContext, useSyncExternalStore } from 'react'
import type { OwnWindow, ReadingSettings } from '../../core/contract/reading-settings.ts'
import type { SettingsChange, SettingsStore } from './settings-store.ts'

/** What the dialog is opened for. */
export interface SettingsWish {
  /** A window to become a preset of the modality. */
  readonly keep?: { readonly modality: string; readonly window: Omit<OwnWindow, 'name'> }
}

export interface Settings {
  readonly store: SettingsStore
  readonly open: (wish?: SettingsWish) => void
}

export const SettingsContext = createContext<Settings | undefined>(undefined)

const AS_USUAL: ReadingSettings = {}
const noNews = () => () => undefined

/** What was changed; nothing, where nobody is signed in. */
export function useReadingSettings(): ReadingSettings {
  const store = useContext(SettingsContext)?.store
  return useSyncExternalStore(store?.subscribe ?? noNews, store?.get ?? (() => AS_USUAL))
}

export function useChangeSettings(): (change: SettingsChange) => void {
  return useContext(SettingsContext)?.store.change ?? (() => undefined)
}

/** To be told of what other windows changed; undefined where nobody is signed in. */
export const useSettingsStore = (): SettingsStore | undefined => useContext(SettingsContext)?.store

/** Opens the dialog. */
export function useOpenSettings(): Settings['open'] {
  return useContext(SettingsContext)?.open ?? (() => undefined)
}
