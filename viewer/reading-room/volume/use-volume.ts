import { useState } from 'react'
import type { PrimaryTool } from '../../imaging/pane-tools.ts'
import { gridOfStack, type VolumeRefusal } from '../../imaging/volume/open-volume.ts'
import { openedLooks, type VolumeLooks } from '../../imaging/volume/volume-look.ts'
import type { TextKey } from '../../locales/text-key.ts'
import { factoryKey, isSameKey, type KeyBinding } from '../../ui/key-binding.ts'
import { isMarkKind } from '../mark-keys.ts'
import type { Reformats } from '../mpr/use-reformats.ts'
import { isVolume, planeIn, seriesIn, volumeOf } from '../pane-content.ts'
import type { PaneHandle } from '../pane-handle.ts'
import { visiblePanes, withSeries, type Arrangement } from '../pane-layout.ts'
import type { ReadingCommands } from '../reading-commands.ts'
import { volumeKey, volumeKeys } from './volume-keys.ts'

/** The active pane's series in three dimensions, at one key. */
export interface VolumeControl {
  /** The active pane shows a volume. */
  readonly isOn: boolean
  /** Of the active pane, once it is open. */
  readonly looks: VolumeLooks | undefined
  /** What the first button does to a volume; to scroll is to turn it. */
  readonly tool: PrimaryTool
  toggle(): void
  chooseTool(tool: PrimaryTool): void
  /** The room's commands as they are for a volume: what needs an image says why it is not. */
  adapted(commands: ReadingCommands): ReadingCommands
  /** The keys of the room, a volume's before the others. */
  keys(others: readonly KeyBinding[]): KeyBinding[]
}

/** To turn. */
const FIRST_TOOL: PrimaryTool = 'scroll'

export function useVolume(
  reformats: Reformats,
  arrangement: Arrangement,
  handle: () => PaneHandle,
  arrange: (change: (before: Arrangement) => Arrangement) => void,
  say: (text: TextKey) => void,
  onRefused: (refusal: VolumeRefusal) => void,
): VolumeControl {
  const [tool, setTool] = useState<PrimaryTool>(FIRST_TOOL)
  const { active, series } = arrangement
  const content = series[active]
  const uid = seriesIn(content)
  const isOn = isVolume(content)
  const volume = reformats.of(uid)?.volume
  const looks = isOn && volume !== undefined ? openedLooks(volume) : undefined

  function toggle(): void {
    if (uid === undefined) return
    const panes = visiblePanes(arrangement)
    const shown = panes.find((pane) => series[pane] === volumeOf(uid))
    if (shown !== undefined) return arrange((before) => withSeries(before, shown, uid))
    if (!('OffscreenCanvas' in globalThis)) return say('volume.no-canvas')
    const { images } = handle()
    if (images.current.length === 0) return
    const grid = reformats.of(uid) === undefined ? gridOfStack(images.current) : undefined
    if (typeof grid === 'string') return onRefused(grid)
    // Beside planes the slices give way, not one of the planes.
    const beside = planeIn(content) === undefined ? undefined : panes.find((pane) => series[pane] === uid)
    arrange((before) => withSeries(before, beside ?? active, volumeOf(uid)))
  }

  function chooseTool(next: PrimaryTool): void {
    if (isMarkKind(next) || next === 'place' || next === 'paint') say('volume.no-marks')
    else setTool(next)
  }

  return {
    isOn,
    looks,
    tool,
    toggle,
    chooseTool,
    adapted: (commands) =>
      isOn
        ? {
            ...commands,
            chooseTool,
            point: () => say('volume.no-marks'),
            letGo: () => setTool(FIRST_TOOL),
          }
        : commands,
    keys(others) {
      const own = [...(looks === undefined ? [] : volumeKeys(looks)), volumeKey(toggle)]
      return [
        ...own,
        ...others.filter((other) => !own.some((each) => isSameKey(factoryKey(each), factoryKey(other)))),
      ]
    },
  }
}
