import type { KeyBinding } from '../ui/keyboard.tsx'
import type { Fusion } from './use-fusion.ts'

/** The keys of fusion; of its look only while there is something to look at. */
export function fusionKeys(fusion: Fusion): KeyBinding[] {
  const group = 'reading.group-look'
  const toggle: KeyBinding = {
    code: 'KeyF',
    shift: true,
    shown: '⇧F',
    text: 'fusion.toggle',
    group,
    run: () => fusion.toggle(),
  }
  if (fusion.overlay === undefined) return [toggle]
  const key = (code: string, shown: string, text: KeyBinding['text'], run: () => void): KeyBinding => ({
    code,
    shift: true,
    shown,
    text,
    group,
    repeats: true,
    run,
  })
  return [
    toggle,
    key('Period', '⇧.', 'fusion.stronger', () => fusion.fade(1)),
    key('Comma', '⇧,', 'fusion.fainter', () => fusion.fade(-1)),
    key('BracketRight', '⇧]', 'fusion.wider', () => fusion.widen(1)),
    key('BracketLeft', '⇧[', 'fusion.narrower', () => fusion.widen(-1)),
    { ...key('KeyH', '⇧H', 'fusion.next-map', () => fusion.nextMap()), repeats: false },
  ]
}
