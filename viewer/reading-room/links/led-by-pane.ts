import { firstString } from '../../../core/dicom/dicom-json.ts'
import { placeOf } from '../../../core/measurements/reference-line.ts'
import { dot3, minus3 } from '../../../core/measurements/space.ts'
import { layoutOf } from '../../../core/reading/reading-order.ts'
import { spacing } from '../../imaging/frames/frame-metadata.ts'
import { isColour, presentationOf, type StackImage } from '../../imaging/stack-image.ts'
import { placedImage } from '../mpr/placed-image.ts'
import { slicePlane, type SlicePlane } from '../linked-scroll.ts'
import type { PaneHandle } from '../pane-handle.ts'
import { seriesOf } from '../series-of.ts'
import type { Follower, LedImage, LedView } from './led-view.ts'
import { windowUnits } from './window-units.ts'
import type { z } from 'zod'

const MODALITY = '00080060'

/** Where a pane was when it was linked. */
export type LinkedAt = Follower['linkedAt'] & {
  /** Series Instance UID of what it showed. */
  readonly series: string
  readonly modality: string
  readonly plane: SlicePlane | undefined
  readonly computed: boolean
}

const planes = new WeakMap<readonly StackImage[], (SlicePlane | undefined)[]>()

/** Of a stack; worked out once. */
export function planesIn(images: readonly StackImage[]): readonly (SlicePlane | undefined)[] {
  const known = planes.get(images) ?? images.map(planeOf)
  planes.set(images, known)
  return known
}

const planeOf = (image: StackImage): SlicePlane | undefined =>
  image.computed?.of === 'projection' ? undefined : slicePlane(presentationOf(image))

/** Undefined while nothing is shown. */
export function linkedAt({ state, images, viewport }: PaneHandle): LinkedAt | undefined {
  const now = state.current
  if (now?.image === undefined) return undefined
  return {
    series: seriesOf(now.image),
    index: now.index,
    middle: viewport.current?.middle()?.at,
    modality: firstString(now.image.metadata, MODALITY) ?? '',
    plane: planesIn(images.current)[now.index],
    computed: now.image.computed !== undefined,
  }
}

/** What others follow of a pane; undefined while it shows nothing that is whole. */
export function ledBy({ state, images, viewport }: PaneHandle, at: LinkedAt): LedView | undefined {
  const now = state.current
  if (now?.image === undefined || now.status === 'failed') return undefined
  const zoom = zoomOf(now.image, viewport.current, at)
  const plane = planesIn(images.current)[now.index]
  return {
    modality: at.modality,
    ...(at.computed ? { computed: true } : {}),
    ...(plane === undefined
      ? {}
      : { plane: { ...plane, position: [...plane.position], normal: [...plane.normal] } }),
    steps: now.index - at.index,
    ...(plane === undefined || at.plane === undefined
      ? {}
      : { travel: dot3(minus3(plane.position, at.plane.position), at.plane.normal) }),
    ...(zoom === undefined ? {} : { zoom }),
    ...(isColour(now.image) ? {} : { look: lookOf(now.image, now.choice) }),
  }
}

function zoomOf(
  image: StackImage,
  viewport: PaneHandle['viewport']['current'],
  at: LinkedAt,
): LedView['zoom'] {
  const middle = viewport?.middle()
  const fitted = viewport?.fittedScale()
  const size = layoutOf(image.metadata)
  if (middle === undefined || fitted === undefined || size === undefined) return undefined
  const { row, column, known } = spacing(image)
  const placed = placedImage(image)
  const [x, y] = at.middle ?? middle.at
  const moved = [middle.at[0] - x, middle.at[1] - y] as const
  return {
    ...(known ? { perMillimetre: middle.scale / column, moved: [moved[0] * column, moved[1] * row] } : {}),
    ofFitted: middle.scale / fitted,
    ...(placed === undefined ? {} : { place: [...placeOf(placed, [middle.at[0], middle.at[1]])] }),
    movedShare: [moved[0] / size.columns, moved[1] / size.rows],
  }
}

function lookOf(
  image: StackImage,
  { window, turnedOver }: NonNullable<PaneHandle['state']['current']>['choice'],
): NonNullable<LedView['look']> {
  const { name, scale } = windowUnits(image)
  return {
    units: name,
    ...(window === undefined
      ? {}
      : { window: { center: window.center * scale, width: window.width * scale } }),
    turnedOver,
  }
}

/** A pane as one that follows; undefined while it cannot. */
export function followerOf({ state, images, viewport }: PaneHandle, at: LinkedAt): Follower | undefined {
  const image = state.current?.image
  const size = image && layoutOf(image.metadata)
  if (image === undefined || size === undefined) return undefined
  const { row, column, known } = spacing(image)
  return {
    modality: at.modality,
    planes: planesIn(images.current),
    linkedAt: at,
    columns: size.columns,
    rows: size.rows,
    spacing: known ? { row, column } : undefined,
    fittedScale: viewport.current?.fittedScale(),
    placed(index) {
      const shown = images.current[index]
      return shown && toLedImage(placedImage(shown))
    },
  }
}

type Placed = NonNullable<ReturnType<typeof placedImage>>

/** As it is told to other windows. */
export const toLedImage = (image: Placed | undefined): z.infer<typeof LedImage> | undefined =>
  image && {
    frameOfReference: image.frameOfReference,
    position: [...image.position],
    row: [...image.row],
    column: [...image.column],
    normal: [...image.normal],
    columns: image.columns,
    rows: image.rows,
    spacing: [...image.spacing],
  }
