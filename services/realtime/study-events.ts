import { accessScope } from '../../core/access/access-scope.ts'
import type { Principal } from '../../core/access/principal.ts'
import { findReadableStudy } from '../../core/access/require-study.ts'
import type { Pacs } from '../../core/pacs.ts'

interface StudyChanged {
  readonly organisationId: string
  readonly studyId: string
  readonly studyInstanceUid: string
}

export type LiveEvent =
  | { readonly kind: 'study'; readonly studyId: string; readonly studyInstanceUid: string }
  | { readonly kind: 'gap' }

/** Tells those who may see it that a study changed. One database connection listens for all of this process's readers. */
export interface StudyEvents {
  subscribe(principal: Principal, onEvent: (event: LiveEvent) => void): () => void
  close(): Promise<void>
}

export async function openStudyEvents(pacs: Pacs): Promise<StudyEvents> {
  const subscribers = new Set<{ principal: Principal; onEvent: (event: LiveEvent) => void }>()

  async function deliver(changed: StudyChanged): Promise<void> {
    for (const { principal, onEvent } of subscribers) {
      if (principal.organisationId !== changed.organisationId) continue
      const sees =
        accessScope(principal, pacs.clock.now()).everything ||
        (await findReadableStudy(pacs, principal, changed.studyInstanceUid)) !== undefined
      if (sees)
        onEvent({ kind: 'study', studyId: changed.studyId, studyInstanceUid: changed.studyInstanceUid })
    }
  }

  const stop = await pacs.database.listen(
    'study_changed',
    (payload) => {
      if (subscribers.size === 0) return
      deliver(JSON.parse(payload) as StudyChanged).catch((error: unknown) =>
        pacs.log.warn({ err: error }, 'a live event was not delivered'),
      )
    },
    () => {
      for (const { onEvent } of subscribers) onEvent({ kind: 'gap' })
    },
  )
  return {
    subscribe(principal, onEvent) {
      const subscriber = { principal, onEvent }
      subscribers.add(subscriber)
      return () => subscribers.delete(subscriber)
    },
    close: stop,
  }
}
