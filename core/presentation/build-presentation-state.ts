import { firstNumber, items, numbers, type DicomJson, type DicomJsonElement } from '../dicom/dicom-json.ts'
import { isInverted, storedWindow, type VoiWindow } from '../dicom/grayscale.ts'
import type { PixelDescription } from '../dicom/pixel-description.ts'
import { Tag } from '../dicom/tag.ts'
import { one, sequence } from '../measurements/report/content-item.ts'
import { madeAt, madeHead, personName, type MadeInput } from '../measurements/report/document-head.ts'
import type { Calibration, MeasuredGeometry, ImagePoint } from '../measurements/shapes.ts'
import { markGraphics, textPlace } from './graphic-objects.ts'

export const GRAYSCALE_PRESENTATION_STATE = '1.2.840.10008.5.1.4.1.1.11.1'

/** An image that a presentation state is for. */
export interface PresentedImage {
  readonly sopInstanceUid: string
  readonly sopClassUid: string
  /** How its first frame is shown. */
  readonly pixels: PixelDescription
}

/** What somebody drew on a frame, and the lines of text beside it. */
export interface PresentedMark {
  readonly sopInstanceUid: string
  readonly frameNumber: number
  readonly geometry: MeasuredGeometry
  readonly calibration: Calibration
  readonly lines: readonly string[]
}

/** How a person looks at the images of a series. */
export interface PresentedLook {
  /** Undefined: each image by its own, and by `automatic` where it names none. */
  readonly window: VoiWindow | undefined
  readonly automatic: VoiWindow | undefined
  /** Black and white turned over, against what the image says. */
  readonly turnedOver: boolean
  /** Degrees to the right, before it is flipped (PS3.3 C.10.6). */
  readonly rotation: 0 | 90 | 180 | 270
  readonly isFlipped: boolean
  /**
   * The pixels [column, row], counted from 1, that are shown at the top left and at the bottom right, turned and flipped
   * (PS3.3 C.10.4).
   */
  readonly area: { readonly topLeft: ImagePoint; readonly bottomRight: ImagePoint }
}

export interface PresentationInput extends MadeInput {
  readonly seriesOfImages: string
  /** What it is called. */
  readonly name: string
  /** At least one; all grey, of one size, with the same modality transformation and polarity. */
  readonly images: readonly PresentedImage[]
  readonly look: PresentedLook
  readonly marks: readonly PresentedMark[]
}

const LAYER = 'MARKS'
/** Lines of one text (PS3.3 C.10.5). */
const NEXT_LINE = '\r\n'

/**
 * A Grayscale Softcopy Presentation State (PS3.3 A.33.1): window, polarity, orientation and displayed area of a series, and
 * what was drawn on its images. The modality transformation is copied, since a state without one means that there is none.
 */
export function buildPresentationState(input: PresentationInput): DicomJson {
  const { images, look, marks, name } = input
  const [date, time] = madeAt(input)
  const [first] = images
  if (first === undefined) throw new RangeError('a presentation state is for at least one image')
  const inverse = isInverted(first.pixels) !== look.turnedOver
  return {
    ...madeHead(input, {
      sopClassUid: GRAYSCALE_PRESENTATION_STATE,
      modality: 'PR',
      description: name,
    }),
    // Must be there, if empty (type 2C).
    [Tag.Laterality]: input.instance[Tag.Laterality] ?? { vr: 'CS' },
    [Tag.ContentLabel]: one('CS', 'VIEW'),
    [Tag.ContentDescription]: one('LO', name),
    [Tag.PresentationCreationDate]: one('DA', date),
    [Tag.PresentationCreationTime]: one('TM', time),
    [Tag.ContentCreatorName]: { vr: 'PN', Value: [personName(input.observer)] },
    [Tag.ReferencedSeriesSequence]: sequence([
      {
        [Tag.SeriesInstanceUID]: one('UI', input.seriesOfImages),
        [Tag.ReferencedImageSequence]: sequence(images.map((image) => reference(image))),
      },
    ]),
    ...modality(first.pixels.presentation),
    [Tag.SoftcopyVOILUTSequence]: sequence(windows(images, look)),
    [Tag.PresentationLUTShape]: one('CS', inverse ? 'INVERSE' : 'IDENTITY'),
    ...(look.rotation === 0 && !look.isFlipped
      ? {}
      : {
          [Tag.ImageRotation]: one('US', look.rotation),
          [Tag.ImageHorizontalFlip]: one('CS', look.isFlipped ? 'Y' : 'N'),
        }),
    [Tag.DisplayedAreaSelectionSequence]: sequence([displayedArea(first.pixels.presentation, look)]),
    ...drawn(marks, images),
  }
}

const reference = (
  { sopClassUid, sopInstanceUid }: PresentedImage,
  frameNumber?: number,
): Record<string, DicomJsonElement> => ({
  [Tag.ReferencedSOPClassUID]: one('UI', sopClassUid),
  [Tag.ReferencedSOPInstanceUID]: one('UI', sopInstanceUid),
  ...(frameNumber === undefined ? {} : { [Tag.ReferencedFrameNumber]: one('IS', frameNumber) }),
})

/** From stored values to what they measure, as the images have it (PS3.3 C.11.1). */
function modality(presentation: DicomJson): DicomJson {
  const lut = presentation[Tag.ModalityLUTSequence]
  if (items(presentation, Tag.ModalityLUTSequence).length > 0 && lut !== undefined) {
    return { [Tag.ModalityLUTSequence]: lut }
  }
  const [slope, intercept] = [Tag.RescaleSlope, Tag.RescaleIntercept].map((tag) =>
    firstNumber(presentation, tag),
  )
  if (slope === undefined || intercept === undefined) return {}
  return {
    [Tag.RescaleIntercept]: one('DS', intercept),
    [Tag.RescaleSlope]: one('DS', slope),
    [Tag.RescaleType]: presentation[Tag.RescaleType] ?? one('LO', 'US'),
  }
}

/** One item for all images, or one for those that are shown alike (PS3.3 C.11.8). */
function windows(images: readonly PresentedImage[], look: PresentedLook): DicomJson[] {
  const groups = new Map<string, { readonly voi: DicomJson; readonly images: PresentedImage[] }>()
  for (const image of images) {
    const voi = voiOf(image, look)
    if (voi === undefined) continue
    const key = JSON.stringify(voi)
    const group = groups.get(key) ?? { voi, images: [] }
    group.images.push(image)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ voi, images: alike }) =>
    alike.length === images.length
      ? voi
      : { ...voi, [Tag.ReferencedImageSequence]: sequence(alike.map((image) => reference(image))) },
  )
}

function voiOf({ pixels }: PresentedImage, look: PresentedLook): DicomJson | undefined {
  const window = look.window ?? storedWindow(pixels.presentation)
  const [table] = items(pixels.presentation, Tag.VOILUTSequence)
  if (window === undefined && table !== undefined) return { [Tag.VOILUTSequence]: sequence([table]) }
  const shown = window ?? look.automatic
  return (
    shown && {
      [Tag.WindowCenter]: one('DS', decimal(shown.center)),
      [Tag.WindowWidth]: one('DS', decimal(shown.width)),
      [Tag.VOILUTFunction]: one('CS', shown.function),
    }
  )
}

/** Sixteen characters are what a decimal string has room for (PS3.5 6.2). */
const decimal = (value: number): number => Number(value.toPrecision(9))

function displayedArea(presentation: DicomJson, { area }: PresentedLook): DicomJson {
  const spacing = numbers(presentation, Tag.PixelSpacing)
  const aspect = numbers(presentation, Tag.PixelAspectRatio)
  return {
    [Tag.DisplayedAreaTopLeftHandCorner]: { vr: 'SL', Value: [...area.topLeft] },
    [Tag.DisplayedAreaBottomRightHandCorner]: { vr: 'SL', Value: [...area.bottomRight] },
    [Tag.PresentationSizeMode]: one('CS', 'SCALE TO FIT'),
    ...(spacing.length === 2
      ? { [Tag.PresentationPixelSpacing]: { vr: 'DS', Value: spacing } }
      : { [Tag.PresentationPixelAspectRatio]: { vr: 'IS', Value: aspect.length === 2 ? aspect : [1, 1] } }),
  }
}

function drawn(marks: readonly PresentedMark[], images: readonly PresentedImage[]): DicomJson {
  const annotations = marks.flatMap((mark) => {
    const image = images.find(({ sopInstanceUid }) => sopInstanceUid === mark.sopInstanceUid)
    return image === undefined ? [] : [annotation(mark, image)]
  })
  if (annotations.length === 0) return {}
  return {
    [Tag.GraphicAnnotationSequence]: sequence(annotations),
    [Tag.GraphicLayerSequence]: sequence([
      {
        [Tag.GraphicLayer]: one('CS', LAYER),
        [Tag.GraphicLayerOrder]: one('IS', 1),
        [Tag.GraphicLayerRecommendedDisplayGrayscaleValue]: one('US', 0xffff),
      },
    ]),
  }
}

function annotation(
  { frameNumber, geometry, calibration, lines }: PresentedMark,
  image: PresentedImage,
): DicomJson {
  const isOneOfMany = image.pixels.numberOfFrames > 1
  return {
    [Tag.ReferencedImageSequence]: sequence([reference(image, isOneOfMany ? frameNumber : undefined)]),
    [Tag.GraphicLayer]: one('CS', LAYER),
    ...(lines.length === 0
      ? {}
      : {
          [Tag.TextObjectSequence]: sequence([
            {
              [Tag.AnchorPointAnnotationUnits]: one('CS', 'PIXEL'),
              [Tag.UnformattedTextValue]: one('ST', lines.join(NEXT_LINE)),
              [Tag.AnchorPoint]: { vr: 'FL', Value: [...textPlace(geometry, calibration)] },
              [Tag.AnchorPointVisibility]: one('CS', 'N'),
            },
          ]),
        }),
    [Tag.GraphicObjectSequence]: sequence(
      markGraphics(geometry, calibration).map(({ type, points }) => ({
        [Tag.GraphicAnnotationUnits]: one('CS', 'PIXEL'),
        [Tag.GraphicDimensions]: one('US', 2),
        [Tag.NumberOfGraphicPoints]: one('US', points.length),
        [Tag.GraphicData]: { vr: 'FL', Value: points.flat() },
        [Tag.GraphicType]: one('CS', type),
        ...(type === 'CIRCLE' || type === 'ELLIPSE' || isClosed(points)
          ? { [Tag.GraphicFilled]: one('CS', 'N') }
          : {}),
      })),
    ),
  }
}

function isClosed(points: readonly ImagePoint[]): boolean {
  const [first, last] = [points[0], points.at(-1)]
  return points.length > 2 && first !== undefined && first[0] === last?.[0] && first[1] === last[1]
}
