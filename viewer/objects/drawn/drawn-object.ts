import { layoutOf } from '../../../core/reading/reading-order.ts'
import type { Rgb } from '../../../core/dicom/drawn/colour.ts'
import type { DisplayedArea, UnreadPart } from '../../../core/dicom/drawn/presentation-state.ts'
import { firstString, type DicomJson, type DicomJsonPersonName } from '../../../core/dicom/dicom-json.ts'
import type { VoiWindow } from '../../../core/dicom/grayscale.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import type { DrawnOn } from '../../../core/measurements/drawn-over.ts'
import { framePlanesOf, type FramePlane } from '../../../core/measurements/frame-planes.ts'
import { spacing } from '../../imaging/frames/frame-metadata.ts'
import type { Drawing } from '../../imaging/overlays/drawing-layer.ts'
import type { StackImage } from '../../imaging/stack-image.ts'

/** A segment or a structure in the list. */
export interface DrawnPart {
  /** Unique among all that a pane draws. */
  readonly key: string
  readonly number: number
  readonly name: string
  readonly colour: Rgb
}

/** How somebody looked at images. */
export interface DrawnLook {
  /** Degrees clockwise, before it is flipped. */
  readonly rotation: number
  readonly isFlipped: boolean
  /** Undefined: the image's own. */
  readonly window: VoiWindow | undefined
  /** Undefined: all of the image. */
  areaOf(image: StackImage): DisplayedArea | undefined
  /** Whether black and white of the image as filed are to change places. */
  turnsOver(image: StackImage): boolean
}

/** A segmentation, a structure set or a presentation state, to be drawn over images. */
export interface DrawnObject {
  readonly kind: 'segmentation' | 'structures' | 'presentation'
  readonly parts: readonly DrawnPart[]
  /** Series Instance UIDs of what it was drawn on. */
  readonly series: readonly string[]
  /** Who made it; said of presentation states. */
  readonly by?: DicomJsonPersonName | undefined
  /** What is in the file, and is not shown. */
  readonly unread?: readonly UnreadPart[]
  readonly look?: DrawnLook
  /** What of it lies on an image. @param opacity 0 to 1 */
  drawingsOn(
    image: StackImage,
    isShown: (key: string) => boolean,
    opacity: number,
    signal: AbortSignal,
  ): Promise<Drawing[]>
}

const planes = new WeakMap<DicomJson, (FramePlane | undefined)[]>()

/** The planes of an instance's frames, worked out once. */
export function planesOf(metadata: DicomJson): (FramePlane | undefined)[] {
  const known = planes.get(metadata) ?? framePlanesOf(metadata)
  planes.set(metadata, known)
  return known
}

/** A frame of a stack as what was drawn over it is found for it. */
export function drawnOn(image: StackImage): DrawnOn {
  const { rows = 1, columns = 1 } = layoutOf(image.metadata) ?? {}
  const { row, column, known } = spacing(image)
  return {
    sopInstanceUid: firstString(image.metadata, Tag.SOPInstanceUID) ?? '',
    frameNumber: image.frameNumber,
    plane: planesOf(image.metadata)[image.frameNumber - 1],
    spacing: known ? [column, row] : undefined,
    rows,
    columns,
  }
}
