import { z } from 'zod'
import { imagePointOf } from '../../../core/measurements/reference-line.ts'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import { dot3, plus3, times3 } from '../../../core/measurements/space.ts'
import { nearestSlice, offsetSlice, type SlicePlane } from '../linked-scroll.ts'

const finite = z.number().refine(Number.isFinite)
const pair = z.tuple([finite, finite])
const vector = z.tuple([finite, finite, finite])
const frameOfReference = z.string().min(1).max(100)

/** A slice in space, as linked-scroll.ts has it. Millimetres. */
export const LedPlane = z.object({ frameOfReference, position: vector, normal: vector })

/** An image where it lies in the patient, as core/measurements/reference-line.ts has it. */
export const LedImage = LedPlane.extend({
  row: vector,
  column: vector,
  columns: z.number().int().positive(),
  rows: z.number().int().positive(),
  spacing: z.tuple([z.number().positive(), z.number().positive()]),
})

/** What a pane shows and how, as far as others may follow it, in this window or in another of the same reader. */
export const LedView = z.object({
  modality: z.string().max(16),
  /** Undefined: its file does not say where it lies. */
  plane: LedPlane.optional(),
  /** Computed of a volume, not received. */
  computed: z.boolean().optional(),
  /** Images gone through since the panes were linked. */
  steps: z.number().int(),
  /** How far along the normal it went since; undefined: its file does not say. Millimetres. */
  travel: finite.optional(),
  zoom: z
    .object({
      /** CSS pixels a millimetre, along a row; undefined: millimetres are not known. */
      perMillimetre: z.number().positive().optional(),
      /** Of the size that fits its pane. */
      ofFitted: z.number().positive(),
      /** What lies in the middle of the pane. Millimetres in the patient. */
      place: vector.optional(),
      /** How far the middle went since the panes were linked, along a row and a column: millimetres, and of the image. */
      moved: pair.optional(),
      movedShare: pair,
    })
    .optional(),
  look: z
    .object({
      /** Windows are compared only in the same. */
      units: z.string().max(80),
      /** In those units; undefined: each image as its file has it. */
      window: z.object({ center: finite, width: z.number().positive() }).optional(),
      turnedOver: z.boolean(),
    })
    .optional(),
})
export type LedView = z.infer<typeof LedView>

/** A pane that may follow. */
export interface Follower {
  readonly modality: string
  /** Of its images; undefined: no file says. */
  readonly planes: readonly (SlicePlane | undefined)[]
  /** When the panes were linked. */
  readonly linkedAt: { readonly index: number; readonly middle: Readonly<ImagePoint> | undefined }
  readonly columns: number
  readonly rows: number
  /** Of an image pixel; undefined: millimetres are not known. */
  readonly spacing: { readonly row: number; readonly column: number } | undefined
  /** CSS pixels an image pixel when all of the image is seen. */
  readonly fittedScale: number | undefined
  /** Where an image of the stack lies, with what it measures. */
  readonly placed: (index: number) => z.infer<typeof LedImage> | undefined
}

/** Cosine between normals of stacks that one reads together though they were angled apart: 26 degrees. */
const ALIKE = 0.9
/** As in linked-scroll.ts. */
const PARALLEL = 0.99

interface Kind {
  readonly modality: string
  readonly computed?: boolean | undefined
  readonly plane?: SlicePlane | undefined
}

/**
 * Whether two panes belong to one group: they show the same direction through the patient, and are of one modality or one
 * frame of reference, as fused studies are.
 */
export function goTogether(a: Kind, b: Kind): boolean {
  const isOneFrame = a.plane !== undefined && a.plane.frameOfReference === b.plane?.frameOfReference
  if (a.modality !== b.modality && !isOneFrame) return false
  return isAlike(a, b)
}

function isAlike({ plane: a }: Kind, { plane: b }: Kind): boolean {
  if (a === undefined || b === undefined) return a === b
  return Math.abs(dot3(a.normal, b.normal)) >= ALIKE
}

/**
 * Whether one of them, computed of a volume, shows another direction through the patient than the other: whatever is linked,
 * a step in one means nothing in the other.
 */
export const goApart = (a: Kind, b: Kind): boolean =>
  (a.computed === true || b.computed === true) && !isAlike(a, b)

/** The image to go to: by position where that can be compared, else as far from where both were, by millimetres or steps. */
export function followedIndex(
  led: LedView,
  { planes, linkedAt }: Pick<Follower, 'planes' | 'linkedAt'>,
): { readonly index: number; readonly by: 'position' | 'offset' } {
  const nearest = nearestSlice(led.plane, planes)
  if (nearest !== undefined) return { index: nearest, by: 'position' }
  const travelled = afterTravel(led, planes, linkedAt.index)
  if (travelled !== undefined) return { index: travelled, by: 'offset' }
  const index = offsetSlice(
    { index: led.steps, linkedAt: 0 },
    { linkedAt: linkedAt.index, count: planes.length },
  )
  return { index, by: 'offset' }
}

/** As far through the patient in another frame of reference: slices of two scans are seldom equally far apart. */
function afterTravel(
  { plane, travel }: LedView,
  planes: Follower['planes'],
  from: number,
): number | undefined {
  const start = planes[from]
  if (plane === undefined || travel === undefined || start === undefined) return undefined
  const cosine = dot3(start.normal, plane.normal)
  if (Math.abs(cosine) < ALIKE) return undefined
  const goal = plus3(start.position, times3(start.normal, Math.sign(cosine) * travel))
  return nearestSlice({ ...start, position: goal }, planes)
}

/** A millimetre as long as in the pane that leads, where both know millimetres; else as large a part of what fits. */
export function followedScale(
  zoom: NonNullable<LedView['zoom']>,
  { spacing, fittedScale }: Pick<Follower, 'spacing' | 'fittedScale'>,
): number | undefined {
  if (zoom.perMillimetre !== undefined && spacing !== undefined) return zoom.perMillimetre * spacing.column
  return fittedScale === undefined ? undefined : zoom.ofFitted * fittedScale
}

/** What is in the middle: the same place in the patient where that can be compared, else as far from where both were. */
export function followedMiddle(
  led: LedView,
  { linkedAt, columns, rows, spacing, placed }: Omit<Follower, 'planes' | 'fittedScale' | 'modality'>,
  index: number,
): Readonly<ImagePoint> | undefined {
  const { zoom, plane } = led
  if (zoom === undefined) return undefined
  const own = placed(index)
  if (
    zoom.place !== undefined &&
    plane !== undefined &&
    own?.frameOfReference === plane.frameOfReference &&
    Math.abs(dot3(own.normal, plane.normal)) >= PARALLEL
  )
    return imagePointOf(own, zoom.place)
  if (linkedAt.middle === undefined) return undefined
  const [x, y] = linkedAt.middle
  if (zoom.moved !== undefined && spacing !== undefined)
    return [x + zoom.moved[0] / spacing.column, y + zoom.moved[1] / spacing.row]
  return [x + zoom.movedShare[0] * columns, y + zoom.movedShare[1] * rows]
}
