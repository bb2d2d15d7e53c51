import type { KeyBinding } from '../../ui/keyboard.tsx'
import type { ReadingCommands } from '../reading-commands.ts'
import type { KeyRoom } from './key-room.ts'

const panes = 'reading.group-panes'

/** Panes, what is in them, and planes through it. */
export function paneKeys(commands: ReadingCommands, room: KeyRoom): KeyBinding[] {
  return [
    {
      code: 'Backslash',
      shown: '\\',
      text: 'reading.rail-show',
      group: panes,
      run: () => commands.toggleRail(),
    },
    { code: 'KeyX', shown: 'X', text: 'reading.layout', group: panes, run: () => commands.chooseLayout() },
    ...(room.several
      ? ([
          {
            code: 'BracketRight',
            shown: ']',
            text: 'reading.next-pane',
            group: panes,
            run: () => commands.nextPane(1),
          },
          {
            code: 'BracketLeft',
            shown: '[',
            text: 'reading.previous-pane',
            group: panes,
            run: () => commands.nextPane(-1),
          },
          {
            code: 'Enter',
            shown: '⏎',
            text: 'reading.maximise',
            group: panes,
            unlessOnControl: true,
            run: () => commands.maximise(),
          },
          { code: 'KeyY', shown: 'Y', text: 'reading.link', group: panes, run: () => commands.link() },
        ] satisfies KeyBinding[])
      : []),
    { code: 'KeyN', shown: 'N', text: 'mpr.toggle', group: panes, run: () => commands.togglePlanes() },
    {
      code: 'KeyY',
      shift: true,
      shown: '⇧Y',
      text: 'mpr.tool-place',
      group: panes,
      run: () => commands.chooseTool('place'),
    },
    {
      code: 'KeyU',
      shift: true,
      shown: '⇧U',
      text: 'mpr.lines',
      group: panes,
      run: () => commands.toggleLines(),
    },
    ...(room.hasPlanes
      ? ([
          {
            code: 'KeyM',
            shift: true,
            shown: '⇧M',
            text: 'mpr.slab-next',
            group: panes,
            run: () => commands.nextSlabMode(),
          },
          {
            code: 'ArrowUp',
            shift: true,
            shown: '⇧↑',
            text: 'mpr.thicker',
            group: panes,
            repeats: true,
            run: () => commands.thicken(1),
          },
          {
            code: 'ArrowDown',
            shift: true,
            shown: '⇧↓',
            text: 'mpr.thinner',
            group: panes,
            repeats: true,
            run: () => commands.thicken(-1),
          },
        ] satisfies KeyBinding[])
      : []),
    ...(room.hasPriors
      ? ([
          {
            code: 'KeyB',
            shown: 'B',
            text: 'reading.compare-prior',
            group: panes,
            run: () => commands.comparePrior(),
          },
        ] satisfies KeyBinding[])
      : []),
  ]
}
