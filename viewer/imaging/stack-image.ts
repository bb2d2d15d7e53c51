import { firstString, numbers, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { storedWindow, type VoiWindow } from '../../core/dicom/grayscale.ts'
import { pixelDescription } from '../../core/dicom/pixel-description.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { frameTimes, lengthOf } from '../../core/reading/frame-times.ts'
import { frameCountOf, inReadingOrder, layoutOf } from '../../core/reading/reading-order.ts'
import type { MeasuredFrame } from './frames/measure.ts'

/** One frame to show: where it is fetched, and what its instance says. */
export interface StackImage {
  /** Path of the frame, WADO-RS. */
  readonly url: string
  readonly metadata: DicomJson
  /** 1-based. */
  readonly frameNumber: number
  readonly numberOfFrames: number
  /** Computed here, not fetched. */
  readonly computed?: ComputedFrame
}

/** How a frame is had that no file holds. */
export interface ComputedFrame {
  /** A plane between slices, the highest values of a volume seen through and through, or a volume as it is painted. */
  readonly of: 'plane' | 'projection' | 'volume'
  /** Frames of the same are one stack, whatever they are computed with: another slab, or more of a volume. */
  readonly stack: string
  /** The transfer syntax in which the archive keeps what it is computed from. */
  storedAs(): string
  load(signal: AbortSignal): Promise<MeasuredFrame>
}

/** Path of a frame, WADO-RS. */
export const framePath = (
  studyInstanceUid: string,
  seriesInstanceUid: string,
  sopInstanceUid: string,
  frameNumber: number,
): string =>
  `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/${frameNumber}`

/** The frames of a series in reading order: by instance number, then by frame; instances without pixels are left out. */
export function stackOf(
  studyInstanceUid: string,
  seriesInstanceUid: string,
  instances: readonly DicomJson[],
): StackImage[] {
  return inReadingOrder(instances).flatMap((metadata) => {
    const uid = firstString(metadata, Tag.SOPInstanceUID) ?? ''
    const numberOfFrames = frameCountOf(metadata)
    return Array.from({ length: numberOfFrames }, (_, index) => ({
      url: framePath(studyInstanceUid, seriesInstanceUid, uid, index + 1),
      metadata,
      frameNumber: index + 1,
      numberOfFrames,
    }))
  })
}

/** Whether the image has colours of its own: a window means nothing to it. */
export function isColour(image: StackImage): boolean {
  return (
    (layoutOf(image.metadata)?.samplesPerPixel ?? 1) > 1 ||
    firstString(image.metadata, Tag.PhotometricInterpretation) === 'PALETTE COLOR'
  )
}

/** The windows the instance names, in its order. */
export function storedWindows(image: StackImage): { window: VoiWindow; name: string }[] {
  const presentation = presentationOf(image)
  const centers = numbers(presentation, Tag.WindowCenter)
  const widths = numbers(presentation, Tag.WindowWidth)
  const names = presentation['00281055']?.Value ?? []
  const first = storedWindow(presentation)
  return centers.flatMap((center, index) => {
    const width = widths[index]
    if (width === undefined || !(width > 0)) return []
    return [
      { window: { center, width, function: first?.function ?? 'LINEAR' }, name: String(names[index] ?? '') },
    ]
  })
}

/** The attributes that matter for showing this frame, functional groups merged in. */
export function presentationOf(image: StackImage): DicomJson {
  const layout = layoutOf(image.metadata)
  return layout === undefined
    ? image.metadata
    : pixelDescription(layout, image.metadata, image.frameNumber).presentation
}

/** Of an image pixel along a row, mm: in the patient, else at the detector; undefined where nothing says so. */
export function columnSpacing(image: StackImage): number | undefined {
  const presentation = presentationOf(image)
  const [, spacing] =
    [Tag.PixelSpacing, Tag.ImagerPixelSpacing]
      .map((tag) => numbers(presentation, tag))
      .find((values) => values.length >= 2) ?? []
  return spacing !== undefined && spacing > 0 ? spacing : undefined
}

/** Milliseconds a frame of a cine, on average, as the file wants it, or undefined when it is no cine. */
export function frameDuration(image: StackImage): number | undefined {
  const { numberOfFrames, metadata } = image
  return numberOfFrames < 2 ? undefined : lengthOf(frameTimes(metadata, numberOfFrames)) / numberOfFrames
}

/** Images of the same are one stack. */
export const stackName = (first: StackImage | undefined): string | undefined =>
  first?.computed?.stack ?? first?.url

/** The renderer keeps the area of the first image for all: one of another size begins the stack anew. */
export function isSameSize(a: StackImage | undefined, b: StackImage | undefined): boolean {
  const [one, other] = [a && layoutOf(a.metadata), b && layoutOf(b.metadata)]
  return one?.rows === other?.rows && one?.columns === other?.columns
}
