import type { CSSProperties } from 'react'

/** The top left corner of a small form at a place of the pane, [x, y] in CSS pixels, that is whole wherever that is. */
export const askedPlace = (
  [x, y]: readonly [number, number],
  width: number,
  height: number,
): CSSProperties => ({
  left: `clamp(4px, ${x + 12}px, calc(100% - ${width + 4}px))`,
  top: `clamp(4px, ${y + 12}px, calc(100% - ${height + 4}px))`,
})
