import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTextsStore } from '../locales/texts-context.tsx'
import { useKeyboard, useKeyboardMap } from '../ui/keyboard.tsx'
import { useToast } from '../ui/toast.tsx'
import { SettingsContext, type Settings, type SettingsWish } from './settings-context.tsx'
import { SettingsStore } from './settings-store.ts'

const SettingsDialog = lazy(() =>
  import('./settings-dialog.tsx').then((file) => ({ default: file.SettingsDialog })),
)

/** The settings of whoever is signed in, for all pages, and the dialog that changes them. */
export function SettingsProvider({ children }: { children: ReactNode }): ReactNode {
  const api = useApi()
  const texts = useTextsStore()
  const toast = useToast()
  const map = useKeyboardMap()
  const [wish, setWish] = useState<SettingsWish>()
  const [store] = useState(
    () =>
      new SettingsStore(api, (error) =>
        toast({
          tone: 'danger',
          text: texts.t('shell.settings-failed', { reason: errorText(texts.t, error) }),
        }),
      ),
  )
  useEffect(() => {
    const apply = (): void => map.choose(store.get().keys ?? {})
    apply()
    void store.refresh()
    return store.subscribe(apply)
  }, [store, map])
  const settings = useMemo((): Settings => ({ store, open: (wanted = {}) => setWish(wanted) }), [store])
  useKeyboard([
    {
      code: 'Comma',
      control: true,
      shown: '⌃,',
      text: 'shell.settings',
      group: 'shell.keys.general',
      run: () => settings.open(),
    },
  ])
  return (
    <SettingsContext value={settings}>
      {children}
      {wish !== undefined && (
        <Suspense>
          <SettingsDialog wish={wish} onClose={() => setWish(undefined)} />
        </Suspense>
      )}
    </SettingsContext>
  )
}
