import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createApi } from './client/api.ts'
import { ClientProvider } from './client/client-context.tsx'
import { SessionStore } from './client/session-store.ts'
import { firstLanguage } from './locales/language.ts'
import { loadArea } from './locales/load-area.ts'
import { TextsProvider } from './locales/texts-context.tsx'
import { Texts } from './locales/texts.ts'
import { SessionGate } from './shell/session-gate.tsx'
import './ui/base.css'

async function start(): Promise<void> {
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
          <SessionGate />
        </ClientProvider>
      </TextsProvider>
    </StrictMode>,
  )
}

void start()
