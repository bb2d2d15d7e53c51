/** CSS pixels of the element. */
export type PanePoint = readonly [number, number]

/** What two fingers do to a view. */
export interface PinchHand {
  /** A second finger is down: what the first one began was not meant. */
  begin(): void
  /** From one moment to the next: the fingers are `factor` as far apart, and their middle went from one point to another. */
  move(factor: number, from: PanePoint, to: PanePoint): void
}

interface Grip {
  readonly middle: PanePoint
  readonly distance: number
}

/** Fingers closer than this are one, for all that a screen can tell. */
const CLOSEST_PIXELS = 10

/**
 * Two fingers on an element move and magnify together. Ours, not the library's: there the first finger goes on with what it
 * does, a mark for instance, and the point between the fingers slips away from them.
 */
export function onPinch(element: HTMLElement, hand: PinchHand): { stop(): void } {
  let grip: Grip | undefined
  /** From the second finger until the last is lifted: one that stays behind is not a drag. */
  let isOn = false
  const within = ({ touches }: TouchEvent): Touch[] =>
    [...touches].filter(({ target }) => target instanceof Node && element.contains(target))
  const gripOf = (event: TouchEvent): Grip | undefined => {
    const [one, other] = within(event)
    if (one === undefined || other === undefined) return undefined
    const { left, top } = element.getBoundingClientRect()
    return {
      middle: [(one.clientX + other.clientX) / 2 - left, (one.clientY + other.clientY) / 2 - top],
      distance: Math.max(
        CLOSEST_PIXELS,
        Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY),
      ),
    }
  }
  const onStart = (event: TouchEvent): void => {
    const next = gripOf(event)
    if (next === undefined) return
    event.stopImmediatePropagation()
    if (!isOn) hand.begin()
    isOn = true
    grip = next
  }
  const onMove = (event: TouchEvent): void => {
    if (!isOn) return
    event.stopImmediatePropagation()
    const next = gripOf(event)
    if (grip !== undefined && next !== undefined)
      hand.move(next.distance / grip.distance, grip.middle, next.middle)
    grip = next
  }
  const onEnd = (event: TouchEvent): void => {
    if (!isOn) return
    grip = gripOf(event)
    // The library hears of the last finger, and so that all is over.
    if (within(event).length > 0) event.stopImmediatePropagation()
    else isOn = false
  }
  const options = { capture: true, passive: true }
  element.addEventListener('touchstart', onStart, options)
  window.addEventListener('touchmove', onMove, options)
  window.addEventListener('touchend', onEnd, options)
  window.addEventListener('touchcancel', onEnd, options)
  return {
    stop() {
      element.removeEventListener('touchstart', onStart, options)
      window.removeEventListener('touchmove', onMove, options)
      window.removeEventListener('touchend', onEnd, options)
      window.removeEventListener('touchcancel', onEnd, options)
    },
  }
}
