import type { PrimaryTool } from '../imaging/pane-tools.ts'
import type { ImagingViewport } from '../imaging/viewport.ts'
import { toggleKeyImage } from '../marks/key-marks.ts'
import type { MarkStore } from '../marks/mark-store.ts'
import type { TextKey } from '../locales/text-key.ts'
import { frameOf } from './frame-of.ts'
import { isMarkKind } from './mark-keys.ts'
import type { Mpr } from './mpr/use-mpr.ts'
import { computedIn } from './pane-content.ts'
import type { PaneHandle } from './pane-handle.ts'
import { withMaximised, withNextPane, withSeries, type Arrangement } from './pane-layout.ts'
import type { ReadingCommands } from './reading-commands.ts'
import type { KeyCursorControl } from './use-key-cursor.ts'
import type { SwitchBoard } from './use-switches.ts'

/** What a room's commands act on. */
export interface CommandParts {
  readonly arrangement: Arrangement
  arrange(change: (before: Arrangement) => Arrangement): void
  /** Of the active pane. */
  handle(): PaneHandle
  /** Series Instance UIDs of the study, in reading order. */
  readonly inOrder: readonly string[]
  readonly shownUid: string | undefined
  readonly tool: PrimaryTool
  /** Undefined: the one in hand when none was taken. */
  setTool(tool: PrimaryTool | undefined): void
  readonly cursor: KeyCursorControl
  readonly marks: MarkStore
  readonly mpr: Mpr
  readonly switches: SwitchBoard
  say(text: TextKey): void
  saveMarks(): void
}

/** What each hook of the room has of its own. */
type OwnCommands = Pick<
  ReadingCommands,
  | 'stepStudy'
  | 'keepWindow'
  | 'copyLink'
  | 'showTags'
  | 'keepView'
  | 'takeDetector'
  | 'chooseLayout'
  | 'link'
  | 'comparePrior'
>

/** All that can be done by key or by button. */
export function roomCommands(parts: CommandParts, own: OwnCommands): ReadingCommands {
  const { arrangement, arrange, handle, inOrder, shownUid, cursor, marks, mpr, switches, say } = parts
  const viewport = (): ImagingViewport | undefined => handle().viewport.current
  return {
    ...own,
    step: (by) => viewport()?.step(by),
    goTo: (index) => viewport()?.goTo(index === 'last' ? handle().images.current.length - 1 : index),
    stepSeries(by) {
      const next = inOrder[inOrder.indexOf(shownUid ?? '') + by]
      if (next !== undefined) arrange((before) => withSeries(before, arrangement.active, next))
    },
    window: (window) => viewport()?.setWindow(window),
    chooseTool(next) {
      if (isMarkKind(next) && computedIn(arrangement.series[arrangement.active]) !== undefined)
        say('mpr.no-marks')
      parts.setTool(next)
    },
    point() {
      if (!isMarkKind(parts.tool)) parts.setTool('length')
      if (!cursor.isOn) say('reading.cursor-keys')
      cursor.toggle()
    },
    toggleKeyImage() {
      const image = handle().state.current?.image
      if (image === undefined || viewport()?.needExact() !== true) return
      if (image.computed === undefined) toggleKeyImage(marks, frameOf(image))
      else say('reading.key-not-computed')
    },
    movePoint: cursor.move,
    setPoint: cursor.set,
    letGo() {
      viewport()?.marks.cancel()
      if (cursor.isOn) cursor.stop()
      else parts.setTool(undefined)
    },
    invert: () => viewport()?.invert(),
    rotate: (degrees) => viewport()?.rotate(degrees),
    flip: (axis) => viewport()?.flip(axis),
    fit: () => viewport()?.fit(),
    oneToOne: () => viewport()?.oneToOne(),
    zoomBy: (factor) => viewport()?.zoomBy(factor),
    reset: () => viewport()?.reset(),
    toggleCine: () => handle().toggleCine.current(),
    toggleOverlays: () => switches.toggle('overlays'),
    toggleDrawn: () => switches.toggle('drawn'),
    toggleShutter: () => switches.toggle('shuttered'),
    toggleTexts: () => switches.toggle('texts'),
    toggleRail: () => switches.toggle('rail'),
    nextPane: (by) => arrange((before) => withNextPane(before, by)),
    maximise: () => arrange((before) => withMaximised(before)),
    togglePlanes: mpr.toggle,
    nextSlabMode: mpr.nextSlabMode,
    thicken: mpr.thicken,
    toggleLines: () => switches.toggle('lines'),
    toggleMarks: () => switches.toggle('marks'),
    saveMarks() {
      // Where what becomes of it is said.
      switches.set('marks', true)
      parts.saveMarks()
    },
    deleteMarks: () => viewport()?.marks.selected().forEach(marks.remove),
    nudge: (right, down) => viewport()?.marks.nudge(right, down),
    undo: marks.undo,
    redo: marks.redo,
  }
}
