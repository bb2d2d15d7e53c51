import { shareAddress } from './shared-page.ts'
import { SettingsEvent, StudyEvent } from '../../core/contract/api.ts'

export type LiveEvent =
  | { readonly kind: 'study'; readonly studyInstanceUid: string }
  /** The person changed the reading room, here or elsewhere. */
  | { readonly kind: 'settings'; readonly version: number }
  /** A link of the reader's was opened, or is ready. */
  | { readonly kind: 'share' }
  /** Somebody broke the glass, it was closed, or it is over. */
  | { readonly kind: 'emergency' }
  /** Something may have been missed: read again what is shown. */
  | { readonly kind: 'gap' }
  | { readonly kind: 'connected' | 'disconnected' }

/** What is used of an EventSource. */
interface Source {
  readonly readyState: number
  addEventListener(name: string, listener: (event: Event) => void): void
  close(): void
}

const REOPEN_MS = 5000

/**
 * Listens to /api/events until the returned function is called. The browser opens a broken stream again by itself;
 * every stream after the first is told as a gap, since what happened in between was not heard.
 */
export function listenToEvents(
  onEvent: (event: LiveEvent) => void,
  open: () => Source = () => new EventSource(shareAddress('/api/events')),
): () => void {
  let source: Source
  let heardBefore = false
  let reopen: ReturnType<typeof setTimeout> | undefined

  const connect = (): void => {
    source = open()
    source.addEventListener('open', () => {
      onEvent({ kind: 'connected' })
      if (heardBefore) onEvent({ kind: 'gap' })
      heardBefore = true
    })
    source.addEventListener('study', (message) => {
      const event = StudyEvent.safeParse(JSON.parse((message as MessageEvent<string>).data))
      if (event.success) onEvent({ kind: 'study', studyInstanceUid: event.data.studyInstanceUid })
    })
    source.addEventListener('settings', (message) => {
      const event = SettingsEvent.safeParse(JSON.parse((message as MessageEvent<string>).data))
      if (event.success) onEvent({ kind: 'settings', version: event.data.version })
    })
    source.addEventListener('share', () => onEvent({ kind: 'share' }))
    source.addEventListener('emergency', () => onEvent({ kind: 'emergency' }))
    source.addEventListener('gap', () => onEvent({ kind: 'gap' }))
    source.addEventListener('error', () => {
      onEvent({ kind: 'disconnected' })
      // After an answer that is no stream (a proxy's error page) the browser gives up; we do not.
      if (source.readyState === 2) reopen = setTimeout(connect, REOPEN_MS)
    })
  }

  connect()
  return () => {
    clearTimeout(reopen)
    source.close()
  }
}
