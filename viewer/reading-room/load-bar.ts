import { cachedBytes } from '../imaging/image-cache.ts'
import type { Arrived } from '../imaging/prefetch.ts'

const COLOURS: Readonly<Record<Arrived, string>> = {
  missing: '#232932',
  preview: '#35506d',
  exact: '#3f74ad',
}

/** Draws the slice bar: what is here, and how exact, what is missing, where we are. One pixel row a screen pixel, whatever the count. */
export function drawLoadBar(
  canvas: HTMLCanvasElement,
  state: {
    readonly count: number
    readonly index: number
    readonly loadedCount: number
    readonly exactCount: number
    readonly storedAs: string | undefined
  },
  arrived: (index: number) => Arrived,
): void {
  canvas.dataset['loaded'] = String(state.loadedCount)
  canvas.dataset['exact'] = String(state.exactCount)
  // Of the image on the screen; none while that is still the one before.
  canvas.dataset['shown'] = state.storedAs === undefined ? '' : String(state.index + 1)
  canvas.dataset['cachedBytes'] = String(cachedBytes())
  const ratio = window.devicePixelRatio
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio))
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio))
  if (canvas.height !== height) canvas.height = height
  if (canvas.width !== width) canvas.width = width
  const context = canvas.getContext('2d')
  if (context === null) return
  context.clearRect(0, 0, width, height)
  if (state.count < 2) return
  const bar = Math.round(3 * ratio)
  for (let y = 0; y < height; y++) {
    context.fillStyle = COLOURS[arrived(Math.floor((y / height) * state.count))]
    context.fillRect(width - bar, y, bar, 1)
  }
  const knob = Math.max(6 * ratio, height / state.count)
  const top = Math.min(height - knob, (state.index / state.count) * height)
  context.fillStyle = '#5aa9ff'
  context.fillRect(0, Math.round(top), width, Math.round(knob))
}

/** The image that a place on the bar stands for. */
export function indexAt(canvas: HTMLCanvasElement, clientY: number, count: number): number {
  const { top, height } = canvas.getBoundingClientRect()
  return Math.max(0, Math.min(count - 1, Math.floor(((clientY - top) / height) * count)))
}
