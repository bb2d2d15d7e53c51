import { accessScope } from '../../core/access/access-scope.ts'
import { withinOrganisation } from '../../core/access/organisation-wall.ts'
import { principalCan } from '../../core/access/policy.ts'
import type { Principal } from '../../core/access/principal.ts'
import { findReadableStudy } from '../../core/access/require-study.ts'
import type { Pacs } from '../../core/pacs.ts'

interface StudyChanged {
  readonly organisationId: string
  readonly studyId: string
  readonly studyInstanceUid: string
}

interface SettingsChanged {
  readonly organisationId: string
  readonly userId: string
  readonly version: number
}

interface ShareChanged {
  readonly organisationId: string
  readonly userId: string | null
  readonly shareId: string
  readonly change: string
}

interface EmergencyChanged {
  readonly organisationId: string
  readonly userId: string
}

export type LiveEvent =
  | { readonly kind: 'study'; readonly studyId: string; readonly studyInstanceUid: string }
  /** The person changed the reading room, in whichever window. */
  | { readonly kind: 'settings'; readonly version: number }
  /** A link of theirs was opened, or its copy is ready. */
  | { readonly kind: 'share'; readonly shareId: string; readonly change: string }
  /** Somebody broke the glass, it was closed, or it is over: to whoever reviews, and to whose access it is. */
  | { readonly kind: 'emergency' }
  | { readonly kind: 'gap' }

/**
 * Tells those who may see it that a study changed, and people that they changed their settings. One database connection
 * listens for all of this process's readers.
 */
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
        (await withinOrganisation(principal.organisationId, () =>
          findReadableStudy(pacs, principal, changed.studyInstanceUid),
        )) !== undefined
      if (sees)
        onEvent({ kind: 'study', studyId: changed.studyId, studyInstanceUid: changed.studyInstanceUid })
    }
  }

  const tellGap = (): void => {
    for (const { onEvent } of subscribers) onEvent({ kind: 'gap' })
  }
  const stopSettings = await pacs.database.listen(
    'settings_changed',
    (payload) => {
      const changed = JSON.parse(payload) as SettingsChanged
      for (const { principal, onEvent } of subscribers)
        if (
          principal.kind === 'user' &&
          principal.userId === changed.userId &&
          principal.organisationId === changed.organisationId
        )
          onEvent({ kind: 'settings', version: changed.version })
    },
    tellGap,
  )
  const stopShares = await pacs.database.listen(
    'share_changed',
    (payload) => {
      const { organisationId, userId, shareId, change } = JSON.parse(payload) as ShareChanged
      for (const { principal, onEvent } of subscribers)
        if (
          principal.kind === 'user' &&
          principal.userId === userId &&
          principal.organisationId === organisationId
        )
          onEvent({ kind: 'share', shareId, change })
    },
    tellGap,
  )
  const stopEmergencies = await pacs.database.listen(
    'emergency_changed',
    (payload) => {
      const changed = JSON.parse(payload) as EmergencyChanged
      for (const { principal, onEvent } of subscribers) {
        if (principal.kind !== 'user' || principal.organisationId !== changed.organisationId) continue
        if (principal.userId === changed.userId || principalCan(principal, 'emergency.review'))
          onEvent({ kind: 'emergency' })
      }
    },
    tellGap,
  )
  const stopStudies = await pacs.database.listen(
    'study_changed',
    (payload) => {
      if (subscribers.size === 0) return
      deliver(JSON.parse(payload) as StudyChanged).catch((error: unknown) =>
        pacs.log.warn({ err: error }, 'a live event was not delivered'),
      )
    },
    tellGap,
  )
  return {
    subscribe(principal, onEvent) {
      const subscriber = { principal, onEvent }
      subscribers.add(subscriber)
      return () => subscribers.delete(subscriber)
    },
    async close() {
      await Promise.all([stopSettings(), stopShares(), stopEmergencies(), stopStudies()])
    },
  }
}
