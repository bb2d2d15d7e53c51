import type { Types } from '@cornerstonejs/core'
import type { Types as ToolTypes } from '@cornerstonejs/tools'
import type { Geometry } from '../../../core/measurements/shapes.ts'
import type { Mark } from '../../marks/mark.ts'
import { handlesOf, type MarkKind } from './geometry-of.ts'
import { markToolName } from './mark-tools.ts'

/** Image pixels within which a handle is where it was. */
const SAME_PLACE = 1e-3

/** A UUID of the library as a UID (PS3.5 B.2); marks that were restored have theirs already. */
export function uidOf({ annotationUID = '' }: ToolTypes.Annotation): string {
  return annotationUID.includes('-')
    ? `2.25.${BigInt(`0x${annotationUID.replaceAll('-', '')}`)}`
    : annotationUID
}

export const isDrawnByTool = (geometry: Geometry): geometry is Extract<Geometry, { kind: MarkKind }> =>
  geometry.kind !== 'key' && geometry.kind !== 'detector-millimetres'

/** Whether the handles of both are where the other's are. */
export function isSame(a: Geometry, b: Geometry): boolean {
  if (a.kind !== b.kind) return false
  const [one, other] = [handlesOf(a), handlesOf(b)]
  return (
    one.length === other.length &&
    one.every(([x, y], index) => {
      const [u, v] = other[index] ?? [NaN, NaN]
      return Math.abs(x - u) < SAME_PLACE && Math.abs(y - v) < SAME_PLACE
    })
  )
}

/** A mark as the library draws it. */
export function annotationOf(
  { trackingUid, label, geometry }: Mark,
  viewport: Types.IStackViewport,
  points: Types.Point3[],
): ToolTypes.Annotation {
  const isOutline = geometry.kind === 'freehand'
  const nowhere: Types.Point3 = [0, 0, 0]
  return {
    annotationUID: trackingUid,
    highlighted: false,
    invalidated: true,
    isLocked: false,
    isVisible: true,
    metadata: {
      ...viewport.getViewReference(),
      toolName: isDrawnByTool(geometry) ? markToolName(geometry.kind) : '',
    },
    data: {
      label,
      cachedStats: {},
      handles: {
        points: isOutline ? [] : points,
        activeHandleIndex: null,
        textBox: {
          hasMoved: false,
          worldPosition: nowhere,
          worldBoundingBox: {
            topLeft: nowhere,
            topRight: nowhere,
            bottomLeft: nowhere,
            bottomRight: nowhere,
          },
        },
      },
      ...(isOutline ? { contour: { polyline: points, closed: true } } : {}),
    },
  }
}
