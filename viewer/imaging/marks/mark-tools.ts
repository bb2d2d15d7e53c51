import {
  addTool,
  annotation,
  AngleTool,
  ArrowAnnotateTool,
  BidirectionalTool,
  CircleROITool,
  CobbAngleTool,
  EllipticalROITool,
  LengthTool,
  PlanarFreehandROITool,
  ProbeTool,
  RectangleROITool,
  type Types,
} from '@cornerstonejs/tools'
import type { MarkKind } from './geometry-of.ts'
import { CardiothoracicTool, KnownLengthTool, SpineLabelTool } from './own-tools.ts'

const TOOLS = {
  length: LengthTool,
  bidirectional: BidirectionalTool,
  angle: AngleTool,
  cobb: CobbAngleTool,
  ellipse: EllipticalROITool,
  rectangle: RectangleROITool,
  circle: CircleROITool,
  freehand: PlanarFreehandROITool,
  probe: ProbeTool,
  arrow: ArrowAnnotateTool,
  cardiothoracic: CardiothoracicTool,
  vertebra: SpineLabelTool,
  'known-length': KnownLengthTool,
} satisfies Record<MarkKind, unknown>

/** In the order in which they are offered. */
export const MARK_KINDS = Object.keys(TOOLS) as readonly MarkKind[]

export const markToolName = (kind: MarkKind): string => TOOLS[kind].toolName

const KIND_OF = new Map(MARK_KINDS.map((kind) => [markToolName(kind), kind]))

/** Undefined: an annotation of something else. */
export const kindOfTool = (toolName: string | undefined): MarkKind | undefined => KIND_OF.get(toolName ?? '')

const CALIBRATING = 'rgb(214, 178, 255)'

/** Makes the tools known, once a page, and how they look: readable on black and on bone. */
export function registerMarkTools(): void {
  const { style } = annotation.config
  style.setDefaultToolStyles({
    ...style.getDefaultToolStyles(),
    global: {
      ...style.getDefaultToolStyles().global,
      color: 'rgb(255, 214, 102)',
      colorHighlighted: 'rgb(120, 190, 255)',
      colorSelected: 'rgb(120, 190, 255)',
      // In a report: there to be read.
      colorLocked: 'rgb(128, 222, 196)',
      lineWidth: '1.5',
      textBoxColor: 'rgb(255, 214, 102)',
      textBoxColorHighlighted: 'rgb(120, 190, 255)',
      textBoxColorSelected: 'rgb(120, 190, 255)',
      textBoxColorLocked: 'rgb(128, 222, 196)',
      textBoxBackground: 'rgb(0 0 0 / 55%)',
      textBoxFontSize: '13px',
      textBoxFontFamily: 'inherit',
    },
    // Says something of the pixels, not of the patient.
    [KnownLengthTool.toolName]: { color: CALIBRATING, textBoxColor: CALIBRATING, lineDash: '6,3' },
  })
  for (const tool of Object.values(TOOLS)) addTool(tool)
}

/** Lines and texts of one viewport larger by a factor: of a picture that has more pixels than a screen. */
export function enlargeMarks(viewportId: string, factor: number): void {
  annotation.config.style.setViewportToolStyles(viewportId, {
    global: {
      lineWidth: (1.5 * factor).toFixed(2),
      textBoxFontSize: `${(13 * factor).toFixed(2)}px`,
    },
  })
}

/** What of a tool the library keeps to itself, and what is changed of it. */
interface Calculating {
  _calculateCachedStats?: (annotation: Types.Annotation, ...rest: unknown[]) => unknown
  _throttledCalculateCachedStats?: (annotation: Types.Annotation, ...rest: unknown[]) => unknown
}

/**
 * Adds the tools to a group. Their figures are ours: the library knows neither magnification, nor regions of ultrasound, nor
 * pixels that are not square well enough to be trusted with millimetres.
 *
 * @param onMoved told whenever an annotation is new or has moved
 * @param linesOf the text beside it
 * @param onText the text at an arrow is to be changed
 */
export function addMarkTools(
  group: Types.IToolGroup,
  onMoved: (moved: Types.Annotation) => void,
  linesOf: (data: Types.AnnotationData) => string[],
  onText: (changed: Types.Annotation) => void,
): void {
  for (const kind of MARK_KINDS) {
    const name = markToolName(kind)
    if (kind === 'arrow') {
      group.addTool(name, {
        // It asks by a box of the browser, and takes an arrow without a text away: its text comes later, from a field of ours.
        getTextCallback: (drawn: (text: string) => void) => drawn(' '),
        changeTextCallback: onText,
      })
      group.setToolPassive(name, { removeAllBindings: true })
      continue
    }
    // One key is one thing: undo is the reading room's.
    group.addTool(name, { getTextLines: linesOf, actions: {}, calculateStats: true })
    const tool = group.getToolInstance(name) as Calculating
    const own = tool._calculateCachedStats?.bind(tool)
    const calculate = (moved: Types.Annotation, ...rest: unknown[]): unknown => {
      const result = own?.(moved, ...rest)
      onMoved(moved)
      return result
    }
    tool._calculateCachedStats = calculate
    tool._throttledCalculateCachedStats = calculate
    group.setToolPassive(name, { removeAllBindings: true })
  }
}
