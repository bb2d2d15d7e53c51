import { getEnabledElement, type Types } from '@cornerstonejs/core'
import { CobbAngleTool, ProbeTool, LengthTool, type Types as ToolTypes } from '@cornerstonejs/tools'
import { levelled } from '../../../core/measurements/cardiothoracic.ts'
import { imagePlane } from './image-plane.ts'

/** Two widths, drawn as two lines one after the other, that stay horizontal as one sees them. */
export class CardiothoracicTool extends CobbAngleTool {
  static override toolName = 'CardiothoracicRatio'

  constructor(...given: ConstructorParameters<typeof CobbAngleTool>) {
    super(...given)
    const drag = this._dragCallback
    this._dragCallback = (event) => {
      drag(event)
      this.#level(event.detail.element)
    }
  }

  /** The library's text shows only where there is an angle. */
  override _calculateCachedStats(annotation: ToolTypes.Annotation): void {
    for (const stats of Object.values(annotation.data.cachedStats ?? {}))
      Object.assign(stats as object, { angle: 1 })
    annotation.invalidated = false
  }

  /** The other end of a line follows the one that a hand moves; of a new line, the second the first. */
  #level(element: HTMLDivElement): void {
    const viewport = getEnabledElement(element)?.viewport as Types.IStackViewport | undefined
    const plane = viewport && imagePlane(viewport)
    const points = this.editData?.annotation.data.handles?.points
    if (viewport === undefined || plane === undefined || points === undefined) return
    const screen = (column: number, row: number): Types.Point2 =>
      viewport.worldToCanvas(plane.toWorld([column, row]))
    const [origin, right] = [screen(0, 0), screen(1, 0)]
    // Rows lie across where they run up and down on the screen.
    const across = Math.abs(right[0] - origin[0]) >= Math.abs(right[1] - origin[1]) ? 1 : 0
    const held = this.editData?.newAnnotation === true ? undefined : this.editData?.handleIndex
    for (const first of [0, 2]) {
      const [from, to] = held === first + 1 ? [first + 1, first] : [first, first + 1]
      const [still, moved] = [points[from], points[to]]
      if (still === undefined || moved === undefined || still === moved) continue
      points[to] = plane.toWorld(levelled(plane.toImage(moved), plane.toImage(still), across))
    }
  }
}

/** Names a vertebra. */
export class SpineLabelTool extends ProbeTool {
  static override toolName = 'SpineLabel'
}

/** Lies on something of which the reader knows how long it is. */
export class KnownLengthTool extends LengthTool {
  static override toolName = 'KnownLength'
}
