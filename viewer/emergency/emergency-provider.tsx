import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useApi, useMay } from '../client/client-context.tsx'
import { WithTexts } from '../locales/texts-context.tsx'
import { useKeyboard } from '../ui/keyboard.tsx'
import { EmergencyContext } from './emergency-context.ts'
import { EmergencyStore } from './emergency-store.ts'

const EmergencyDialog = lazy(() =>
  import('./emergency-dialog.tsx').then((file) => ({ default: file.EmergencyDialog })),
)

/** Emergency access for all pages: what lasts of it, and the dialog that asks for it. */
export function EmergencyProvider({ children }: { children: ReactNode }): ReactNode {
  const api = useApi()
  const may = { request: useMay('emergency.request'), review: useMay('emergency.review') }
  const [store] = useState(() => new EmergencyStore(api, may))
  const [asked, setAsked] = useState<string>()
  const emergencies = useMemo(
    () => ({ store, ask: (identifier = '') => setAsked(identifier.trim()) }),
    [store],
  )
  useEffect(() => {
    if (store.concerns) void store.refresh()
    return () => store.close()
  }, [store])
  return (
    <EmergencyContext value={emergencies}>
      {children}
      {may.request && <EmergencyKey onPress={() => store.get().offered && setAsked('')} />}
      {asked !== undefined && (
        <WithTexts areas={['emergency']}>
          <Suspense>
            <EmergencyDialog identifier={asked} onClose={() => setAsked(undefined)} />
          </Suspense>
        </WithTexts>
      )}
    </EmergencyContext>
  )
}

function EmergencyKey({ onPress }: { onPress: () => void }): ReactNode {
  useKeyboard([
    {
      code: 'KeyE',
      control: true,
      shift: true,
      shown: '⌃⇧E',
      text: 'shell.emergency',
      group: 'shell.keys.general',
      run: onPress,
    },
  ])
  return null
}
