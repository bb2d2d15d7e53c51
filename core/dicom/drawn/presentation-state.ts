import {
  firstNumber,
  firstPersonName,
  firstString,
  items,
  numbers,
  type DicomJson,
  type DicomJsonPersonName,
} from '../dicom-json.ts'
import { displayShutterOf, type DisplayShutter } from '../display-shutter.ts'
import { storedWindow, type VoiWindow } from '../grayscale.ts'
import { Tag } from '../tag.ts'
import { isSource, sourceOf, type Source } from './segmentation.ts'

/** In pixels of the image from its corner, or in parts of what is displayed (0 to 1 from its top left corner). */
export type AnnotationUnits = 'pixel' | 'display'
export type AnnotationPoint = readonly [x: number, y: number]

export interface GraphicAnnotation {
  readonly type: 'POINT' | 'POLYLINE' | 'INTERPOLATED' | 'CIRCLE' | 'ELLIPSE'
  readonly units: AnnotationUnits
  readonly points: readonly AnnotationPoint[]
  readonly isFilled: boolean
}

export interface TextAnnotation {
  readonly text: string
  readonly units: AnnotationUnits
  readonly at: AnnotationPoint
}

/** What a presentation state draws on images. */
export interface Annotation {
  /** Empty: on all that the state is for. */
  readonly images: readonly Source[]
  readonly graphics: readonly GraphicAnnotation[]
  readonly texts: readonly TextAnnotation[]
}

/** What is in the file, and is not read here. */
export type UnreadPart = 'overlay' | 'mask' | 'modality-lut' | 'presentation-lut' | 'voi-lut' | 'area'

/** A softcopy presentation state (PS3.3 A.33): how somebody looked at images, and what they drew. */
export interface PresentationState {
  readonly label: string
  readonly description: string
  readonly creator: DicomJsonPersonName | undefined
  readonly series: readonly string[]
  readonly images: readonly Source[]
  /** Degrees clockwise, before it is flipped. */
  readonly rotation: 0 | 90 | 180 | 270
  readonly isFlipped: boolean
  /** Black and white turned over: of the values that are shown, whatever the image says. */
  readonly isInverse: boolean
  readonly shutter: DisplayShutter | undefined
  readonly annotations: readonly Annotation[]
  readonly unread: readonly UnreadPart[]
  /** The window for an image; undefined: the image's own. */
  windowOf(image: ImageName): VoiWindow | undefined
  /** What of an image is shown; undefined: all of it. */
  areaOf(image: ImageName): DisplayedArea | undefined
}

/** Pixels [column, row], counted from 1, at the top left and the bottom right of what is shown, turned and flipped. */
export interface DisplayedArea {
  readonly topLeft: AnnotationPoint
  readonly bottomRight: AnnotationPoint
}

interface ImageName {
  readonly sopInstanceUid: string
  readonly frameNumber: number
}

const TYPES = ['POINT', 'POLYLINE', 'INTERPOLATED', 'CIRCLE', 'ELLIPSE'] as const

/** Reads a presentation state. What cannot be read of it is named, so that nobody takes the rest for all of it. */
export function readPresentationState(instance: DicomJson): PresentationState {
  const vois = items(instance, Tag.SoftcopyVOILUTSequence)
  const areas = items(instance, Tag.DisplayedAreaSelectionSequence)
  const series = items(instance, Tag.ReferencedSeriesSequence)
  const rotation = firstNumber(instance, Tag.ImageRotation) ?? 0
  return {
    label: firstString(instance, Tag.ContentLabel) ?? '',
    description: firstString(instance, Tag.ContentDescription) ?? '',
    creator: firstPersonName(instance, Tag.ContentCreatorName),
    series: series.flatMap((one) => firstString(one, Tag.SeriesInstanceUID) ?? []),
    images: series.flatMap((one) => items(one, Tag.ReferencedImageSequence).map(sourceOf)),
    rotation: rotation === 90 || rotation === 180 || rotation === 270 ? rotation : 0,
    isFlipped: firstString(instance, Tag.ImageHorizontalFlip) === 'Y',
    isInverse: firstString(instance, Tag.PresentationLUTShape) === 'INVERSE',
    shutter: displayShutterOf(instance),
    annotations: items(instance, Tag.GraphicAnnotationSequence).map(annotationOf),
    unread: unreadOf(instance, vois),
    windowOf(image) {
      const voi = vois.find((each) => isFor(items(each, Tag.ReferencedImageSequence).map(sourceOf), image))
      return voi && storedWindow(voi)
    },
    areaOf(image) {
      const area = areas.find((each) => isFor(items(each, Tag.ReferencedImageSequence).map(sourceOf), image))
      return area && areaIn(area)
    },
  }
}

/** Whether what names these images is for this one; none named: for all. */
export const isFor = (images: readonly Source[], image: ImageName): boolean =>
  images.length === 0 || images.some((source) => isSource(source, image))

function annotationOf(annotation: DicomJson): Annotation {
  return {
    images: items(annotation, Tag.ReferencedImageSequence).map(sourceOf),
    graphics: items(annotation, Tag.GraphicObjectSequence).flatMap(graphicOf),
    texts: items(annotation, Tag.TextObjectSequence).flatMap(textOf),
  }
}

function graphicOf(graphic: DicomJson): GraphicAnnotation[] {
  const type = TYPES.find((each) => each === firstString(graphic, Tag.GraphicType))
  const flat = numbers(graphic, Tag.GraphicData)
  const points: AnnotationPoint[] = []
  for (let at = 0; at + 1 < flat.length; at += 2) points.push([flat[at] ?? 0, flat[at + 1] ?? 0])
  const least = type === 'POINT' ? 1 : type === 'ELLIPSE' ? 4 : 2
  if (type === undefined || points.length < least) return []
  const units = unitsOf(graphic, Tag.GraphicAnnotationUnits)
  return [{ type, units, points, isFilled: firstString(graphic, Tag.GraphicFilled) === 'Y' }]
}

/** A text stands at its anchor, or in its box. */
function textOf(object: DicomJson): TextAnnotation[] {
  const text = firstString(object, Tag.UnformattedTextValue)
  const anchor = numbers(object, Tag.AnchorPoint)
  const box = numbers(object, Tag.BoundingBoxTopLeftHandCorner)
  const [x, y] = box.length >= 2 ? box : anchor
  if (text === undefined || x === undefined || y === undefined) return []
  const tag = box.length >= 2 ? Tag.BoundingBoxAnnotationUnits : Tag.AnchorPointAnnotationUnits
  return [{ text, units: unitsOf(object, tag), at: [x, y] }]
}

const unitsOf = (object: DicomJson, tag: string): AnnotationUnits =>
  firstString(object, tag) === 'DISPLAY' ? 'display' : 'pixel'

function unreadOf(instance: DicomJson, vois: readonly DicomJson[]): UnreadPart[] {
  const parts: UnreadPart[] = []
  if (Object.keys(instance).some((tag) => /^60..3000$/.test(tag))) parts.push('overlay')
  if (items(instance, Tag.MaskSubtractionSequence).length > 0) parts.push('mask')
  if (items(instance, Tag.ModalityLUTSequence).length > 0) parts.push('modality-lut')
  if (items(instance, Tag.PresentationLUTSequence).length > 0) parts.push('presentation-lut')
  if (vois.some((voi) => items(voi, Tag.VOILUTSequence).length > 0)) parts.push('voi-lut')
  const areas = items(instance, Tag.DisplayedAreaSelectionSequence)
  // The area is shown as large as there is room for, and that is not what is asked for.
  if (areas.some((area) => firstString(area, Tag.PresentationSizeMode) !== 'SCALE TO FIT')) parts.push('area')
  return parts
}

/** PS3.3 C.10.4. */
function areaIn(area: DicomJson): DisplayedArea | undefined {
  const [left, top] = numbers(area, Tag.DisplayedAreaTopLeftHandCorner)
  const [right, bottom] = numbers(area, Tag.DisplayedAreaBottomRightHandCorner)
  return left === undefined || top === undefined || right === undefined || bottom === undefined
    ? undefined
    : { topLeft: [left, top], bottomRight: [right, bottom] }
}

/** A place in what is displayed, in parts of it, as it lies on the image before it was turned and flipped. */
export function fromDisplay(
  [u, v]: AnnotationPoint,
  { rotation, isFlipped }: Pick<PresentationState, 'rotation' | 'isFlipped'>,
): AnnotationPoint {
  const across = isFlipped ? 1 - u : u
  switch (rotation) {
    case 90:
      return [v, 1 - across]
    case 180:
      return [1 - across, 1 - v]
    case 270:
      return [1 - v, across]
    default:
      return [across, v]
  }
}
