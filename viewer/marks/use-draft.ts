import { useEffect, useRef, useState } from 'react'
import type { Api } from '../client/api.ts'
import { ApiError } from '../client/api-error.ts'
import { useClient, useSessionUser } from '../client/client-context.tsx'
import { keepDraft, type DraftKeeper, type DraftStatus, type SettledDraft } from './keep-draft.ts'
import type { Drawn, DrawnStore } from './drawn-store.ts'

/** Where drafts of one kind are kept. The same object always. */
export interface DraftRoute<Item> {
  path(studyInstanceUid: string): string
  load(api: Api, path: string): Promise<SettledDraft<Item>>
  /** Answers the new version. */
  save(api: Api, path: string, draft: { version: number; marks: Item[] }): Promise<number>
}

/** Rooms that were left and still save: the same study opened again waits, or it would read the draft of before. */
const leaving = new Map<string, Promise<void>>()

/** Keeps what is in the store as this reader's draft on a study, saved as it is drawn. */
export function useDraft<Item extends Drawn>(
  store: DrawnStore<Item>,
  studyInstanceUid: string,
  route: DraftRoute<Item>,
): {
  status: DraftStatus
  /** Undefined once the room was left. */
  draftKeeper: () => DraftKeeper<Item> | undefined
} {
  const { api, session } = useClient()
  const signedIn = useSessionUser()
  /** Who opened the room: the marks are theirs. */
  const [{ userId }] = useState(signedIn)
  const [status, setStatus] = useState<DraftStatus>('loading')
  const keeping = useRef<DraftKeeper<Item>>(undefined)

  useEffect(() => {
    const path = route.path(studyInstanceUid)
    const room = `${userId} ${path}`
    /** Once somebody else is signed in, nothing of this reader goes into their draft. */
    const asReader = (): void => {
      const state = session.getState()
      if (state.kind !== 'signed-in' || state.user.userId !== userId)
        throw new ApiError(401, 'sign-in-needed', 'Somebody else is signed in.')
    }
    // Every window of this reader with this study.
    const others = new BroadcastChannel(`yunying draft ${room}`)
    const keeper = keepDraft({
      store,
      load: async () => {
        await leaving.get(room)
        asReader()
        return route.load(api, path)
      },
      save: async (draft) => {
        asReader()
        return route.save(api, path, draft)
      },
      onStatus: setStatus,
      onVersion: (version) => others.postMessage(version),
    })
    keeping.current = keeper
    others.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'number') keeper.changedElsewhere(data)
    })
    window.addEventListener('pagehide', keeper.flush)
    return () => {
      keeping.current = undefined
      window.removeEventListener('pagehide', keeper.flush)
      const left = keeper.stop().then(() => {
        others.close()
        if (leaving.get(room) === left) leaving.delete(room)
      })
      leaving.set(room, left)
    }
  }, [api, session, userId, store, studyInstanceUid, route])

  // A browser asks before it closes a page whose marks the archive would not take.
  useEffect(() => {
    if (status !== 'failed') return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [status])

  return { status, draftKeeper: () => keeping.current }
}
