import { useEffect, useRef } from 'react'
import type { VolumeRefusal } from '../../imaging/volume/open-volume.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import { openReformat, type ReformatSession } from './reformat-session.ts'

/** The series of a room that are shown as planes. */
export interface Reformats {
  /** The planes of a series, for as long as somebody holds them. */
  hold(
    seriesInstanceUid: string,
    images: readonly StackImage[],
  ): { readonly session: ReformatSession | VolumeRefusal; release(): void }
  of(seriesInstanceUid: string | undefined): ReformatSession | undefined
}

interface Held {
  readonly count: number
  readonly session: ReformatSession | VolumeRefusal
  holders: number
  closing: ReturnType<typeof setTimeout> | undefined
}

/** Whoever looks at the slices for a moment finds the planes where they were. Milliseconds. */
const KEPT = 20_000

export function useReformats(): Reformats {
  const open = useRef(new Map<string, Held>())
  const reformats = useRef<Reformats>({
    hold(uid, images) {
      const known = open.current.get(uid)
      // A series that has grown is another volume.
      const isSame = known?.count === images.length
      if (!isSame) close(known)
      const held = isSame
        ? known
        : { count: images.length, session: openReformat(images), holders: 0, closing: undefined }
      open.current.set(uid, held)
      held.holders++
      clearTimeout(held.closing)
      return {
        session: held.session,
        release() {
          if (--held.holders > 0) return
          held.closing = setTimeout(() => {
            close(held)
            if (open.current.get(uid) === held) open.current.delete(uid)
          }, KEPT)
        },
      }
    },
    of(uid) {
      const session = open.current.get(uid ?? '')?.session
      return typeof session === 'object' ? session : undefined
    },
  })
  useEffect(() => {
    const all = open.current
    return () => {
      for (const held of all.values()) {
        clearTimeout(held.closing)
        close(held)
      }
      all.clear()
    }
  }, [])
  return reformats.current
}

function close(held: Held | undefined): void {
  if (typeof held?.session === 'object') held.session.close()
}
