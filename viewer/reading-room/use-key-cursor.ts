import { useEffect, useState } from 'react'
import type { PrimaryTool } from '../imaging/pane-tools.ts'
import type { ImagingViewport } from '../imaging/viewport.ts'
import { isMarkKind } from './mark-keys.ts'

/** The cross that measures by keys. */
export interface KeyCursorControl {
  readonly isOn: boolean
  toggle(): void
  move(right: number, down: number): void
  set(): void
  stop(): void
}

/** In the active pane, while a tool is in hand that measures. */
export function useKeyCursor(
  tool: PrimaryTool,
  active: number,
  viewport: () => ImagingViewport | undefined,
): KeyCursorControl {
  const [isOn, setOn] = useState(false)
  useEffect(() => {
    if (!isOn) return undefined
    const shown = viewport()
    if (!isMarkKind(tool) || shown?.marks.cursor.start(tool) !== true) {
      setOn(false)
      return undefined
    }
    return () => shown.marks.cursor.stop()
    // The pane that is active names its viewport.
  }, [isOn, tool, active])
  return {
    isOn,
    toggle: () => setOn((before) => !before),
    move: (right, down) => viewport()?.marks.cursor.move(right, down),
    set: () => viewport()?.marks.cursor.set(),
    stop: () => setOn(false),
  }
}
