import type { Api } from '../client/api.ts'
import type { SessionStore } from '../client/session-store.ts'
import { createInspector, type Inspector } from './inspector.ts'
import { archiveTransport } from './archive-transport.ts'
import type { UploadSnapshot } from './upload-phase.ts'
import { UploadQueue } from './upload-queue.ts'
import { UploadSessions, type InterruptedUpload } from './upload-sessions.ts'
import { walkSources, type UploadSource } from './walk-sources.ts'

export interface DeskState {
  readonly snapshot: UploadSnapshot
  readonly interrupted: InterruptedUpload | undefined
}

interface DeskParts {
  readonly api: Api
  /** The user whose uploads these are. */
  readonly owner: string
  readonly onSignedOut: () => void
}

/** Puts the parts of an upload together for one person: the queue, what is kept over a reload, the worker. */
export class UploadDesk {
  readonly #parts: DeskParts
  readonly #listeners = new Set<() => void>()
  readonly #sessions: Promise<UploadSessions>
  readonly #inspector: Inspector = createInspector()
  #ledger: UploadSessions | undefined
  #queue: UploadQueue
  #interrupted: InterruptedUpload | undefined
  #state: DeskState

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#queue = this.#newQueue()
    this.#state = { snapshot: this.#queue.getSnapshot(), interrupted: undefined }
    this.#sessions = UploadSessions.open(parts.owner)
    void this.#sessions.then(async (sessions) => {
      this.#ledger = sessions
      this.#interrupted = await sessions.interrupted()
      this.#changed()
    })
  }

  readonly getState = (): DeskState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get queue(): UploadQueue {
    return this.#queue
  }

  /** Begins with these, or adds them to what is under way. */
  async add(sources: readonly UploadSource[]): Promise<void> {
    if (sources.length === 0) return
    if (this.#state.snapshot.phase === 'cancelled') this.startOver()
    const sessions = await this.#sessions
    await sessions.begin(sources)
    this.#interrupted = undefined
    this.#changed()
    await this.#queue.add(walkSources(sources))
  }

  /** Goes on with what a reload interrupted; asks for the permission to read it where the browser wants that. */
  async goOn(): Promise<'going-on' | 'not-permitted'> {
    const handles = this.#interrupted?.handles ?? []
    for (const handle of handles) {
      const permission = await (handle as PermittedHandle).requestPermission?.({ mode: 'read' })
      if (permission !== undefined && permission !== 'granted') return 'not-permitted'
    }
    this.#interrupted = undefined
    this.#changed()
    void this.#queue.add(walkSources(handles.map((handle) => ({ kind: 'handle', handle }))))
    return 'going-on'
  }

  async forgetInterrupted(): Promise<void> {
    await (await this.#sessions).end()
    this.#interrupted = undefined
    this.#changed()
  }

  async cancel(): Promise<void> {
    this.#queue.cancel()
    await (await this.#sessions).end()
  }

  /** A fresh queue, after the last one is over. */
  startOver(): void {
    this.#queue = this.#newQueue()
    this.#changed()
  }

  /** Listens to the network, to the page going away, and to signing in again. Returns how to stop. */
  attach(window: Window, session: SessionStore): () => void {
    const online = (): void => this.#queue.tryNow()
    const leaving = (event: BeforeUnloadEvent): void => {
      if (['running', 'waiting-for-network', 'paused'].includes(this.#state.snapshot.phase))
        event.preventDefault()
    }
    const unsubscribe = session.subscribe(() => {
      const state = session.getState()
      const back = state.kind === 'signed-in' && !state.expired
      if (back && this.#state.snapshot.phase === 'signed-out') this.#queue.resume()
    })
    window.addEventListener('online', online)
    window.addEventListener('beforeunload', leaving)
    return () => {
      unsubscribe()
      window.removeEventListener('online', online)
      window.removeEventListener('beforeunload', leaving)
      // Another person signs in on this machine: nothing more goes in under the first one's name.
      if (session.getState().kind === 'signed-out') this.#queue.cancel()
    }
  }

  #newQueue(): UploadQueue {
    const queue = new UploadQueue({
      inspect: (path, blob) => this.#inspector.inspect(path, blob),
      transport: archiveTransport(this.#parts.api, this.#parts.onSignedOut),
      ledger: {
        find: (file) => this.#ledger?.find(file),
        record: (file, entry) => this.#ledger?.record(file, entry),
      },
      now: () => performance.now(),
      setTimer: (run, milliseconds) => {
        const timer = setTimeout(run, milliseconds)
        return () => clearTimeout(timer)
      },
      random: Math.random,
    })
    queue.subscribe(() => this.#queueChanged(queue))
    return queue
  }

  #queueChanged(queue: UploadQueue): void {
    if (queue !== this.#queue) return
    const finished = queue.getSnapshot().phase === 'finished' && this.#state.snapshot.phase !== 'finished'
    if (finished && queue.getSnapshot().counts.failed === 0) void this.#ledger?.end()
    this.#changed()
  }

  #changed(): void {
    this.#state = { snapshot: this.#queue.getSnapshot(), interrupted: this.#interrupted }
    for (const listener of this.#listeners) listener()
  }
}

interface PermittedHandle extends FileSystemHandle {
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>
}
