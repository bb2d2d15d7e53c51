import { Brush } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import type { StudyOpening } from '../../../core/contract/api.ts'
import { paintedFrame } from '../../imaging/segments/painted-frame.ts'
import type { PrimaryTool } from '../../imaging/pane-tools.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import type { ImagePlace } from '../../objects/image-place.ts'
import { clearOn, fillHolesOn, fillStack } from '../../segments/edit-segment.ts'
import { isOnSlice, type PaintedFrame, type Painting } from '../../segments/painting.ts'
import { useSegments } from '../../segments/use-segments.ts'
import { IconButton } from '../../ui/button.tsx'
import { useKeyboard, useShownKeys } from '../../ui/keyboard.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { PaneHandle } from '../pane-handle.ts'
import type { SwitchBoard } from '../use-switches.ts'
import type { SegmentCommands } from './segment-commands.ts'
import { segmentKeys } from './segment-keys.ts'
import { SegmentsPanel } from './segments-panel.tsx'

interface Room {
  readonly opening: StudyOpening
  readonly tool: PrimaryTool
  /** Of the pane that is active. */
  readonly active: number
  readonly maySave: boolean
  readonly switches: SwitchBoard
  handle(): PaneHandle
  setTool(tool: PrimaryTool): void
  goTo(place: ImagePlace): void
}

export interface Segmentation {
  readonly painting: Painting
  /** Series of segmentations that were saved just now. */
  readonly saved: readonly string[]
  readonly button: ReactNode
  readonly panel: ReactNode
}

/** Segments by hand in a reading room: brush, keys, list. Undone, filled and saved here. */
export function useSegmentation({ opening, tool, active, maySave, switches, ...room }: Room): Segmentation {
  const { t, language } = useTexts()
  const keyOf = useShownKeys()
  const toast = useToast()
  const { studyInstanceUid } = opening.study
  const segments = useSegments(studyInstanceUid, language)
  const { painting } = segments
  const isOpen = switches.on.segments
  const [byKeys, setByKeys] = useState(false)
  const isPainting = tool === 'paint'
  const paint = () => room.handle().viewport.current?.paint

  useEffect(() => {
    if (!byKeys) return undefined
    const brush = paint()?.keys
    if (!isPainting || brush?.start() !== true) {
      setByKeys(false)
      return undefined
    }
    return () => brush.stop()
    // The pane that is active names its viewport.
  }, [byKeys, isPainting, active])

  /** Undefined, and said: nothing can be painted on what is shown. */
  function shownFrame(): PaintedFrame | undefined {
    const image = room.handle().state.current?.image
    const frame = paintedFrame(image)
    if (frame === undefined && image !== undefined) toast({ text: t('segments.not-on-planes') })
    return frame
  }

  const onFrame = (edit: (frame: PaintedFrame) => boolean): void => {
    const frame = shownFrame()
    if (frame !== undefined && !edit(frame)) toast({ text: t('segments.nothing-here') })
  }

  const commands: SegmentCommands = {
    choose(mode) {
      if (isPainting && painting.brush().mode === mode) return room.setTool('window')
      painting.choose({ mode })
      switches.set('segments', true)
      if (shownFrame() !== undefined) room.setTool('paint')
    },
    toggleEraser: () => painting.choose({ erases: !painting.brush().erases }),
    resize: painting.resize,
    fillBetween() {
      const frame = shownFrame()
      if (frame === undefined) return
      const count = fillStack(painting, frame, room.handle().images.current)
      toast({ text: count === 0 ? t('segments.nothing-between') : t('segments.filled', { count }) })
    },
    fillHoles: () => onFrame((frame) => fillHolesOn(painting, frame)),
    clear: () => onFrame((frame) => clearOn(painting, frame)),
    add() {
      const frame = shownFrame()
      if (frame !== undefined) painting.add(frame)
    },
    next(by) {
      const all = painting.store.list()
      const at = all.findIndex((each) => each.trackingUid === painting.active()?.trackingUid)
      const next = all[(at + by + all.length) % all.length]
      if (next !== undefined) painting.activate(next.trackingUid)
    },
    nextPainted() {
      const { index = 0 } = room.handle().state.current ?? {}
      const frames = room.handle().images.current.map(paintedFrame)
      const slices = painting.active()?.slices ?? []
      const isPainted = (frame: PaintedFrame | undefined): boolean =>
        frame !== undefined && slices.some((slice) => isOnSlice(slice, frame))
      const after = frames.findIndex((frame, at) => at > index && isPainted(frame))
      const next = after >= 0 ? after : frames.findIndex(isPainted)
      if (next >= 0) room.handle().viewport.current?.goTo(next)
    },
    toggleKeys: () => setByKeys(!byKeys),
    move: (right, down) => paint()?.keys.move(right, down),
    dab: () => paint()?.keys.dab(),
    toggleDown: () => paint()?.keys.toggleDown(),
    undo: painting.store.undo,
    redo: painting.store.redo,
    save: segments.save,
  }
  useKeyboard(segmentKeys(commands, { isPainting, byKeys, maySave }))

  return {
    painting,
    saved: segments.saved,
    button: (
      <Tooltip text={t('segments.show')} shownKey={keyOf('segments.brush')}>
        <IconButton
          label={t('segments.show')}
          pressed={isOpen}
          onClick={() => {
            if (isOpen && isPainting) room.setTool('window')
            if (isOpen) switches.set('segments', false)
            else commands.choose(painting.brush().mode)
          }}
        >
          <Brush size={18} strokeWidth={1.75} />
        </IconButton>
      </Tooltip>
    ),
    panel: isOpen && (
      <SegmentsPanel
        opening={opening}
        segments={segments}
        commands={commands}
        isPainting={isPainting}
        shownImage={() => room.handle().state.current?.image}
        maySave={maySave}
        onGo={room.goTo}
      />
    ),
  }
}
