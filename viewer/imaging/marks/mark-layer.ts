import { eventTarget, type Types } from '@cornerstonejs/core'
import { annotation as annotations, Enums, utilities, type Types as ToolTypes } from '@cornerstonejs/tools'
import { firstString } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { calibrationOf } from '../../../core/measurements/calibration-of.ts'
import { measure } from '../../../core/measurements/measure.ts'
import type { Geometry } from '../../../core/measurements/shapes.ts'
import { isOnFrame, type Mark } from '../../marks/mark.ts'
import type { DrawnMarks } from '../../marks/saved-marks.ts'
import type { FrameImage } from '../frames/frame-image.ts'
import type { EnginePane } from '../shared-engine.ts'
import type { StackImage } from '../stack-image.ts'
import { geometryOf, handlesOf } from './geometry-of.ts'
import { imagePlane } from './image-plane.ts'
import { addMarkTools, kindOfTool, markToolName } from './mark-tools.ts'
import { pixelValues } from './pixel-values.ts'

export interface MarkOptions {
  readonly store: DrawnMarks
  /** The text beside a mark, in the language that is shown. */
  linesOf(mark: Mark): string[]
}

/** The marks on what a pane shows: what is drawn goes to the store, what the store has is drawn. */
export interface MarkLayer {
  /** The frame that is drawn now. */
  shows(image: StackImage | undefined): void
  /** Draws all texts again. */
  refresh(): void
  /** Tracking UIDs of the marks that were clicked last. */
  selected(): string[]
  close(): void
}

/** Image pixels within which a handle is where it was. */
const SAME_PLACE = 1e-3

export function openMarkLayer(
  { viewport }: EnginePane,
  group: ToolTypes.IToolGroup,
  { store, linesOf }: MarkOptions,
): MarkLayer {
  const { element } = viewport
  let shown: StackImage | undefined
  /** What this layer knows to be drawn, by tracking UID. */
  const drawn = new Map<string, Geometry>()
  /** Moved, and not yet let go. */
  const moved = new Map<string, Mark>()
  const texts = new WeakMap<ToolTypes.AnnotationData, string[]>()

  addMarkTools(group, onMoved, (data) => texts.get(data) ?? [])

  function onMoved(annotation: ToolTypes.Annotation): void {
    // Its figures are those of its report.
    if (store.isSaved(uidOf(annotation))) return
    const mark = markOf(annotation)
    if (mark === undefined) return
    moved.set(mark.trackingUid, mark)
    texts.set(annotation.data, linesOf(mark))
  }

  function markOf(annotation: ToolTypes.Annotation): Mark | undefined {
    const kind = kindOfTool(annotation.metadata?.toolName)
    const plane = imagePlane(viewport)
    if (kind === undefined || plane === undefined || shown === undefined || !isOurs(annotation))
      return undefined
    const { contour, handles } = annotation.data
    // A line that is still open encloses nothing.
    if (kind === 'freehand' && contour?.closed !== true) return undefined
    const points = (kind === 'freehand' ? contour?.polyline : handles?.points) ?? []
    const geometry = geometryOf(
      kind,
      points.map((point) => plane.toImage(point)),
    )
    if (geometry === undefined) return undefined
    const { metadata, frameNumber } = shown
    const calibration = calibrationOf(metadata, frameNumber, handlesOf(geometry))
    const trackingUid = uidOf(annotation)
    const known = store.list().find((mark) => mark.trackingUid === trackingUid)
    return {
      trackingUid,
      label: known?.label ?? '',
      studyInstanceUid: firstString(metadata, Tag.StudyInstanceUID) ?? '',
      seriesInstanceUid: firstString(metadata, Tag.SeriesInstanceUID) ?? '',
      sopInstanceUid: firstString(metadata, Tag.SOPInstanceUID) ?? '',
      frameNumber,
      geometry,
      calibration,
      values: [
        ...measure(geometry, calibration),
        ...pixelValues(geometry, calibration, shown, viewport.getCornerstoneImage() as FrameImage),
      ],
      hidden: false,
    }
  }

  /** What was dragged is kept once it is let go: one step to undo, not one for each pixel. */
  function keepMoved(): void {
    for (const mark of moved.values()) {
      const before = store.list().find(({ trackingUid }) => trackingUid === mark.trackingUid)
      if (before === undefined || isSame(before.geometry, mark.geometry)) continue
      drawn.set(mark.trackingUid, mark.geometry)
      store.put(mark)
    }
    moved.clear()
  }

  function onCompleted(event: Event): void {
    const { annotation } = (event as CustomEvent<{ annotation: ToolTypes.Annotation }>).detail
    // Told to the layers of all panes: it is for the one whose tool drew it.
    if (!isOurs(annotation)) return
    const mark = markOf(annotation)
    if (mark === undefined) return
    texts.set(annotation.data, linesOf(mark))
    drawn.set(mark.trackingUid, mark.geometry)
    moved.delete(mark.trackingUid)
    if (!store.list().some(({ trackingUid }) => trackingUid === mark.trackingUid)) store.put(mark)
  }

  const isOurs = (annotation: ToolTypes.Annotation): boolean =>
    annotation.metadata?.referencedImageId === viewport.getCurrentImageId()

  /** Draws what the store has on this frame, and takes away what it has no more. */
  function sync(): void {
    const plane = imagePlane(viewport)
    if (shown === undefined || plane === undefined) return
    const frame = {
      sopInstanceUid: firstString(shown.metadata, Tag.SOPInstanceUID) ?? '',
      frameNumber: shown.frameNumber,
    }
    const due = new Map(
      store
        .list()
        .filter((mark) => isOnFrame(mark, frame) && !mark.hidden && mark.geometry.kind !== 'arrow')
        .map((mark) => [mark.trackingUid, mark]),
    )
    const here = new Map(
      annotations.state
        .getAllAnnotations()
        .filter((each) => kindOfTool(each.metadata?.toolName) !== undefined && isOurs(each))
        .map((each) => [uidOf(each), each]),
    )
    for (const [uid, annotation] of here) {
      if (due.has(uid) || !drawn.has(uid)) continue
      annotations.state.removeAnnotation(annotation.annotationUID ?? '')
      drawn.delete(uid)
    }
    for (const [uid, mark] of due) {
      const known = drawn.get(uid)
      const annotation = here.get(uid)
      lock(uid, annotation)
      if (annotation !== undefined && known !== undefined && isSame(known, mark.geometry)) continue
      if (annotation !== undefined) annotations.state.removeAnnotation(annotation.annotationUID ?? '')
      annotations.state.addAnnotation(
        {
          ...annotationOf(mark, viewport, handlesOf(mark.geometry).map(plane.toWorld)),
          isLocked: store.isSaved(uid),
        },
        element,
      )
      drawn.set(uid, mark.geometry)
    }
    retell()
    draw()
  }

  /** What is in a report is not changed by a hand that slips. */
  function lock(uid: string, annotation: ToolTypes.Annotation | undefined): void {
    const isSaved = store.isSaved(uid)
    annotations.locking.setAnnotationLocked(uid, isSaved)
    if (isSaved && annotation !== undefined)
      annotations.selection.setAnnotationSelected(annotation.annotationUID ?? '', false)
  }

  /** Names and languages change without anything having moved. */
  function retell(): void {
    for (const each of annotations.state.getAllAnnotations()) {
      if (!isOurs(each)) continue
      const mark = store.list().find(({ trackingUid }) => trackingUid === uidOf(each))
      if (mark !== undefined) texts.set(each.data, linesOf(mark))
    }
  }

  const draw = (): void => utilities.triggerAnnotationRender(element)
  const onLetGo = (): void => void setTimeout(keepMoved, 0)
  element.addEventListener('pointerup', onLetGo)
  eventTarget.addEventListener(Enums.Events.ANNOTATION_COMPLETED, onCompleted)
  const unsubscribe = store.subscribe(sync)

  return {
    shows(image) {
      if (image === shown) return
      moved.clear()
      shown = image
      sync()
    },
    refresh() {
      retell()
      draw()
    },
    selected: () =>
      annotations.selection
        .getAnnotationsSelected()
        .map((uid) => annotations.state.getAnnotation(uid))
        .flatMap((each) => (each !== undefined && isOurs(each) ? [uidOf(each)] : [])),
    close() {
      unsubscribe()
      element.removeEventListener('pointerup', onLetGo)
      eventTarget.removeEventListener(Enums.Events.ANNOTATION_COMPLETED, onCompleted)
    },
  }
}

/** A UUID of the library as a UID (PS3.5 B.2); marks that were restored have theirs already. */
function uidOf({ annotationUID = '' }: ToolTypes.Annotation): string {
  return annotationUID.includes('-')
    ? `2.25.${BigInt(`0x${annotationUID.replaceAll('-', '')}`)}`
    : annotationUID
}

function isSame(a: Geometry, b: Geometry): boolean {
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
function annotationOf(
  { trackingUid, geometry }: Mark,
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
      toolName: geometry.kind === 'arrow' ? '' : markToolName(geometry.kind),
    },
    data: {
      label: '',
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
