import { useRef, useState } from 'react'
import { isColour } from '../../imaging/stack-image.ts'
import type { Link } from '../linked-scroll.ts'
import type { PaneHandle } from '../pane-handle.ts'
import { seriesOf } from '../series-of.ts'
import type { Panes } from '../use-panes.ts'
import { followerOf, ledBy, linkedAt, planesIn, type LinkedAt } from './led-by-pane.ts'
import {
  followedIndex,
  followedMiddle,
  followedScale,
  goApart,
  goTogether,
  type LedView,
} from './led-view.ts'
import { windowUnits } from './window-units.ts'

/** What panes do together. */
export interface LinkSwitches {
  readonly scroll: boolean
  /** What is in the middle, and how large. */
  readonly zoom: boolean
  /** Among panes of one modality with the same units. */
  readonly window: boolean
  /** With every pane, not only with those that show the same direction of the same modality. */
  readonly all: boolean
}

export const UNLINKED: LinkSwitches = { scroll: false, zoom: false, window: false, all: false }

export interface Links {
  readonly switches: LinkSwitches
  /** How the panes scroll together; undefined: each for itself. 'offset' when any of them goes by counting only. */
  readonly linked: Link | undefined
  /** Panes that go together with another. */
  readonly members: readonly number[]
  toggle(which: 'scroll' | 'zoom' | 'window'): void
  /** The panes that are here now scroll together, from where they are. */
  join(all: boolean): void
  setAll(all: boolean): void
  /** All at once, as another window has them. */
  set(switches: LinkSwitches): void
  unlink(): void
  /** A pane drew something; when it is the active one, the others follow. */
  follow(pane: number, isActive: boolean): void
  /** A pane of another window drew something: all here follow. */
  followOther(led: LedView): void
}

/** Other windows that may follow, and lead. */
export interface Elsewhere {
  readonly isThere: boolean
  /** Whether the hand is in this window: else its panes follow and do not lead. */
  hasHand(): boolean
  tell(led: LedView): void
  tellLinks(switches: LinkSwitches): void
}

interface Room {
  readonly visible: readonly number[]
  readonly active: number
  readonly elsewhere: Elsewhere
}

const isLinked = ({ scroll, zoom, window }: LinkSwitches): boolean => scroll || zoom || window

/** Panes that scroll, magnify and are windowed together, each by a switch of its own. */
export function useLinks(panes: Panes, { visible, active, elsewhere }: Room): Links {
  const [switches, setSwitches] = useState(UNLINKED)
  /** What is said to a pane right after a switch was thrown counts by that switch. */
  const now = useRef(UNLINKED)
  const [linked, setLinked] = useState<Link>()
  /** Where each pane was when it was linked. */
  const starts = useRef(new Map<number, LinkedAt>())
  /** What was led last, as text. */
  const last = useRef('')
  const lastLed = useRef<LedView>(undefined)
  /** Panes that were led while they had no image yet. */
  const missed = useRef(new Set<number>())

  /** A pane that shows another series since is linked from where that is. */
  function startOf(pane: number): LinkedAt | undefined {
    const handle = panes.handle(pane)
    const image = handle.state.current?.image
    const known = starts.current.get(pane)
    if (image === undefined) return undefined
    if (known?.series === seriesOf(image)) return known
    const at = linkedAt(handle)
    if (at !== undefined) starts.current.set(pane, at)
    return at
  }
  const shown = (): [number, LinkedAt][] =>
    visible.flatMap((pane): [number, LinkedAt][] => {
      const at = startOf(pane)
      if (at === undefined) missed.current.add(pane)
      return at === undefined ? [] : [[pane, at]]
    })

  function apply(next: LinkSwitches): void {
    starts.current.clear()
    last.current = ''
    missed.current.clear()
    now.current = next
    setSwitches(next)
    setLinked(next.scroll ? howLinked(next.all) : undefined)
  }

  function members(): number[] {
    if (!isLinked(switches)) return []
    const all = shown()
    const isMember = ([pane, at]: [number, LinkedAt]): boolean =>
      elsewhere.isThere ||
      all.some(
        ([other, otherAt]) =>
          other !== pane && (switches.all ? !goApart(at, otherAt) : goTogether(at, otherAt)),
      )
    return all.filter(isMember).map(([pane]) => pane)
  }

  /** By position when each of the group has a slice that goes with the middle one of the active pane. */
  function howLinked(all: boolean): Link {
    const lead = startOf(active)
    const own = planesIn(panes.handle(active).images.current)
    const middle = own[Math.floor(own.length / 2)]
    const byPosition = shown().every(([pane, at]) => {
      const { images } = panes.handle(pane)
      if (pane === active || images.current.length < 2 || lead === undefined) return true
      if (goApart(lead, at) || (!all && !goTogether(lead, at))) return true
      const led = { modality: '', steps: 0, ...(middle === undefined ? {} : { plane: copied(middle) }) }
      return followedIndex(led, { planes: planesIn(images.current), linkedAt: at }).by === 'position'
    })
    return byPosition ? 'position' : 'offset'
  }

  /** Nobody is left alone who asks to be linked: with no pane of the group, with all. */
  function widened(next: LinkSwitches): LinkSwitches {
    const lead = startOf(active)
    if (next.all || !isLinked(next) || elsewhere.isThere || lead === undefined) return next
    const isAlone = visible.every((pane) => {
      const at = pane === active ? undefined : startOf(pane)
      return at === undefined || !goTogether(lead, at)
    })
    return isAlone ? { ...next, all: true } : next
  }

  function change(wanted: LinkSwitches): void {
    if (isLinked(wanted) && !elsewhere.isThere && visible.length < 2) return
    const next = isLinked(now.current) ? wanted : widened(wanted)
    apply(next)
    elsewhere.tellLinks(next)
  }

  /** Says how it scrolled; undefined: not at all. */
  function lead(led: LedView, pane: number, at: LinkedAt): Link | undefined {
    const handle = panes.handle(pane)
    if (handle.state.current?.status === 'ready') missed.current.delete(pane)
    else missed.current.add(pane)
    const follower = followerOf(handle, at)
    if (follower === undefined || (!now.current.all && !goTogether(led, at))) return undefined
    const goal = followedIndex(led, follower)
    const isApart = goApart(led, at)
    const scrolls = now.current.scroll && follower.planes.length > 1 && !isApart
    if (scrolls) handle.viewport.current?.goTo(goal.index)
    if (now.current.zoom && led.zoom !== undefined && !isApart) {
      const scale = followedScale(led.zoom, follower)
      const middle = followedMiddle(led, follower, scrolls ? goal.index : (handle.state.current?.index ?? 0))
      if (scale !== undefined && middle !== undefined)
        handle.viewport.current?.showMiddle({ at: middle, scale })
    }
    if (now.current.window && led.look !== undefined) carryWindow(handle, led.look)
    return scrolls ? goal.by : undefined
  }

  return {
    switches,
    linked: elsewhere.isThere || visible.length > 1 ? linked : undefined,
    members: members(),
    toggle: (which) => change({ ...now.current, [which]: !now.current[which] }),
    join: (all) => change({ ...now.current, scroll: true, all }),
    setAll: (all) => change({ ...now.current, all }),
    set: apply,
    unlink() {
      // Other windows go on together with this one, whatever it shows.
      if (isLinked(now.current) && !elsewhere.isThere) apply({ ...UNLINKED, all: now.current.all })
    },
    follow(pane, isActive) {
      if (!isActive && lastLed.current !== undefined && missed.current.has(pane)) {
        const here = panes.handle(pane).state.current?.status === 'ready' ? startOf(pane) : undefined
        if (here !== undefined) lead(lastLed.current, pane, here)
      }
      const at = isActive && isLinked(now.current) ? startOf(pane) : undefined
      const led = at && ledBy(panes.handle(pane), at)
      if (led === undefined) return
      const text = `${pane} ${JSON.stringify(led)}`
      if (text === last.current) return
      last.current = text
      if (!elsewhere.hasHand()) return
      lastLed.current = led
      for (const [other, otherAt] of shown()) if (other !== pane) lead(led, other, otherAt)
      elsewhere.tell(led)
    },
    followOther(led) {
      if (!isLinked(now.current)) return
      lastLed.current = led
      const ways = shown().map(([pane, at]) => lead(led, pane, at))
      if (ways.includes('offset')) setLinked('offset')
      else if (ways.includes('position')) setLinked('position')
    },
  }
}

/** Never among panes whose values mean something else. */
function carryWindow({ state, viewport }: PaneHandle, look: NonNullable<LedView['look']>): void {
  const now = state.current
  if (now?.image === undefined || isColour(now.image)) return
  const { name, scale } = windowUnits(now.image)
  if (name !== look.units) return
  const { choice } = now
  const wanted = look.window && { center: look.window.center / scale, width: look.window.width / scale }
  const isSame =
    wanted === undefined
      ? choice.window === undefined
      : choice.window?.center === wanted.center && choice.window.width === wanted.width
  if (isSame && choice.turnedOver === look.turnedOver) return
  viewport.current?.choose({
    window: wanted && { ...wanted, function: now.window?.function ?? 'LINEAR' },
    turnedOver: look.turnedOver,
  })
}

const copied = ({ frameOfReference, position, normal }: NonNullable<LinkedAt['plane']>) => ({
  frameOfReference,
  position: [...position] as [number, number, number],
  normal: [...normal] as [number, number, number],
})
