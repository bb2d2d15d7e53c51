import type { PrimaryTool } from '../imaging/pane-tools.ts'
import type { KeyBinding } from '../ui/keyboard.tsx'
import { MARK_KEYS } from './mark-keys.ts'
import type { WindowPreset } from './window-presets.ts'

/** What can be done to the pane, by key or by button. */
export interface ReadingCommands {
  step(by: number): void
  goTo(index: number | 'last'): void
  stepSeries(by: 1 | -1): void
  /** Undefined: automatic. */
  window(window: { center: number; width: number } | undefined): void
  chooseTool(tool: PrimaryTool): void
  invert(): void
  rotate(degrees: 90 | -90): void
  flip(axis: 'horizontal' | 'vertical'): void
  fit(): void
  oneToOne(): void
  zoomBy(factor: number): void
  reset(): void
  toggleCine(): void
  toggleTexts(): void
  toggleOverlays(): void
  toggleShutter(): void
  /** Asks for rows and columns. */
  chooseLayout(): void
  nextPane(by: 1 | -1): void
  /** The active pane alone, or all of them again. */
  maximise(): void
  /** The panes scroll together, or each for itself again. */
  link(): void
  /** The best prior beside what is read. */
  comparePrior(): void
  toggleMarks(): void
  /** Makes a report of what was measured. */
  saveMarks(): void
  /** The marks that were clicked last. */
  deleteMarks(): void
  undo(): void
  redo(): void
}

const ZOOM_STEP = 1.25

/** The keys of the reading room, where the hand expects them. */
export function readingKeys(
  commands: ReadingCommands,
  presets: readonly WindowPreset[],
  room: { readonly several: boolean; readonly hasPriors: boolean; readonly maySave: boolean },
): KeyBinding[] {
  const image = 'reading.group-image'
  const look = 'reading.group-look'
  const panes = 'reading.group-panes'
  const measure = 'reading.group-measure'
  return [
    {
      code: 'ArrowDown',
      shown: '↓',
      text: 'reading.next-image',
      group: image,
      repeats: true,
      run: () => commands.step(1),
    },
    {
      code: 'ArrowUp',
      shown: '↑',
      text: 'reading.previous-image',
      group: image,
      repeats: true,
      run: () => commands.step(-1),
    },
    {
      code: 'PageDown',
      shown: 'PgDn',
      text: 'reading.next-series',
      group: image,
      run: () => commands.stepSeries(1),
    },
    {
      code: 'PageUp',
      shown: 'PgUp',
      text: 'reading.previous-series',
      group: image,
      run: () => commands.stepSeries(-1),
    },
    { code: 'Home', shown: 'Home', text: 'reading.first-image', group: image, run: () => commands.goTo(0) },
    { code: 'End', shown: 'End', text: 'reading.last-image', group: image, run: () => commands.goTo('last') },
    { code: 'KeyC', shown: 'C', text: 'reading.cine', group: image, run: () => commands.toggleCine() },
    {
      code: 'KeyW',
      shown: 'W',
      text: 'reading.tool-window',
      group: look,
      run: () => commands.chooseTool('window'),
    },
    {
      code: 'KeyP',
      shown: 'P',
      text: 'reading.tool-pan',
      group: look,
      run: () => commands.chooseTool('pan'),
    },
    {
      code: 'KeyZ',
      shown: 'Z',
      text: 'reading.tool-zoom',
      group: look,
      run: () => commands.chooseTool('zoom'),
    },
    {
      code: 'KeyS',
      shown: 'S',
      text: 'reading.tool-scroll',
      group: look,
      run: () => commands.chooseTool('scroll'),
    },
    { code: 'KeyI', shown: 'I', text: 'reading.invert', group: look, run: () => commands.invert() },
    { code: 'KeyR', shown: 'R', text: 'reading.rotate-right', group: look, run: () => commands.rotate(90) },
    { code: 'KeyL', shown: 'L', text: 'reading.rotate-left', group: look, run: () => commands.rotate(-90) },
    {
      code: 'KeyH',
      shown: 'H',
      text: 'reading.flip-horizontal',
      group: look,
      run: () => commands.flip('horizontal'),
    },
    {
      code: 'KeyV',
      shown: 'V',
      text: 'reading.flip-vertical',
      group: look,
      run: () => commands.flip('vertical'),
    },
    { code: 'Equal', shown: '=', text: 'reading.fit', group: look, run: () => commands.fit() },
    { code: 'KeyO', shown: 'O', text: 'reading.one-to-one', group: look, run: () => commands.oneToOne() },
    {
      code: 'Equal',
      shift: true,
      shown: '+',
      text: 'reading.zoom-in',
      group: look,
      repeats: true,
      run: () => commands.zoomBy(ZOOM_STEP),
    },
    {
      code: 'Minus',
      shown: '−',
      text: 'reading.zoom-out',
      group: look,
      repeats: true,
      run: () => commands.zoomBy(1 / ZOOM_STEP),
    },
    {
      code: 'Space',
      shown: '␣',
      text: 'reading.reset',
      group: look,
      unlessOnControl: true,
      run: () => commands.reset(),
    },
    { code: 'KeyT', shown: 'T', text: 'reading.overlays', group: look, run: () => commands.toggleTexts() },
    {
      code: 'KeyT',
      shift: true,
      shown: '⇧T',
      text: 'reading.overlay-planes',
      group: look,
      run: () => commands.toggleOverlays(),
    },
    {
      code: 'KeyS',
      shift: true,
      shown: '⇧S',
      text: 'reading.shutter',
      group: look,
      run: () => commands.toggleShutter(),
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
    ...MARK_KEYS.map(({ kind, ...key }): KeyBinding => ({
      ...key,
      text: `reading.mark-${kind}`,
      group: measure,
      run: () => commands.chooseTool(kind),
    })),
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
    {
      code: 'Digit0',
      shown: '0',
      text: 'reading.preset-auto',
      group: 'reading.group-window',
      run: () => commands.window(undefined),
    },
    ...presets.slice(0, 9).map((preset, index): KeyBinding => ({
      code: `Digit${index + 1}`,
      shown: String(index + 1),
      text: preset.text,
      group: 'reading.group-window',
      run: () => commands.window(preset),
    })),
  ]
}
