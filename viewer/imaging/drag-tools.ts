import { BaseTool } from '@cornerstonejs/tools'

/** What a drag does on the way: called with how far the pointer is from where it went down. CSS pixels, to the right and down. */
export type DragMove = (right: number, down: number) => void

/** What a drag begins in a pane; undefined: nothing. */
export interface DragBeginnings {
  window(): DragMove | undefined
  scroll(): DragMove | undefined
  /** @param at where the pointer went down, CSS pixels of the pane */
  place(at: readonly [number, number]): DragMove | undefined
}

interface DragEvent {
  readonly detail: {
    readonly element: HTMLDivElement
    readonly startPoints: { readonly canvas: readonly number[] }
    readonly lastPoints: { readonly canvas: readonly number[] }
    readonly currentPoints: { readonly canvas: readonly number[] }
  }
}

const panes = new WeakMap<HTMLDivElement, DragBeginnings>()

/** Makes drags in an element do this. */
export function onDrags(element: HTMLDivElement, beginnings: DragBeginnings): void {
  panes.set(element, beginnings)
}

/**
 * A tool of the library whose drags are ours: the library decides whose a drag is (a mark's, another tool's), we what it
 * does.
 */
class OwnDragTool extends BaseTool {
  protected readonly kind: keyof DragBeginnings = 'window'
  private move: DragMove | undefined
  /** Where the move began, and where the tool saw the pointer last. CSS pixels of the pane. */
  private origin: readonly [number, number] = [0, 0]
  private seen: readonly [number, number] = [0, 0]

  constructor() {
    super({}, { supportedInteractionTypes: ['Mouse', 'Touch'] })
  }

  mouseDragCallback(event: DragEvent): void {
    this.drag(event)
  }

  touchDragCallback(event: DragEvent): void {
    this.drag(event)
  }

  protected drag({ detail }: DragEvent): void {
    const [[startX = 0, startY = 0], [lastX = 0, lastY = 0], [x = 0, y = 0]] = [
      detail.startPoints.canvas,
      detail.lastPoints.canvas,
      detail.currentPoints.canvas,
    ]
    // Where it went down a drag begins; and where another button comes to it, with which it is another tool's.
    const [seenX, seenY] = this.seen
    const isStart = lastX === startX && lastY === startY
    if (isStart || lastX !== seenX || lastY !== seenY) {
      this.origin = [lastX, lastY]
      this.move = panes.get(detail.element)?.[this.kind](this.origin)
    }
    this.seen = [x, y]
    this.move?.(x - this.origin[0], y - this.origin[1])
  }
}

/** Drags that set the window. */
export class WindowDragTool extends OwnDragTool {
  static override toolName = 'WindowDrag'
  protected override readonly kind = 'window'
}

/** Drags that turn over the images. */
export class ScrollDragTool extends OwnDragTool {
  static override toolName = 'ScrollDrag'
  protected override readonly kind = 'scroll'
}

/** Drags that point at a place, which the other panes then show. */
export class PlaceDragTool extends OwnDragTool {
  static override toolName = 'PlaceDrag'
  protected override readonly kind = 'place'

  /** A click points as well. Returns that nothing else is meant: marks are not taken hold of. */
  preMouseDownCallback(event: DragEvent): boolean {
    this.drag(event)
    return true
  }
}

/** Of the brush, whose strokes are not the library's: it is kept from taking hold of marks meanwhile. */
export class PaintDragTool extends BaseTool {
  static override toolName = 'PaintDrag'

  constructor() {
    super({}, { supportedInteractionTypes: ['Mouse', 'Touch'] })
  }

  preMouseDownCallback(): boolean {
    return true
  }
}
