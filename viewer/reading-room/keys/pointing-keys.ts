import type { KeyBinding } from '../../ui/keyboard.tsx'
import type { ReadingCommands } from '../reading-commands.ts'

/** Image pixels that a key moves the cross, alone and with Shift. */
const [POINT_STEP, POINT_LEAP] = [1, 10]

/** While a cross is on the image: first of all, because they are others' keys otherwise. */
export function pointingKeys(commands: ReadingCommands): KeyBinding[] {
  const group = 'reading.group-measure'
  const layer = 'pointing'
  const moves = [
    ['ArrowLeft', '←', -1, 0],
    ['ArrowRight', '→', 1, 0],
    ['ArrowUp', '↑', 0, -1],
    ['ArrowDown', '↓', 0, 1],
  ] as const
  return [
    ...moves.flatMap(([code, arrow, right, down]): KeyBinding[] => [
      {
        id: `reading.cursor-move-${code}`,
        layer,
        code,
        shown: arrow,
        text: 'reading.cursor-move',
        group,
        repeats: true,
        run: () => commands.movePoint(right * POINT_STEP, down * POINT_STEP),
      },
      {
        id: `reading.cursor-leap-${code}`,
        layer,
        code,
        shift: true,
        shown: `⇧${arrow}`,
        text: 'reading.cursor-leap',
        group,
        repeats: true,
        run: () => commands.movePoint(right * POINT_LEAP, down * POINT_LEAP),
      },
    ]),
    { layer, code: 'Enter', shown: '⏎', text: 'reading.cursor-set', group, run: () => commands.setPoint() },
  ]
}
