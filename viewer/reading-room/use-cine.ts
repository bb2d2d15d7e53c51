import { useEffect, useState, type RefObject } from 'react'
import { frameDuration, type StackImage } from '../imaging/stack-image.ts'
import type { ImagingViewport, ViewportState } from '../imaging/viewport.ts'

interface Cine {
  /** The stack is a sequence in time. */
  readonly available: boolean
  readonly playing: boolean
  toggle(): void
}

/** Plays a multi-frame instance at its own rate, any other stack at `rate` (images a second; without one, not at all); waits for frames that are not here yet rather than skipping them. */
export function useCine(
  viewport: RefObject<ImagingViewport | undefined>,
  state: RefObject<ViewportState | undefined>,
  images: readonly StackImage[],
  rate?: number,
): Cine {
  const [playing, setPlaying] = useState(false)
  const own = images[0] === undefined ? undefined : frameDuration(images[0])
  const duration = own ?? (rate !== undefined && images.length > 1 ? 1000 / rate : undefined)

  useEffect(() => setPlaying(false), [images])
  useEffect(() => {
    if (!playing || duration === undefined) return
    let next = performance.now() + duration
    let frame = requestAnimationFrame(function step(now) {
      frame = requestAnimationFrame(step)
      if (now < next) return
      const target = ((state.current?.index ?? 0) + 1) % images.length
      if (viewport.current === undefined || viewport.current.arrived(target) === 'missing') return
      viewport.current.goTo(target)
      next = Math.max(next + duration, now)
    })
    return () => cancelAnimationFrame(frame)
  }, [playing, duration, images, viewport, state])

  return {
    available: duration !== undefined,
    playing,
    toggle: () => setPlaying((before) => duration !== undefined && !before),
  }
}
