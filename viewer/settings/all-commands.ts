import { exportKeys } from '../export/export-keys.ts'
import { fusionKeys } from '../fusion/fusion-keys.ts'
import type { Fusion } from '../fusion/use-fusion.ts'
import { hangingKeys } from '../hanging/hanging-keys.ts'
import type { VolumeLooks } from '../imaging/volume/volume-look.ts'
import { readingKeys } from '../reading-room/reading-keys.ts'
import type { ReadingCommands } from '../reading-room/reading-commands.ts'
import type { SegmentCommands } from '../reading-room/segments/segment-commands.ts'
import { segmentKeys } from '../reading-room/segments/segment-keys.ts'
import { volumeKey, volumeKeys } from '../reading-room/volume/volume-keys.ts'
import type { WindowPreset } from '../reading-room/window-presets.ts'
import type { KeyBinding } from '../ui/key-binding.ts'
import { shareKeys } from '../share/share-keys.ts'
import { worklistKeys } from '../worklist/worklist-keys.ts'
import { commandsOf, type Command } from './key-choice.ts'

/** Only looked at: none of the keys is ever pressed. */
const NOBODY = {} as ReadingCommands & SegmentCommands
const FUSED = { overlay: '' } as Fusion
// Its presets are those of a modality, under the digits.
const VOLUME = { presets: [] as readonly unknown[] } as VolumeLooks
const nothing = (): void => undefined

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const
const PRESETS: readonly WindowPreset[] = DIGITS.map((digit) => ({
  text: `settings.window-${digit}`,
  width: 1,
  center: 0,
}))

const EVERYTHING = { several: true, hasPriors: true, maySave: true, hasPlanes: true, isPointing: true }
const LIST = {
  move: nothing,
  open: nothing,
  togglePreview: nothing,
  closePreview: nothing,
  search: nothing,
}

/**
 * All commands that can be given a key: of the reading room and of the worklist, whatever of them is on screen, and those
 * of the page. A command that is added to one of their lists is here by itself.
 */
export const allCommands = (onPage: readonly KeyBinding[]): Command[] =>
  commandsOf([
    ...readingKeys(NOBODY, PRESETS, EVERYTHING),
    ...segmentKeys(NOBODY, { isPainting: false, byKeys: false, maySave: true }),
    ...fusionKeys(FUSED),
    volumeKey(nothing),
    ...volumeKeys(VOLUME),
    ...hangingKeys({ step: nothing, choose: nothing }),
    ...exportKeys(() => nothing),
    ...shareKeys(nothing),
    ...worklistKeys(LIST),
    ...onPage,
  ])
