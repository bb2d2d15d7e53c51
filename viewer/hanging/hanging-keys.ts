import type { KeyBinding } from '../ui/keyboard.tsx'

const group = 'reading.group-panes'

/** The keys that go through the stages of a protocol, and choose another. */
export const hangingKeys = (commands: {
  readonly step: (by: 1 | -1) => void
  readonly choose: () => void
}): KeyBinding[] => [
  { code: 'Period', shown: '.', text: 'hanging.next-stage', group, run: () => commands.step(1) },
  { code: 'Comma', shown: ',', text: 'hanging.previous-stage', group, run: () => commands.step(-1) },
  { code: 'KeyX', shift: true, shown: '⇧X', text: 'hanging.menu', group, run: () => commands.choose() },
]
