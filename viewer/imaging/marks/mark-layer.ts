import { eventTarget } from '@cornerstonejs/core'
import {
  annotation as annotations,
  cancelActiveManipulations,
  Enums,
  utilities,
  type Types as ToolTypes,
} from '@cornerstonejs/tools'
import { firstString } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import type { Geometry } from '../../../core/measurements/shapes.ts'
import { translated } from '../../../core/measurements/translated.ts'
import { isOnFrame, type Mark } from '../../marks/mark.ts'
import type { DrawnMarks } from '../../marks/saved-marks.ts'
import type { Painting } from '../../segments/painting.ts'
import type { FrameImage } from '../frames/frame-image.ts'
import type { EnginePane } from '../shared-engine.ts'
import type { StackImage } from '../stack-image.ts'
import { annotationOf, isDrawnByTool, isSame, uidOf } from './annotation-of.ts'
import { geometryOf, handlesOf } from './geometry-of.ts'
import { imagePlane } from './image-plane.ts'
import { openKeyCursor, type KeyCursor } from './key-cursor.ts'
import { imageStep } from './image-step.ts'
import { addMarkTools, kindOfTool } from './mark-tools.ts'
import { measuredMark } from './measured-mark.ts'
import { askedAt, newMark, unsaidOf, type MarkRefusal } from './new-mark.ts'

export interface MarkOptions {
  readonly store: DrawnMarks
  /** The text beside a mark, in the language that is shown. */
  linesOf(mark: Mark): string[]
  /**
   * Something of a mark is to be said that no hand draws, at [x, y] of the pane, CSS pixels: the text at an arrow, and of
   * marks that are not kept before it is, how long a line is, or which vertebra this.
   */
  onText(mark: Mark, at: readonly [number, number]): void
  /** What was drawn is no mark of this image. */
  onRefused(because: MarkRefusal): void
  /** What else is drawn by hand; absent: nothing is. */
  readonly painting?: Painting
}

/** The marks on what a pane shows: what is drawn goes to the store, what the store has is drawn. */
export interface MarkLayer {
  /** Measures by keys. */
  readonly cursor: KeyCursor
  /** The frame that is drawn now; of a preview no mark is made or moved. */
  shows(image: StackImage | undefined, isExact: boolean): void
  /** Draws all texts again. */
  refresh(): void
  /** Tracking UIDs of the marks that were clicked last. */
  selected(): string[]
  /** Moves the marks that were clicked last, or else the one that was drawn last: pixels to the right and down, as one sees them. */
  nudge(right: number, down: number): void
  /** What a hand draws or moves just now is as it was before. */
  cancel(): void
  /** Takes a mark away that was not kept. */
  discard(trackingUid: string): void
  close(): void
}

export function openMarkLayer(
  pane: EnginePane,
  group: ToolTypes.IToolGroup,
  { store, linesOf, onText, onRefused }: MarkOptions,
  mayMeasure: () => boolean,
): MarkLayer {
  const { viewport } = pane
  const { element } = viewport
  const cursor = openKeyCursor(pane, (geometry) => {
    if (!mayMeasure()) return
    const mark = markWith(geometry, newUid())
    if (mark !== undefined) takeUp(mark)
  })
  let shown: StackImage | undefined
  let isExact = true
  /** What this layer knows to be drawn, by tracking UID. */
  const drawn = new Map<string, Geometry>()
  /** Moved, and not yet let go. */
  const moved = new Map<string, Mark>()
  const texts = new WeakMap<ToolTypes.AnnotationData, string[]>()
  let isCancelling = false

  addMarkTools(
    group,
    onMoved,
    (data) => texts.get(data) ?? [],
    (annotation) => {
      const mark = store.list().find(({ trackingUid }) => trackingUid === uidOf(annotation))
      if (mark !== undefined && isOurs(annotation)) askText(mark)
    },
  )

  function askText(mark: Mark): void {
    const plane = imagePlane(viewport)
    const place = askedAt(mark.geometry)
    if (place === undefined || plane === undefined || store.isSaved(mark.trackingUid)) return
    onText(mark, viewport.worldToCanvas(plane.toWorld(place)))
  }

  /** What was just drawn is kept, asked about first, or refused. */
  function takeUp(drawnMark: Mark): void {
    if (shown === undefined) return
    const { mark, isToBeAsked, refusal } = newMark(drawnMark, shown, store.list())
    if (refusal !== undefined) {
      layer.discard(mark.trackingUid)
      onRefused(refusal)
      return
    }
    if (!isToBeAsked) store.put(mark)
    if (isToBeAsked || mark.geometry.kind === 'arrow') askText(mark)
  }

  /** The text beside an annotation; an arrow's tool keeps it elsewhere than the others. */
  function tell(annotation: ToolTypes.Annotation, mark: Mark): void {
    texts.set(annotation.data, linesOf(mark))
    annotation.data.label = mark.label
  }

  /** Of an arrow, for which nothing is computed. */
  function onModified(event: Event): void {
    const { annotation } = (event as CustomEvent<{ annotation: ToolTypes.Annotation }>).detail
    if (kindOfTool(annotation.metadata?.toolName) !== 'arrow' || !isOurs(annotation)) return
    annotation.data.label =
      store.list().find(({ trackingUid }) => trackingUid === uidOf(annotation))?.label ?? ''
    onMoved(annotation)
  }

  function onMoved(annotation: ToolTypes.Annotation): void {
    // Its figures are those of its report.
    if (store.isSaved(uidOf(annotation))) return
    const mark = markOf(annotation)
    if (mark === undefined) return
    moved.set(mark.trackingUid, mark)
    const next = shown && newMark(mark, shown, store.list())
    if (next?.isToBeAsked === false) tell(annotation, next.mark)
  }

  function markOf(annotation: ToolTypes.Annotation): Mark | undefined {
    if (shown === undefined || !isOurs(annotation)) return undefined
    const geometry = drawnGeometry(annotation)
    return geometry && markWith(geometry, uidOf(annotation))
  }

  function drawnGeometry(annotation: ToolTypes.Annotation): Geometry | undefined {
    const kind = kindOfTool(annotation.metadata?.toolName)
    const plane = imagePlane(viewport)
    if (kind === undefined || plane === undefined) return undefined
    const { contour, handles } = annotation.data
    // A line that is still open encloses nothing.
    if (kind === 'freehand' && contour?.closed !== true) return undefined
    const points = (kind === 'freehand' ? contour?.polyline : handles?.points) ?? []
    return geometryOf(
      kind,
      points.map((point) => plane.toImage(point)),
      unsaidOf(store.list().find(({ trackingUid }) => trackingUid === uidOf(annotation))?.geometry),
    )
  }

  function markWith(geometry: Geometry, trackingUid: string): Mark | undefined {
    const image = viewport.getCornerstoneImage() as FrameImage | undefined
    // Of the image itself: what is told of it may be a moment late.
    if (shown === undefined || image === undefined || image.beginning !== undefined) return undefined
    return measuredMark(geometry, trackingUid, shown, image, store.list())
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
    if (!isOurs(annotation) || isCancelling) return
    const mark = markOf(annotation)
    if (mark === undefined) return
    drawn.set(mark.trackingUid, mark.geometry)
    moved.delete(mark.trackingUid)
    if (store.list().some(({ trackingUid }) => trackingUid === mark.trackingUid)) return
    takeUp(mark)
  }

  const isOurs = (annotation: ToolTypes.Annotation): boolean =>
    annotation.metadata?.referencedImageId === viewport.getCurrentImageId()

  const shownFrame = () =>
    shown && {
      sopInstanceUid: firstString(shown.metadata, Tag.SOPInstanceUID) ?? '',
      frameNumber: shown.frameNumber,
    }

  /** Draws what the store has on this frame, and takes away what it has no more. */
  function sync(): void {
    const plane = imagePlane(viewport)
    const frame = shownFrame()
    if (frame === undefined || plane === undefined) return
    const due = new Map(
      store
        .list()
        .filter((mark) => isOnFrame(mark, frame) && !mark.hidden && isDrawnByTool(mark.geometry))
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
      const annotation = here.get(uid)
      // Another pane of the same frame may have drawn it: it stays as it is, and its text where a hand has put it.
      const known = drawn.get(uid) ?? (annotation && drawnGeometry(annotation))
      if (known !== undefined) drawn.set(uid, known)
      lock(uid, annotation)
      if (annotation !== undefined && known !== undefined && isSame(known, mark.geometry)) continue
      if (annotation !== undefined) annotations.state.removeAnnotation(annotation.annotationUID ?? '')
      annotations.state.addAnnotation(
        {
          ...annotationOf(mark, viewport, handlesOf(mark.geometry).map(plane.toWorld)),
          isLocked: isLocked(uid),
        },
        element,
      )
      drawn.set(uid, mark.geometry)
    }
    retell()
    draw()
  }

  /** What is in a report is not changed by a hand that slips; nor is anything by what a preview shows. */
  const isLocked = (uid: string): boolean => store.isSaved(uid) || !isExact

  function lock(uid: string, annotation: ToolTypes.Annotation | undefined): void {
    annotations.locking.setAnnotationLocked(uid, isLocked(uid))
    if (store.isSaved(uid) && annotation !== undefined)
      annotations.selection.setAnnotationSelected(annotation.annotationUID ?? '', false)
  }

  /** Names and languages change without anything having moved. */
  function retell(): void {
    for (const each of annotations.state.getAllAnnotations()) {
      if (!isOurs(each)) continue
      const mark = store.list().find(({ trackingUid }) => trackingUid === uidOf(each))
      if (mark !== undefined) tell(each, mark)
    }
  }

  const draw = (): void => utilities.triggerAnnotationRender(element)
  const onLetGo = (): void => void setTimeout(keepMoved, 0)
  element.addEventListener('pointerup', onLetGo)
  eventTarget.addEventListener(Enums.Events.ANNOTATION_COMPLETED, onCompleted)
  eventTarget.addEventListener(Enums.Events.ANNOTATION_MODIFIED, onModified)
  const unsubscribe = store.subscribe(sync)

  const layer: MarkLayer = {
    cursor,
    shows(image, isExactNow) {
      if (image === shown && isExactNow === isExact) return
      isExact = isExactNow
      if (image !== shown) {
        moved.clear()
        cursor.forget()
      }
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
    nudge(right, down) {
      const chosen = layer.selected()
      const frame = shownFrame()
      const free = store
        .list()
        .filter((mark) => frame !== undefined && isOnFrame(mark, frame) && !mark.hidden)
        .filter(({ geometry, trackingUid }) => isDrawnByTool(geometry) && !store.isSaved(trackingUid))
      const of =
        chosen.length > 0 ? free.filter(({ trackingUid }) => chosen.includes(trackingUid)) : free.slice(-1)
      for (const { geometry, trackingUid } of of) {
        if (!isDrawnByTool(geometry)) continue
        const [first] = handlesOf(geometry)
        const by = first && imageStep(viewport, first, right, down)
        const mark = by && markWith(translated(geometry, by), trackingUid)
        if (mark !== undefined) store.put(mark)
      }
    },
    discard(trackingUid) {
      const annotation = annotations.state
        .getAllAnnotations()
        .find((each) => isOurs(each) && uidOf(each) === trackingUid)
      if (annotation !== undefined) annotations.state.removeAnnotation(annotation.annotationUID ?? '')
      drawn.delete(trackingUid)
      draw()
    },
    cancel() {
      // The library calls a mark completed whose drawing is given up.
      isCancelling = true
      const uid = cancelActiveManipulations(element)
      isCancelling = false
      const annotation = uid === undefined ? undefined : annotations.state.getAnnotation(uid)
      if (uid === undefined || annotation === undefined) return
      annotations.state.removeAnnotation(uid)
      const trackingUid = uidOf(annotation)
      moved.delete(trackingUid)
      drawn.delete(trackingUid)
      sync()
    },
    close() {
      cursor.close()
      unsubscribe()
      element.removeEventListener('pointerup', onLetGo)
      eventTarget.removeEventListener(Enums.Events.ANNOTATION_COMPLETED, onCompleted)
      eventTarget.removeEventListener(Enums.Events.ANNOTATION_MODIFIED, onModified)
    },
  }
  return layer
}
