import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { createApi } from './client/api.ts'
import { ClientProvider } from './client/client-context.tsx'
import { sharedToken } from './client/shared-page.ts'
import { SessionStore } from './client/session-store.ts'
import { firstLanguage } from './locales/language.ts'
import { loadArea } from './locales/load-area.ts'
import { TextsProvider } from './locales/texts-context.tsx'
import { Texts } from './locales/texts.ts'
import { SessionGate } from './shell/session-gate.tsx'
import './ui/base.css'

const SharedGate = lazy(() =>
  import('./share/shared-gate.tsx').then((module) => ({ default: module.SharedGate })),
)

async function start(): Promise<void> {
  const token = sharedToken()
  const session = new SessionStore()
  const api = createApi({ onSignedOut: session.expire })
  const asked = session.refresh(api)
  const texts = new Texts(firstLanguage(localStorage, navigator.languages), loadArea)
  await texts.loadAreas('shell', 'sign-in')
  await asked

  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <TextsProvider texts={texts}>
        <ClientProvider client={{ api, session }}>
          {token === undefined ? (
            <SessionGate />
          ) : (
            <Suspense>
              <SharedGate token={token} />
            </Suspense>
          )}
        </ClientProvider>
      </TextsProvider>
    </StrictMode>,
  )
}

void start()
