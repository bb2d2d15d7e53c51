/** What one notch of a common wheel reports; a touchpad reports less, more often. Pixels. */
const WHEEL_NOTCH = 100

/** Pixels of a wheel that magnify to e times the size, or make as much smaller. */
const ZOOM_PIXELS = 400

/**
 * Tells of whole steps of a wheel over an element. Ours, not the library's: a wheel that turns faster than images come must
 * skip, and never queue. With Control it magnifies, which is also what browsers make of two fingers on a touchpad.
 */
export function onWheelSteps(
  element: HTMLElement,
  onSteps: (steps: number) => void,
  onZoom: (factor: number, at: readonly [number, number]) => void,
): { stop(): void } {
  let turned = 0
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault()
    if (event.ctrlKey) {
      const { left, top } = element.getBoundingClientRect()
      onZoom(Math.exp(-event.deltaY / ZOOM_PIXELS), [event.clientX - left, event.clientY - top])
      return
    }
    turned += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / WHEEL_NOTCH : event.deltaY
    const steps = Math.trunc(turned)
    if (steps === 0) return
    turned -= steps
    onSteps(steps)
  }
  element.addEventListener('wheel', onWheel, { passive: false })
  return { stop: () => element.removeEventListener('wheel', onWheel) }
}
