import { useRef, useState } from 'react'
import { presentationOf, type StackImage } from '../imaging/stack-image.ts'
import { nearestSlice, offsetSlice, slicePlane, type Link, type SlicePlane } from './linked-scroll.ts'
import type { Panes } from './use-panes.ts'

interface LinkedScroll {
  /** How the panes are linked; undefined: each scrolls for itself. 'offset' when any of them goes by counting only. */
  readonly linked: Link | undefined
  toggle(): void
  unlink(): void
  /** A pane drew something; when it is the active one, the others follow. */
  follow(pane: number, isActive: boolean): void
}

/** Scrolls the panes on screen together: by position where they share a frame of reference, else by as many steps. */
export function useLinkedScroll(panes: Panes, visible: readonly number[]): LinkedScroll {
  const [linked, setLinked] = useState<Link>()
  /** Where each pane was when they were linked, and the active one was last. */
  const starts = useRef(new Map<number, number>())
  const lastIndex = useRef<number>(undefined)
  const planes = useRef(new WeakMap<readonly StackImage[], (SlicePlane | undefined)[]>())

  const planesOf = (images: readonly StackImage[]): (SlicePlane | undefined)[] => {
    const known = planes.current.get(images) ?? images.map((image) => slicePlane(presentationOf(image)))
    planes.current.set(images, known)
    return known
  }

  function unlink(): void {
    starts.current.clear()
    setLinked(undefined)
  }

  function toggle(): void {
    if (linked !== undefined) return unlink()
    const shown = visible.filter((pane) => panes.handle(pane).images.current.length > 1)
    if (shown.length < 2) return
    for (const pane of shown) starts.current.set(pane, panes.handle(pane).state.current?.index ?? 0)
    lastIndex.current = undefined
    const [first, ...others] = shown.map((pane) => planesOf(panes.handle(pane).images.current))
    const middle = first?.[Math.floor(first.length / 2)]
    const byPosition = others.every((each) => nearestSlice(middle, each) !== undefined)
    setLinked(byPosition ? 'position' : 'offset')
  }

  function follow(pane: number, isActive: boolean): void {
    if (!isActive || linked === undefined) return
    const handle = panes.handle(pane)
    const index = handle.state.current?.index ?? 0
    if (index === lastIndex.current) return
    lastIndex.current = index
    const plane = planesOf(handle.images.current)[index]
    for (const [other, linkedAt] of starts.current) {
      if (other === pane) continue
      const { images, viewport } = panes.handle(other)
      const target =
        nearestSlice(plane, planesOf(images.current)) ??
        offsetSlice(
          { index, linkedAt: starts.current.get(pane) ?? index },
          { linkedAt, count: images.current.length },
        )
      viewport.current?.goTo(target)
    }
  }

  return { linked, toggle, unlink, follow }
}
