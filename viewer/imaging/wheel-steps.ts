import type { Mouse, WheelAction } from '../../core/contract/reading-settings.ts'

/** What one notch of a common wheel reports; a touchpad reports less, more often. Pixels. */
const WHEEL_NOTCH = 100

/** Pixels of a wheel that magnify to e times the size, or make as much smaller. */
const ZOOM_PIXELS = 400

/** Images of a leap. */
const LEAP = 10

/** What turning a wheel can do. */
export interface WheelMoves {
  /** Images, the later ones positive. */
  step(by: number): void
  /** @param at CSS pixels of the element */
  zoom(factor: number, at: readonly [number, number]): void
  /** Makes the window wider, as a drag to the right by so many pixels does. */
  widen(pixels: number): void
}

/**
 * Makes turns of a wheel over an element what its owner wants. Ours, not the library's: a wheel that turns faster than
 * images come must skip, and never queue. With Control is also what browsers make of two fingers on a touchpad.
 */
export function onWheel(
  element: HTMLElement,
  mouse: () => Pick<Mouse, 'wheel' | 'wheelControl' | 'wheelShift'>,
  moves: WheelMoves,
): { stop(): void } {
  let turned = 0
  let doing: WheelAction = 'none'
  const steps = (pixels: number, isLines: boolean): number => {
    turned += isLines ? pixels : pixels / WHEEL_NOTCH
    const whole = Math.trunc(turned)
    turned -= whole
    return whole
  }
  const listener = (event: WheelEvent): void => {
    event.preventDefault()
    const { wheel, wheelControl, wheelShift } = mouse()
    const action = event.ctrlKey ? wheelControl : event.shiftKey ? wheelShift : wheel
    if (action !== doing) turned = 0
    doing = action
    // With Shift some browsers turn the page sideways.
    const pixels = event.deltaY === 0 && event.shiftKey ? event.deltaX : event.deltaY
    if (action === 'zoom') {
      const { left, top } = element.getBoundingClientRect()
      moves.zoom(Math.exp(-pixels / ZOOM_PIXELS), [event.clientX - left, event.clientY - top])
    } else if (action === 'window') moves.widen(-pixels)
    else if (action !== 'none') {
      const whole = steps(pixels, event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL)
      if (whole !== 0) moves.step(action === 'leap' ? whole * LEAP : whole)
    }
  }
  element.addEventListener('wheel', listener, { passive: false })
  return { stop: () => element.removeEventListener('wheel', listener) }
}
