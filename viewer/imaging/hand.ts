import type { Mouse } from '../../core/contract/reading-settings.ts'
import { onDrags, type DragBeginnings, type DragMove } from './drag-tools.ts'
import type { MarkOptions } from './marks/mark-layer.ts'
import { USUAL_MOUSE } from './pane-preferences.ts'
import { openPaneTools, type PaneTools } from './pane-tools.ts'
import type { EnginePane } from './shared-engine.ts'
import { onWheel, type WheelMoves } from './wheel-steps.ts'

/** What a mouse or a finger does in a pane, as its owner likes it. */
export type Hand = PaneTools

/**
 * Listens to the hand in a pane: which button or turn is what is decided here, what becomes of it is the caller's.
 *
 * @param mayMeasure asked when somebody begins to
 */
export function openHand(
  pane: EnginePane,
  marks: MarkOptions,
  mayMeasure: () => boolean,
  beginnings: DragBeginnings,
  moves: WheelMoves,
): Hand {
  let mouse = USUAL_MOUSE
  const tools = openPaneTools(pane, marks, mayMeasure)
  const { element } = pane.viewport
  onDrags(element, {
    ...beginnings,
    window: () => inSteps(beginnings.window(), () => [mouse.windowSpeed, windowSign(mouse)]),
    scroll: () => inSteps(beginnings.scroll(), () => [mouse.scrollSpeed, scrollSign(mouse)]),
  })
  const wheel = onWheel(element, () => mouse, {
    ...moves,
    step: (by) => moves.step(by * scrollSign(mouse)),
  })
  return {
    ...tools,
    setMouse(next) {
      mouse = next
      tools.setMouse(next)
    },
    close() {
      wheel.stop()
      tools.close()
    },
  }
}

const windowSign = ({ windowUp }: Mouse): 1 | -1 => (windowUp === 'darker' ? 1 : -1)
const scrollSign = ({ scrollReversed }: Mouse): 1 | -1 => (scrollReversed ? -1 : 1)

/** The same drag, faster or slower, with up and down as they are or changed over. */
const inSteps = (
  move: DragMove | undefined,
  how: () => readonly [speed: number, sign: 1 | -1],
): DragMove | undefined =>
  move &&
  ((right, down) => {
    const [speed, sign] = how()
    move(right * speed, down * speed * sign)
  })
