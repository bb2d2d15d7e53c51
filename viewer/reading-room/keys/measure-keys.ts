import type { KeyBinding } from '../../ui/keyboard.tsx'
import { MARK_KEYS } from '../mark-keys.ts'
import { nudgeKeys } from '../measuring/nudge-keys.ts'
import type { ReadingCommands } from '../reading-commands.ts'
import type { KeyRoom } from './key-room.ts'

const measure = 'reading.group-measure'

/** Measuring, and what becomes of the measurements. */
export function measureKeys(commands: ReadingCommands, room: KeyRoom): KeyBinding[] {
  return [
    ...MARK_KEYS.map(({ kind, ...key }): KeyBinding => ({
      ...key,
      text: `reading.mark-${kind}`,
      group: measure,
      run: () => commands.chooseTool(kind),
    })),
    ...nudgeKeys(commands.nudge),
    {
      code: 'Enter',
      shift: true,
      shown: '⇧⏎',
      text: 'reading.cursor',
      group: measure,
      run: () => commands.point(),
    },
    {
      code: 'Escape',
      shown: 'Esc',
      text: 'reading.let-go',
      group: measure,
      run: () => commands.letGo(),
    },
    {
      code: 'KeyK',
      shift: true,
      shown: '⇧K',
      text: 'reading.key-toggle',
      group: measure,
      run: () => commands.toggleKeyImage(),
    },
    {
      code: 'KeyM',
      shown: 'M',
      text: 'reading.marks-show',
      group: measure,
      run: () => commands.toggleMarks(),
    },
    ...(room.maySave
      ? ([
          {
            code: 'KeyS',
            control: true,
            shown: '⌃S',
            text: 'reading.save-marks',
            group: measure,
            run: () => commands.saveMarks(),
          },
        ] satisfies KeyBinding[])
      : []),
    {
      code: 'Delete',
      shown: 'Del',
      text: 'reading.mark-delete-selected',
      group: measure,
      run: () => commands.deleteMarks(),
    },
    {
      code: 'KeyZ',
      control: true,
      shown: '⌃Z',
      text: 'reading.undo',
      group: measure,
      run: () => commands.undo(),
    },
    {
      code: 'KeyZ',
      control: true,
      shift: true,
      shown: '⌃⇧Z',
      text: 'reading.redo',
      group: measure,
      run: () => commands.redo(),
    },
  ]
}
