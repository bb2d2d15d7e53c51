import type { TextKey } from '../locales/text-key.ts'
import type { KeyBinding } from '../ui/keyboard.tsx'

export type ListMove = 'next' | 'previous' | 'page-down' | 'page-up' | 'first' | 'last'

interface WorklistCommands {
  readonly move: (how: ListMove) => void
  readonly open: () => void
  readonly togglePreview: () => void
  readonly closePreview: () => void
  readonly search: () => void
}

const MOVES: readonly (readonly [code: string, shown: string, how: ListMove, text: TextKey])[] = [
  ['ArrowDown', '↓', 'next', 'worklist.keys.move'],
  ['ArrowUp', '↑', 'previous', 'worklist.keys.move'],
  ['PageDown', 'PgDn', 'page-down', 'worklist.keys.page'],
  ['PageUp', 'PgUp', 'page-up', 'worklist.keys.page'],
  ['Home', 'Home', 'first', 'worklist.keys.ends'],
  ['End', 'End', 'last', 'worklist.keys.ends'],
]

/** The keys of the worklist. */
export function worklistKeys(commands: WorklistCommands): KeyBinding[] {
  const group: TextKey = 'worklist.title'
  return [
    { code: 'Slash', shown: '/', text: 'worklist.keys.search', group, run: commands.search },
    ...MOVES.map(([code, shown, how, text]) => ({
      id: `worklist.keys.${how}`,
      code,
      shown,
      text,
      group,
      repeats: true,
      run: () => commands.move(how),
    })),
    {
      code: 'Enter',
      shown: 'Enter',
      text: 'worklist.keys.open',
      group,
      unlessOnControl: true,
      run: commands.open,
    },
    {
      code: 'Space',
      shown: 'Space',
      text: 'worklist.keys.preview',
      group,
      unlessOnControl: true,
      run: commands.togglePreview,
    },
    { code: 'Escape', shown: 'Esc', text: 'worklist.keys.close-preview', group, run: commands.closePreview },
  ]
}
