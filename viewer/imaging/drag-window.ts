import type { VoiWindow } from '../../core/dicom/grayscale.ts'

/** Pixels of a drag that make a window e times as wide, or move it by its own width. */
const WIDEN_PIXELS = 220
const MOVE_PIXELS = 300
/** From here on whole numbers are fine enough to read and to see. */
const WHOLE_FROM = 20

/**
 * The window after a drag: to the right is wider (less contrast), down is brighter. Steps grow with the window, so that a
 * stroke's 40 units and a bone's 2,000 are set with the same hand.
 */
export function draggedWindow(from: VoiWindow, right: number, down: number): VoiWindow {
  const isLinear = from.function === 'LINEAR'
  const width = Math.max(isLinear ? 1 : Number.MIN_VALUE, from.width * Math.exp(right / WIDEN_PIXELS))
  const center = from.center - (down * from.width) / MOVE_PIXELS
  return from.width >= WHOLE_FROM && width >= WHOLE_FROM
    ? { ...from, width: Math.round(width), center: Math.round(center) }
    : { ...from, width, center }
}
