import { useEffect, useRef, useState } from 'react'
import { MarkDraft, SavedDraft } from '../../core/contract/api.ts'
import { ApiError } from '../client/api-error.ts'
import { useClient, useSessionUser } from '../client/client-context.tsx'
import { keepDraft, type DraftKeeper, type DraftStatus } from './keep-draft.ts'
import { createMarkStore, type MarkStore } from './mark-store.ts'

/** Rooms that were left and still save: the same study opened again waits, or it would read the draft of before. */
const leaving = new Map<string, Promise<void>>()

/** The marks of this reader on a study, saved as they are drawn. */
export function useMarks(studyInstanceUid: string): {
  marks: MarkStore
  status: DraftStatus
  /** Undefined once the room was left. */
  draftKeeper: () => DraftKeeper | undefined
} {
  const { api, session } = useClient()
  const signedIn = useSessionUser()
  /** Who opened the room: the marks are theirs. */
  const [{ userId }] = useState(signedIn)
  const [marks] = useState(createMarkStore)
  const [status, setStatus] = useState<DraftStatus>('loading')
  const keeping = useRef<DraftKeeper>(undefined)

  useEffect(() => {
    const path = `/api/studies/${studyInstanceUid}/draft`
    const room = `${userId} ${studyInstanceUid}`
    /** Once somebody else is signed in, nothing of this reader goes into their draft. */
    const asReader = (): void => {
      const state = session.getState()
      if (state.kind !== 'signed-in' || state.user.userId !== userId)
        throw new ApiError(401, 'sign-in-needed', 'Somebody else is signed in.')
    }
    const keeper = keepDraft({
      store: marks,
      load: async () => {
        await leaving.get(room)
        asReader()
        return api.call('GET', path, { answer: MarkDraft })
      },
      save: async (draft) => {
        asReader()
        const saved = await api.call('PUT', path, { body: draft, answer: SavedDraft, outlivesPage: true })
        return saved.version
      },
      onStatus: setStatus,
    })
    keeping.current = keeper
    window.addEventListener('pagehide', keeper.flush)
    return () => {
      keeping.current = undefined
      window.removeEventListener('pagehide', keeper.flush)
      const left = keeper.stop().then(() => {
        if (leaving.get(room) === left) leaving.delete(room)
      })
      leaving.set(room, left)
    }
  }, [api, session, userId, marks, studyInstanceUid])

  // A browser asks before it closes a page whose marks the archive would not take.
  useEffect(() => {
    if (status !== 'failed') return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [status])

  return { marks, status, draftKeeper: () => keeping.current }
}
