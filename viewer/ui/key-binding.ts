import type { KeyCombination } from '../../core/contract/reading-settings.ts'
import type { TextKey } from '../locales/text-key.ts'

/** A key of the page. Places on the keyboard (`code`), not characters: a Chinese input method does not change them. */
export interface KeyBinding {
  /** Names the command for good, where its text does not: a person's own key is kept under it. */
  readonly id?: string
  /** `KeyboardEvent.code`: 'KeyW', 'ArrowDown', 'Slash'. */
  readonly code: string
  readonly shift?: boolean
  /** Control, or Command on a Mac. */
  readonly control?: boolean
  readonly alt?: boolean
  /** How the key is drawn in the help: 'W', '↓', '/'. */
  readonly shown: string
  readonly text: TextKey
  /** What somebody called it, in place of the text. */
  readonly name?: string | undefined
  /** Where it is listed in the help. */
  readonly group: TextKey
  /** Has its key before others while something is going on or shown, and so may share one with them. */
  readonly layer?: 'pointing' | 'volume'
  /** Part of something else: nobody gives it another key. */
  readonly fixed?: true
  /** Repeats while the key is held; otherwise a held key counts once. */
  readonly repeats?: boolean
  /** For Enter and Space: when a button or link has the focus, the key is its. */
  readonly unlessOnControl?: boolean
  readonly run: (event: KeyboardEvent) => void
}

/** By command: the key somebody chose, or null for none. */
export type KeyChoices = Readonly<Record<string, KeyCombination | null>>

export const idOf = ({ id, text }: Pick<KeyBinding, 'id' | 'text'>): string => id ?? text

/** The key a binding has from the factory. */
export const factoryKey = ({ code, shift, control, alt }: KeyBinding): KeyCombination => ({
  code,
  ...(shift === true ? { shift } : {}),
  ...(control === true ? { control } : {}),
  ...(alt === true ? { alt } : {}),
})

export const isSameKey = (one: KeyCombination, other: KeyCombination): boolean =>
  one.code === other.code &&
  one.shift === other.shift &&
  one.control === other.control &&
  one.alt === other.alt

/** The bindings with the keys that were chosen; what has none is left out. */
export function withChoices(bindings: readonly KeyBinding[], choices: KeyChoices): readonly KeyBinding[] {
  return bindings.flatMap((binding) => {
    const chosen = binding.fixed === true ? undefined : choices[idOf(binding)]
    if (chosen === undefined) return [binding]
    if (chosen === null) return []
    const { shift = false, control = false, alt = false } = chosen
    return [{ ...binding, code: chosen.code, shift, control, alt, shown: keyText(chosen) }]
  })
}

/** Whether the event is this key with exactly these modifiers. */
export function matches(binding: KeyBinding, event: KeyboardEvent): boolean {
  return (
    event.code === binding.code &&
    event.shiftKey === (binding.shift ?? false) &&
    (event.ctrlKey || event.metaKey) === (binding.control ?? false) &&
    event.altKey === (binding.alt ?? false)
  )
}

/** Codes of keys that are only held beside others. */
const MODIFIER = /^(Shift|Control|Alt|Meta|OS)(Left|Right)?$|^(CapsLock|NumLock|Fn|FnLock|ScrollLock)$/

/** What was pressed; undefined while only modifiers are. */
export function combinationOf(event: KeyboardEvent): KeyCombination | undefined {
  if (event.code === '' || MODIFIER.test(event.code)) return undefined
  return {
    code: event.code,
    ...(event.shiftKey ? { shift: true } : {}),
    ...(event.ctrlKey || event.metaKey ? { control: true } : {}),
    ...(event.altKey ? { alt: true } : {}),
  }
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Backquote: '`',
  Backslash: '\\',
  Backspace: '⌫',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Delete: 'Del',
  Enter: '⏎',
  Equal: '=',
  Escape: 'Esc',
  Insert: 'Ins',
  Minus: '−',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  Period: '.',
  Quote: "'",
  Semicolon: ';',
  Slash: '/',
  Space: '␣',
}

/** How a key is drawn: by what is on it on most keyboards. */
export function keyText({ code, shift, control, alt }: KeyCombination): string {
  const sign = SIGNS[code] ?? code.replace(/^(Key|Digit)(?=.$)/, '').replace(/^Numpad/, 'Num ')
  return [control && '⌃', alt && '⌥', shift && '⇧', sign].filter(Boolean).join('')
}
