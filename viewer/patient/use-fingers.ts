import { useEffect, type RefObject } from 'react'

/** A finger moves so far for one image. CSS pixels. */
const STEP = 22
const LARGEST = 6

interface Point {
  readonly x: number
  readonly y: number
}

/**
 * One finger (or the mouse) that moves steps through the images, or moves an enlarged one; two enlarge it, a double tap makes
 * it small again; the wheel steps. The transform is set on the stage's first child, without rendering.
 */
export function useFingers(stage: RefObject<HTMLElement | null>, onStep: (by: number) => void): void {
  useEffect(() => {
    const element = stage.current
    if (element === null) return
    const fingers = new Map<number, Point>()
    let [scale, x, y] = [1, 0, 0]
    let moved = 0
    let spread = 0
    let turned = 0

    const apply = (): void => {
      const room = { x: (element.clientWidth * (scale - 1)) / 2, y: (element.clientHeight * (scale - 1)) / 2 }
      x = Math.min(room.x, Math.max(-room.x, x))
      y = Math.min(room.y, Math.max(-room.y, y))
      element.style.setProperty('--look', `translate(${x}px, ${y}px) scale(${scale})`)
    }
    const distance = (): number => {
      const [a, b] = [...fingers.values()]
      return a === undefined || b === undefined ? 0 : Math.hypot(a.x - b.x, a.y - b.y)
    }
    const down = (event: PointerEvent): void => {
      element.setPointerCapture(event.pointerId)
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
      moved = 0
      spread = distance()
    }
    const move = (event: PointerEvent): void => {
      const before = fingers.get(event.pointerId)
      if (before === undefined) return
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
      const by = { x: event.clientX - before.x, y: event.clientY - before.y }
      if (fingers.size === 2) {
        const now = distance()
        if (spread > 0) scale = Math.min(LARGEST, Math.max(1, (scale * now) / spread))
        spread = now
        apply()
      } else if (scale > 1) {
        x += by.x
        y += by.y
        apply()
      } else {
        // To the left, and up, as one turns pages: the next.
        moved -= Math.abs(by.x) > Math.abs(by.y) ? by.x : by.y
        const steps = Math.trunc(moved / STEP)
        if (steps !== 0) {
          moved -= steps * STEP
          onStep(steps)
        }
      }
    }
    const up = (event: PointerEvent): void => {
      fingers.delete(event.pointerId)
      spread = distance()
    }
    const small = (): void => {
      scale = 1
      apply()
    }
    const turn = (event: WheelEvent): void => {
      event.preventDefault()
      turned += event.deltaY
      const steps = Math.trunc(turned / 40)
      turned -= steps * 40
      if (steps !== 0) onStep(Math.sign(steps))
    }
    element.addEventListener('pointerdown', down)
    element.addEventListener('pointermove', move)
    element.addEventListener('pointerup', up)
    element.addEventListener('pointercancel', up)
    element.addEventListener('dblclick', small)
    element.addEventListener('wheel', turn, { passive: false })
    return () => {
      element.removeEventListener('pointerdown', down)
      element.removeEventListener('pointermove', move)
      element.removeEventListener('pointerup', up)
      element.removeEventListener('pointercancel', up)
      element.removeEventListener('dblclick', small)
      element.removeEventListener('wheel', turn)
    }
    // `onStep` sets a state by what it was: the first one does what every later one does.
  }, [stage])
}
