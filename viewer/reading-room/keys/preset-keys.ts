import type { KeyBinding } from '../../ui/keyboard.tsx'
import type { ReadingCommands } from '../reading-commands.ts'
import type { WindowPreset } from '../window-presets.ts'

/** Windows of the modality and of the file, by digits. */
export function presetKeys(commands: ReadingCommands, presets: readonly WindowPreset[]): KeyBinding[] {
  return [
    {
      code: 'Digit0',
      shown: '0',
      text: 'reading.preset-auto',
      group: 'reading.group-window',
      run: () => commands.window(undefined),
    },
    {
      code: 'KeyW',
      shift: true,
      shown: '⇧W',
      text: 'reading.preset-keep',
      group: 'reading.group-window',
      run: () => commands.keepWindow(),
    },
    ...presets.slice(0, 9).map((preset, index): KeyBinding => ({
      id: `reading.window-${index + 1}`,
      code: `Digit${index + 1}`,
      shown: String(index + 1),
      text: preset.text,
      name: preset.name,
      group: 'reading.group-window',
      run: () => commands.window(preset),
    })),
  ]
}
