import type { KeyBinding } from '../../ui/keyboard.tsx'
import type { SegmentCommands } from './segment-commands.ts'

/** Image pixels that a key moves the brush, alone and with Shift. */
const [STEP, LEAP] = [1, 10]

const group = 'segments.group'

/** The keys that take the brush in hand; and, while it is, those of painting, before all others. */
export function segmentKeys(
  commands: SegmentCommands,
  room: { readonly isPainting: boolean; readonly byKeys: boolean; readonly maySave: boolean },
): KeyBinding[] {
  const key = (
    shown: string,
    code: string,
    text: KeyBinding['text'],
    run: () => void,
    more: Partial<KeyBinding> = {},
  ): KeyBinding => ({ code, shown, text, group, run, ...more })
  const shift = { shift: true }
  const painting = (): KeyBinding[] => [
    key(',', 'Comma', 'segments.smaller', () => commands.resize(-1), { repeats: true }),
    key('.', 'Period', 'segments.larger', () => commands.resize(1), { repeats: true }),
    key('⇧X', 'KeyX', 'segments.eraser', commands.toggleEraser, shift),
    key('⇧F', 'KeyF', 'segments.fill-between', commands.fillBetween, shift),
    key('⇧H', 'KeyH', 'segments.fill-holes', commands.fillHoles, shift),
    key('⇧Del', 'Delete', 'segments.clear', commands.clear, shift),
    key('⇧C', 'KeyC', 'segments.new', commands.add, shift),
    key('⇧]', 'BracketRight', 'segments.next', () => commands.next(1), shift),
    key('⇧[', 'BracketLeft', 'segments.previous', () => commands.next(-1), shift),
    key('⇧J', 'KeyJ', 'segments.next-painted', commands.nextPainted, shift),
    key('⇧⏎', 'Enter', 'segments.key-brush', commands.toggleKeys, shift),
    key('⌃Z', 'KeyZ', 'segments.undo', commands.undo, { control: true }),
    key('⌃⇧Z', 'KeyZ', 'segments.redo', commands.redo, { control: true, shift: true }),
    ...(room.maySave ? [key('⌃S', 'KeyS', 'segments.save', commands.save, { control: true })] : []),
  ]
  const moves = [
    ['ArrowLeft', '←', -1, 0],
    ['ArrowRight', '→', 1, 0],
    ['ArrowUp', '↑', 0, -1],
    ['ArrowDown', '↓', 0, 1],
  ] as const
  const byKeys = (): KeyBinding[] => [
    ...moves.flatMap(([code, arrow, right, down]): KeyBinding[] => [
      key(arrow, code, 'segments.key-move', () => commands.move(right * STEP, down * STEP), {
        repeats: true,
      }),
      key(`⇧${arrow}`, code, 'segments.key-leap', () => commands.move(right * LEAP, down * LEAP), {
        repeats: true,
        shift: true,
      }),
    ]),
    key('⏎', 'Enter', 'segments.key-dab', commands.dab, { unlessOnControl: true }),
    key('␣', 'Space', 'segments.key-down', commands.toggleDown, { unlessOnControl: true }),
  ]
  return [
    ...(room.isPainting && room.byKeys ? byKeys() : []).map(inHand),
    ...(room.isPainting ? painting() : []).map(inHand),
    key('⇧B', 'KeyB', 'segments.brush', () => commands.choose('brush'), shift),
    key('⇧G', 'KeyG', 'segments.threshold', () => commands.choose('threshold'), shift),
  ]
}

/** Only with the brush in hand, and then before all others: as it is for everybody. */
const inHand = (binding: KeyBinding): KeyBinding => ({ ...binding, fixed: true })
