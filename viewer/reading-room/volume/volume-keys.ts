import { STANDARD_VIEWS, turnedCamera, type StandardView } from '../../../core/volume/view-camera.ts'
import type { Vector3 } from '../../../core/measurements/space.ts'
import type { VolumeLooks } from '../../imaging/volume/volume-look.ts'
import type { TextKey } from '../../locales/text-key.ts'
import type { KeyBinding } from '../../ui/keyboard.tsx'

const group = 'volume.group'
const layer = 'volume'

/** Degrees. */
const [STEP, QUARTER] = [15, 90]

/** Where the front of the volume goes, and about which direction of the picture it then turns. */
const TURNS = [
  ['Left', '←', [0, 1, 0], 'volume.turn-left', 'volume.quarter-left'],
  ['Right', '→', [0, -1, 0], 'volume.turn-right', 'volume.quarter-right'],
  ['Up', '↑', [-1, 0, 0], 'volume.turn-up', 'volume.quarter-up'],
  ['Down', '↓', [1, 0, 0], 'volume.turn-down', 'volume.quarter-down'],
] as const satisfies readonly (readonly [string, string, Vector3, TextKey, TextKey])[]

export const VIEW_NAMES = Object.keys(STANDARD_VIEWS) as StandardView[]

/** From one side, as large as it was. */
export const seenFrom = (looks: VolumeLooks, view: StandardView): void =>
  looks.change({ camera: { ...looks.now().camera, ...STANDARD_VIEWS[view], pan: [0, 0] } })

/** The key of the room that shows a series in three dimensions. */
export const volumeKey = (toggle: () => void): KeyBinding => ({
  code: 'Digit3',
  shift: true,
  shown: '⇧3',
  text: 'volume.toggle',
  group: 'reading.group-panes',
  run: toggle,
})

/** The keys of a pane that shows a volume; they come before those of the room. */
export function volumeKeys(looks: VolumeLooks): KeyBinding[] {
  const turn = (about: Vector3, degrees: number): void =>
    looks.change({ camera: turnedCamera(looks.now().camera, about, degrees) })
  return [
    ...TURNS.flatMap(([way, arrow, about, step, quarter]): KeyBinding[] => [
      {
        code: `Arrow${way}`,
        shown: arrow,
        text: step,
        group,
        layer,
        repeats: true,
        run: () => turn(about, STEP),
      },
      {
        code: `Arrow${way}`,
        shift: true,
        shown: `⇧${arrow}`,
        text: quarter,
        group,
        layer,
        run: () => turn(about, QUARTER),
      },
    ]),
    ...VIEW_NAMES.map((view): KeyBinding => ({
      code: `Key${view}`,
      shown: view,
      text: `volume.view-${view}`,
      group,
      layer,
      run: () => seenFrom(looks, view),
    })),
    ...looks.presets.map((preset, index): KeyBinding => ({
      code: `Digit${index + 1}`,
      shown: String(index + 1),
      text: `volume.preset-${preset.name}`,
      group,
      layer,
      // The digits are for presets, whichever a modality has.
      fixed: true,
      run: () => looks.change({ preset, window: undefined }),
    })),
    {
      code: 'KeyC',
      shown: 'C',
      text: 'volume.crop',
      group,
      layer,
      run: () => looks.change({ isCropping: !looks.now().isCropping }),
    },
  ]
}
