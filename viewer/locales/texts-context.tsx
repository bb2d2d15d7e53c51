import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { Language } from './language.ts'
import type { Area } from './text-key.ts'
import type { Texts } from './texts.ts'

const Context = createContext<Texts | undefined>(undefined)

export function TextsProvider({ texts, children }: { texts: Texts; children: ReactNode }): ReactNode {
  return <Context value={texts}>{children}</Context>
}

/** The sentences, the language, and how to change it; renders again when they change. */
export function useTexts(): {
  t: Texts['t']
  language: Language
  changeLanguage: (language: Language) => Promise<void>
} {
  const texts = useTextsStore()
  useSyncExternalStore(texts.subscribe, () => texts.version)
  return {
    t: texts.t,
    language: texts.language,
    changeLanguage: (language) => texts.changeLanguage(language),
  }
}

/** Shows its children once the sentences of these areas are there. */
export function WithTexts({ areas, children }: { areas: readonly Area[]; children: ReactNode }): ReactNode {
  const texts = useTextsStore()
  const [ready, setReady] = useState(false)
  const wanted = areas.join(' ')
  useEffect(() => {
    let current = true
    void texts.loadAreas(...(wanted.split(' ') as Area[])).then(() => {
      if (current) setReady(true)
    })
    return () => {
      current = false
    }
  }, [texts, wanted])
  return ready ? children : null
}

/** The store itself, for what is not a component. */
export function useTextsStore(): Texts {
  const texts = useContext(Context)
  if (texts === undefined) throw new Error('useTexts needs a TextsProvider above it.')
  return texts
}
