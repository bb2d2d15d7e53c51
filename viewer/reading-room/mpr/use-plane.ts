import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ComputedView } from '../../../core/contract/hanging.ts'
import type { VolumeRefusal } from '../../imaging/volume/open-volume.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import type { PlaneView, ReformatSession } from './reformat-session.ts'
import type { Reformats } from './use-reformats.ts'

/** What a pane that shows a plane of a series is given. */
export interface Plane {
  readonly session: ReformatSession | undefined
  readonly refusal: VolumeRefusal | undefined
  readonly view: PlaneView
}

const NOTHING_YET: PlaneView = { images: [], start: 0 }

/** The plane of a series, drawn anew as its volume fills; undefined: the pane shows the series as it is. */
export function usePlane(
  reformats: Reformats,
  seriesInstanceUid: string,
  plane: ComputedView | undefined,
  images: readonly StackImage[],
): Plane | undefined {
  const held = useReformat(reformats, seriesInstanceUid, plane !== undefined, images)
  const session = typeof held === 'object' ? held : undefined
  const view = useSyncExternalStore(
    session?.subscribe ?? never,
    () => (plane === undefined ? undefined : session?.view(plane)) ?? NOTHING_YET,
  )
  if (plane === undefined) return undefined
  return { session, refusal: typeof held === 'string' ? held : undefined, view }
}

/** The volume of a series, for as long as it is wanted; undefined: not yet. */
export function useReformat(
  reformats: Reformats,
  seriesInstanceUid: string,
  isWanted: boolean,
  images: readonly StackImage[],
): ReformatSession | VolumeRefusal | undefined {
  const [held, setHeld] = useState<ReformatSession | VolumeRefusal>()
  useEffect(() => {
    if (!isWanted || images.length === 0) return
    const { session, release } = reformats.hold(seriesInstanceUid, images)
    setHeld(session)
    return () => {
      setHeld(undefined)
      release()
    }
  }, [reformats, seriesInstanceUid, isWanted, images])
  return held
}

const never = (): (() => void) => () => undefined
