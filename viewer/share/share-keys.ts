import type { KeyBinding } from '../ui/keyboard.tsx'

/** The key that shares the study on screen. */
export const shareKeys = (show: () => void): KeyBinding[] => [
  {
    code: 'KeyQ',
    shift: true,
    shown: '⇧Q',
    text: 'shell.share-study',
    group: 'shell.keys.general',
    run: show,
  },
]
