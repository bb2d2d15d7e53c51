import { Enums as ToolEnums, PanTool, ToolGroupManager, ZoomTool } from '@cornerstonejs/tools'
import type { Mouse } from '../../core/contract/reading-settings.ts'
import { PaintDragTool, PlaceDragTool, ScrollDragTool, WindowDragTool } from './drag-tools.ts'
import type { MarkKind } from './marks/geometry-of.ts'
import { openMarkLayer, type MarkLayer, type MarkOptions } from './marks/mark-layer.ts'
import { MARK_KINDS, markToolName } from './marks/mark-tools.ts'
import { onPinch } from './pinch.ts'
import { USUAL_MOUSE } from './pane-preferences.ts'
import type { FrameImage } from './frames/frame-image.ts'
import { openPaintLayer, type PaintLayer } from './segments/paint-layer.ts'
import type { EnginePane } from './shared-engine.ts'
import type { StackImage } from './stack-image.ts'
import { zoomAbout } from './view-moves.ts'

const TOOLS = {
  window: WindowDragTool,
  pan: PanTool,
  zoom: ZoomTool,
  scroll: ScrollDragTool,
  place: PlaceDragTool,
  paint: PaintDragTool,
} as const

/** What the mouse's first button does. */
export type PrimaryTool = keyof typeof TOOLS | MarkKind

export interface PaneTools {
  readonly marks: MarkLayer
  /** Undefined: segments are not drawn in this pane. */
  readonly paint: PaintLayer | undefined
  /** The frame that is drawn now. */
  shows(image: StackImage | undefined, drawn: FrameImage | undefined, isExact: boolean): void
  setPrimary(tool: PrimaryTool): void
  /** What the other buttons do. */
  setMouse(mouse: Mouse): void
  close(): void
}

/**
 * The tools of one pane; the mouse's other buttons keep theirs whatever the first one does. One finger does what the first
 * button does, two move and magnify.
 *
 * @param mayMeasure asked when somebody begins to
 */
export function openPaneTools(pane: EnginePane, options: MarkOptions, mayMeasure: () => boolean): PaneTools {
  // A finger is too broad to pass a mark by: it takes hold of one only when it measures.
  const isFinger = matchMedia('(pointer: coarse)').matches
  const group = ToolGroupManager.createToolGroup(pane.viewportId)
  if (group === undefined) throw new Error('the tool group exists already')
  for (const tool of Object.values(TOOLS)) group.addTool(tool.toolName)
  const paint = options.painting && openPaintLayer(pane, options.painting)
  const marks = openMarkLayer(pane, group, options, mayMeasure)
  group.addViewport(pane.viewportId, pane.engineId)
  const { Primary, Auxiliary, Secondary, Primary_And_Secondary: Both } = ToolEnums.MouseBindings
  const names = [...Object.values(TOOLS).map((tool) => tool.toolName), ...MARK_KINDS.map(markToolName)]
  let primary: PrimaryTool = USUAL_MOUSE.left
  let mouse = USUAL_MOUSE
  const bind = (): void => {
    for (const name of names) group.setToolPassive(name, { removeAllBindings: true })
    if (isFinger && isMove(primary)) for (const kind of MARK_KINDS) group.setToolEnabled(markToolName(kind))
    const bindings = new Map<string, { mouseButton: number }[]>()
    const buttons = [
      [primary, Primary],
      [mouse.middle, Auxiliary],
      [mouse.right, Secondary],
      [mouse.both, Both],
    ] as const
    for (const [tool, mouseButton] of buttons) {
      if (tool === 'none') continue
      const name = isMove(tool) ? TOOLS[tool].toolName : markToolName(tool)
      bindings.set(name, [...(bindings.get(name) ?? []), { mouseButton }])
    }
    for (const [name, own] of bindings) group.setToolActive(name, { bindings: own })
    paint?.setOn(primary === 'paint')
  }
  bind()
  const { element } = pane.viewport
  /** Before the library's own listeners on the element. */
  const begin = (event: MouseEvent | TouchEvent): void => {
    const isFirst = event instanceof MouseEvent ? event.button === 0 : event.touches.length === 1
    if (!isMove(primary) && isFirst && !mayMeasure()) event.stopImmediatePropagation()
  }
  element.addEventListener('mousedown', begin, { capture: true })
  element.addEventListener('touchstart', begin, { capture: true })
  const pinch = onPinch(element, {
    begin() {
      marks.cancel()
      paint?.cancel()
    },
    move: (factor, from, to) => zoomAbout(pane.viewport, factor, from, to),
  })
  return {
    marks,
    paint,
    shows(image, drawn, isExact) {
      marks.shows(image, isExact)
      // Of a preview no value is painted by.
      paint?.shows(image, isExact ? drawn : undefined)
    },
    setPrimary(tool) {
      primary = tool
      bind()
    },
    setMouse(next) {
      mouse = next
      bind()
    },
    close() {
      element.removeEventListener('mousedown', begin, { capture: true })
      element.removeEventListener('touchstart', begin, { capture: true })
      pinch.stop()
      paint?.close()
      marks.close()
      ToolGroupManager.destroyToolGroup(pane.viewportId)
    },
  }
}

const isMove = (tool: PrimaryTool): tool is keyof typeof TOOLS => tool in TOOLS
