import type { KeyBinding } from '../ui/keyboard.tsx'
import { MARK_KEYS } from './mark-keys.ts'
import { pointingKeys } from './pointing-keys.ts'
import type { ReadingCommands } from './reading-commands.ts'
import type { WindowPreset } from './window-presets.ts'

const ZOOM_STEP = 1.25

/** The keys of the reading room, where the hand expects them. */
export function readingKeys(
  commands: ReadingCommands,
  presets: readonly WindowPreset[],
  room: {
    readonly several: boolean
    readonly hasPriors: boolean
    readonly maySave: boolean
    /** Computed planes are on screen. */
    readonly hasPlanes: boolean
    /** Keys move a cross. */
    readonly isPointing: boolean
  },
): KeyBinding[] {
  const image = 'reading.group-image'
  const look = 'reading.group-look'
  const panes = 'reading.group-panes'
  const measure = 'reading.group-measure'
  return [
    ...(room.isPointing ? pointingKeys(commands) : []),
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
      code: 'KeyC',
      control: true,
      shift: true,
      shown: '⌃⇧C',
      text: 'reading.copy-link',
      group: image,
      run: () => commands.copyLink(),
    },
    {
      code: 'KeyI',
      shift: true,
      shown: '⇧I',
      text: 'tags.show',
      group: image,
      run: () => commands.showTags(),
    },
    ...(room.maySave
      ? [
          {
            code: 'KeyV',
            shift: true,
            shown: '⇧V',
            text: 'objects.keep-view',
            group: image,
            run: () => commands.keepView(),
          } as const,
        ]
      : []),
    {
      code: 'KeyT',
      shift: true,
      shown: '⇧T',
      text: 'reading.overlay-planes',
      group: look,
      run: () => commands.toggleOverlays(),
    },
    {
      code: 'KeyO',
      shift: true,
      shown: '⇧O',
      text: 'objects.overlay-toggle',
      group: look,
      run: () => commands.toggleDrawn(),
    },
    {
      code: 'KeyS',
      shift: true,
      shown: '⇧S',
      text: 'reading.shutter',
      group: look,
      run: () => commands.toggleShutter(),
    },
    {
      code: 'Backslash',
      shown: '\\',
      text: 'reading.rail-show',
      group: panes,
      run: () => commands.toggleRail(),
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
    { code: 'KeyN', shown: 'N', text: 'mpr.toggle', group: panes, run: () => commands.togglePlanes() },
    {
      code: 'KeyY',
      shift: true,
      shown: '⇧Y',
      text: 'mpr.tool-place',
      group: panes,
      run: () => commands.chooseTool('place'),
    },
    {
      code: 'KeyU',
      shift: true,
      shown: '⇧U',
      text: 'mpr.lines',
      group: panes,
      run: () => commands.toggleLines(),
    },
    ...(room.hasPlanes
      ? ([
          {
            code: 'KeyM',
            shift: true,
            shown: '⇧M',
            text: 'mpr.slab-next',
            group: panes,
            run: () => commands.nextSlabMode(),
          },
          {
            code: 'ArrowUp',
            shift: true,
            shown: '⇧↑',
            text: 'mpr.thicker',
            group: panes,
            repeats: true,
            run: () => commands.thicken(1),
          },
          {
            code: 'ArrowDown',
            shift: true,
            shown: '⇧↓',
            text: 'mpr.thinner',
            group: panes,
            repeats: true,
            run: () => commands.thicken(-1),
          },
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
