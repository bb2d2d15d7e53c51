import type { KeyBinding } from '../../ui/keyboard.tsx'
import type { ReadingCommands } from '../reading-commands.ts'

const look = 'reading.group-look'
const ZOOM_STEP = 1.25

/** How images look: tools of the hand, window, magnification, what lies over them. */
export function lookKeys(commands: ReadingCommands): KeyBinding[] {
  return [
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
  ]
}
