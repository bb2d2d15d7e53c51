import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { ApiError } from '../client/api-error.ts'
import { useClient, useSessionState } from '../client/client-context.tsx'
import { useTexts, useTextsStore, WithTexts } from '../locales/texts-context.tsx'
import { fetchReadingRoomAhead } from '../shell/load-reading-room.ts'
import type { Look } from './look.ts'
import { SharedLanding } from './shared-landing.tsx'

const loadApp = () => import('../shell/app.tsx').then(({ App }) => ({ default: App }))
const App = lazy(loadApp)
const lookShape = async () => (await import('../../core/contract/sharing.ts')).SharedLook

/** Between two looks at whether an open link is still open: one that was taken back is off the screen soon. Milliseconds. */
const WATCH_MS = 8_000

/** A page of a share link: what it is, its lock, and behind it the reading room of one study. */
export function SharedGate({ token }: { readonly token: string }): ReactNode {
  const { language } = useTexts()
  const texts = useTextsStore()
  const { api, session } = useClient()
  const state = useSessionState()
  const [look, setLook] = useState<Look>({ kind: 'asking' })
  /** Undefined: not asked for yet. */
  const logo = useRef<string | null>(undefined)
  const isOpen = state.kind === 'signed-in' && !state.expired

  const ask = useCallback(
    (signal?: AbortSignal): void => {
      api
        .call('POST', '/api/shared/look', {
          body: { token, withLogo: logo.current === undefined },
          answer: lookShape,
          signal,
        })
        .then((known) => {
          logo.current ??= known.logo
          setLook({ kind: 'known', look: known, logo: logo.current })
        })
        .catch((error: unknown) => {
          if (signal?.aborted === true) return
          const isUnknown = error instanceof ApiError && error.status === 404
          setLook((before) =>
            isUnknown ? { kind: 'unknown' } : before.kind === 'known' ? before : { kind: 'unreachable' },
          )
        })
    },
    [api, token],
  )
  useEffect(() => {
    const controller = new AbortController()
    ask(controller.signal)
    const timer = isOpen ? setInterval(() => ask(), WATCH_MS) : undefined
    return () => {
      controller.abort()
      clearInterval(timer)
    }
  }, [ask, isOpen])
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  useEffect(() => {
    // What reads the images loads while the code is typed.
    void loadApp()
    fetchReadingRoomAhead(texts)
  }, [texts])

  const isOver = look.kind === 'known' && (look.look.state === 'revoked' || look.look.state === 'expired')
  if (isOpen && !isOver)
    return (
      <Suspense>
        <App />
      </Suspense>
    )
  return (
    <WithTexts areas={['share']}>
      <SharedLanding
        look={look}
        onAgain={() => ask()}
        onOpen={(secret) =>
          session.openShared(api, secret === undefined ? { token } : { token, secret }).catch((error) => {
            // The link may be another than it was a moment ago.
            ask()
            throw error
          })
        }
      />
    </WithTexts>
  )
}
