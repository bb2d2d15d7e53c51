import type { KeyBinding } from '../ui/keyboard.tsx'
import { imageKeys } from './keys/image-keys.ts'
import type { KeyRoom } from './keys/key-room.ts'
import { lookKeys } from './keys/look-keys.ts'
import { measureKeys } from './keys/measure-keys.ts'
import { paneKeys } from './keys/pane-keys.ts'
import { pointingKeys } from './keys/pointing-keys.ts'
import { presetKeys } from './keys/preset-keys.ts'
import type { ReadingCommands } from './reading-commands.ts'
import type { WindowPreset } from './window-presets.ts'

/** The keys of the reading room, where the hand expects them. */
export function readingKeys(
  commands: ReadingCommands,
  presets: readonly WindowPreset[],
  room: KeyRoom,
): KeyBinding[] {
  return [
    ...(room.isPointing ? pointingKeys(commands) : []),
    ...imageKeys(commands, room),
    ...lookKeys(commands),
    ...paneKeys(commands, room),
    ...measureKeys(commands, room),
    ...presetKeys(commands, presets),
  ]
}
