import type { KeyBinding } from '../ui/keyboard.tsx'

/** The keys that save images to files, or print them. */
export const exportKeys = (show: (to: 'save' | 'print') => () => void): KeyBinding[] => [
  {
    code: 'KeyP',
    shift: true,
    shown: '⇧P',
    text: 'export.save',
    group: 'reading.group-image',
    run: show('save'),
  },
  {
    code: 'KeyP',
    control: true,
    shown: '⌃P',
    text: 'export.print',
    group: 'reading.group-image',
    run: show('print'),
  },
]
