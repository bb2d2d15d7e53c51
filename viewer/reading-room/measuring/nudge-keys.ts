import type { KeyBinding } from '../../ui/keyboard.tsx'

/** Image pixels that a key moves a mark, alone and with Shift. */
const [STEP, LEAP] = [1, 10]

const ARROWS = [
  ['ArrowLeft', '←', -1, 0],
  ['ArrowRight', '→', 1, 0],
  ['ArrowUp', '↑', 0, -1],
  ['ArrowDown', '↓', 0, 1],
] as const

/** Moves the marks that were clicked last: with Control, for arrows alone turn the stack. */
export const nudgeKeys = (nudge: (right: number, down: number) => void): KeyBinding[] =>
  ARROWS.flatMap(([code, arrow, right, down]): KeyBinding[] =>
    ([STEP, LEAP] as const).map((by) => ({
      id: `measuring.move-${by}-${code}`,
      code,
      control: true,
      shift: by === LEAP,
      shown: by === LEAP ? `⌃⇧${arrow}` : `⌃${arrow}`,
      text: by === LEAP ? 'measuring.move-far' : 'measuring.move',
      group: 'reading.group-measure',
      repeats: true,
      run: () => nudge(right * by, down * by),
    })),
  )
