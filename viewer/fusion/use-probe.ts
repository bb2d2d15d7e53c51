import { useEffect, useRef, type RefObject } from 'react'
import { intensityOf } from '../../core/measurements/intensity-of.ts'
import { layoutOf } from '../../core/reading/reading-order.ts'
import type { MeasuredFrame } from '../imaging/frames/measure.ts'
import { pixelUnder } from '../imaging/pixel-under.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import type { ImagingViewport } from '../imaging/viewport.ts'
import { displayAmount } from './amounts.ts'
import type { OverlayRange } from './fusion-look.ts'

/** Writes what both series hold under the mouse, into the element of the reference; without React, as the mouse moves. */
export function useProbe(
  viewport: ImagingViewport,
  shown: () => StackImage | undefined,
  planeOf: (image: StackImage) => MeasuredFrame | undefined,
  range: OverlayRange | undefined,
): RefObject<HTMLOutputElement | null> {
  const place = useRef<HTMLOutputElement>(null)
  const latest = useRef({ shown, planeOf, range })
  useEffect(() => {
    latest.current = { shown, planeOf, range }
  })
  useEffect(() => {
    const write = (text: string): void => {
      if (place.current !== null && place.current.textContent !== text) place.current.textContent = text
    }
    const onMove = (event: PointerEvent): void => write(under(event.clientX, event.clientY))
    const onLeave = (): void => write('')
    function under(x: number, y: number): string {
      const { shown: current, planeOf: known, range: values } = latest.current
      const image = current()
      const pixel = image && pixelUnder(viewport, x, y)
      if (image === undefined || pixel === undefined || values === undefined) return ''
      const plane = known(image)
      const columns = layoutOf(image.metadata)?.columns ?? 0
      const overlaid = plane?.values[pixel.row * columns + pixel.column]
      const { from, to } = plane?.padding ?? { from: Infinity, to: -Infinity }
      const isThere = overlaid !== undefined && !(overlaid >= from && overlaid <= to)
      const { unit, scale } = intensityOf(image.metadata)
      return [
        pixel.value === undefined ? '–' : displayAmount(pixel.value * scale, unit),
        isThere ? displayAmount(overlaid * values.scale, values.unit) : '–',
      ].join('   ')
    }
    const { surface } = viewport
    surface.addEventListener('pointermove', onMove)
    surface.addEventListener('pointerleave', onLeave)
    return () => {
      surface.removeEventListener('pointermove', onMove)
      surface.removeEventListener('pointerleave', onLeave)
    }
  }, [viewport])
  return place
}
