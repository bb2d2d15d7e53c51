import type { KeyCombination } from '../../core/contract/reading-settings.ts'
import type { TextKey } from '../locales/text-key.ts'
import { factoryKey, idOf, isSameKey, type KeyBinding, type KeyChoices } from '../ui/key-binding.ts'

/** Something that has a key, and can be given another. */
export interface Command {
  readonly id: string
  readonly text: TextKey
  readonly group: TextKey
  readonly factory: KeyCombination
  /** Commands of different places are never there at the same time; those of `everywhere` always are. */
  readonly place: string
}

/** The commands that have these keys, each once. */
export function commandsOf(bindings: readonly KeyBinding[]): Command[] {
  const commands = new Map<string, Command>()
  for (const binding of bindings) {
    const id = idOf(binding)
    if (binding.fixed === true || commands.has(id)) continue
    const { text, group } = binding
    commands.set(id, { id, text, group, factory: factoryKey(binding), place: placeOf(binding) })
  }
  return [...commands.values()]
}

function placeOf({ layer, text }: KeyBinding): string {
  if (layer !== undefined) return layer
  const area = text.split('.', 1)[0]
  return area === 'shell' ? 'everywhere' : area === 'worklist' ? 'worklist' : 'reading-room'
}

/** The key in force; undefined: none. */
export function keyOf({ id, factory }: Command, choices: KeyChoices): KeyCombination | undefined {
  const chosen = choices[id]
  return chosen === undefined ? factory : (chosen ?? undefined)
}

/** Whose key it is where the command would have it. */
export function rivalsOf(
  commands: readonly Command[],
  command: Command,
  key: KeyCombination,
  choices: KeyChoices,
): Command[] {
  return commands.filter((other) => {
    const theirs = keyOf(other, choices)
    return (
      other.id !== command.id && areTogether(command, other) && theirs !== undefined && isSameKey(theirs, key)
    )
  })
}

const areTogether = (one: Command, other: Command): boolean => {
  if (one.place === other.place) return true
  // What goes on has its keys first, and so shares them even with what is always there.
  if (one.place === 'pointing' || other.place === 'pointing') return false
  return one.place === 'everywhere' || other.place === 'everywhere'
}

/** Commands whose key is another's too, with whom they share it. */
export function clashes(commands: readonly Command[], choices: KeyChoices): Map<string, Command[]> {
  const found = new Map<string, Command[]>()
  for (const command of commands) {
    const key = keyOf(command, choices)
    const rivals = key === undefined ? [] : rivalsOf(commands, command, key, choices)
    if (rivals.length > 0) found.set(command.id, rivals)
  }
  return found
}

/** Gives the command the key, or none. What is as from the factory is not kept. */
export function withKey(choices: KeyChoices, command: Command, key: KeyCombination | undefined): KeyChoices {
  const others = Object.fromEntries(Object.entries(choices).filter(([id]) => id !== command.id))
  if (key !== undefined && isSameKey(key, command.factory)) return others
  return { ...others, [command.id]: key ?? null }
}

/** Gives the command the key, and takes it from whoever had it. */
export function withKeyTaken(
  choices: KeyChoices,
  commands: readonly Command[],
  command: Command,
  key: KeyCombination,
): KeyChoices {
  const freed = rivalsOf(commands, command, key, choices).reduce(
    (before, rival) => withKey(before, rival, undefined),
    choices,
  )
  return withKey(freed, command, key)
}

/** Keys that a browser or the system does not give away, or that move the focus. */
const RESERVED: readonly KeyCombination[] = [
  ...['KeyW', 'KeyT', 'KeyN', 'KeyQ', 'Tab'].map((code) => ({ code, control: true }) as const),
  ...['KeyW', 'KeyT', 'KeyN', 'Tab'].map((code) => ({ code, control: true, shift: true }) as const),
  { code: 'F4', alt: true },
  { code: 'Tab', alt: true },
  { code: 'Tab', shift: true },
  { code: 'Tab' },
]

export const isReserved = (key: KeyCombination): boolean => RESERVED.some((each) => isSameKey(each, key))
