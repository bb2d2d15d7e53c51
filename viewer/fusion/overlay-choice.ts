import type { StudyOpening, StudySeries } from '../../core/contract/api.ts'
import { firstString, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { doseGridOf, RT_DOSE } from '../../core/measurements/dose-grid.ts'
import type { PlacedImage } from '../../core/measurements/reference-line.ts'
import { hasWord } from '../../core/reading/hanging-protocol.ts'
import { stackOf, type StackImage } from '../imaging/stack-image.ts'
import { gridOfStack, type VolumeRefusal } from '../imaging/volume/open-volume.ts'

/** A series with the study it is of. */
export interface Shelved {
  readonly opening: StudyOpening
  readonly series: StudySeries
}

/** Why one series cannot be laid over another. */
export type FusionRefusal = VolumeRefusal | 'no-place' | 'no-frame' | 'other-frame' | 'no-scaling'

/** What is laid over others of itself: the best to read first. */
const OVERLAID = ['PT', 'NM', 'RTDOSE']
/** What can be, where somebody wants it. */
const OTHERS = ['MR', 'CT']
/** Images that were not corrected for what the body absorbs are for looking up, not for reading. */
const UNCORRECTED = ['nac', 'uncorrected', 'non-corrected', 'no ac', 'noac']

export const isDose = ({ modality }: StudySeries): boolean => modality === 'RTDOSE'

/** Whether a series is what one lays over anatomy. */
export const isOverlaid = ({ modality }: StudySeries): boolean => OVERLAID.includes(modality)

/** Whether a series is what others are laid over. */
export const isBase = ({ modality }: StudySeries): boolean => OTHERS.includes(modality)

/**
 * The series that may be laid over another, the best first: emission before dose before anatomy, of its own study before
 * priors, corrected before uncorrected, large before small.
 */
export function overlaysFor(base: Shelved, shelf: Iterable<Shelved>): Shelved[] {
  const order = [...OVERLAID, ...OTHERS]
  const rank = ({ opening, series }: Shelved): readonly number[] => [
    order.indexOf(series.modality),
    opening.study.studyInstanceUid === base.opening.study.studyInstanceUid ? 0 : 1,
    hasWord(UNCORRECTED, [series.seriesDescription]) ? 1 : 0,
    -series.frameCount,
  ]
  return byRank(
    [...shelf].filter(
      ({ series }) =>
        series.seriesInstanceUid !== base.series.seriesInstanceUid &&
        series.frameCount > 1 &&
        order.includes(series.modality),
    ),
    rank,
  )
}

/** The series of the same study that an overlay may lie on, the best first: CT before MR, large before small. */
export function basesFor(overlay: Shelved, shelf: Iterable<Shelved>): Shelved[] {
  const own = [...shelf].filter(
    ({ opening, series }) =>
      opening.study.studyInstanceUid === overlay.opening.study.studyInstanceUid &&
      series.frameCount > 0 &&
      isBase(series),
  )
  return byRank(own, ({ series }) => [series.modality === 'CT' ? 0 : 1, -series.frameCount])
}

function byRank(all: Shelved[], rank: (each: Shelved) => readonly number[]): Shelved[] {
  return all
    .map((each) => ({ each, rank: rank(each) }))
    .sort((a, b) => {
      const at = a.rank.findIndex((value, index) => value !== b.rank[index])
      return at < 0 ? 0 : (a.rank[at] ?? 0) - (b.rank[at] ?? 0)
    })
    .map(({ each }) => each)
}

/** The series of an overlay, and of a series of several dose grids which. */
export function partsOf(overlay: string): { readonly series: string; readonly instance: string | undefined } {
  const [series = '', instance] = overlay.split('/')
  return { series, instance }
}

/** A series is laid over as a whole, but a dose grid is one instance. */
export function overlayOf({ seriesInstanceUid }: StudySeries, instances: readonly DicomJson[]): string {
  const grids = doseGridsIn(instances)
  const [first] = grids
  return grids.length < 2 ? seriesInstanceUid : `${seriesInstanceUid}/${(first && uidOf(first)) ?? ''}`
}

export const doseGridsIn = (instances: readonly DicomJson[]): DicomJson[] =>
  instances.filter((instance) => firstString(instance, Tag.SOPClassUID) === RT_DOSE)

export const uidOf = (instance: DicomJson): string => firstString(instance, Tag.SOPInstanceUID) ?? ''

/** The images of an overlay, in the order of its series. */
export function imagesOf(
  { opening, series }: Shelved,
  overlay: string,
  instances: readonly DicomJson[],
): StackImage[] {
  const { instance } = partsOf(overlay)
  const [grid] = doseGridsIn(instances)
  // Named or not: of several grids it is one.
  const only = instance ?? (grid && uidOf(grid))
  const own = only === undefined ? instances : instances.filter((each) => uidOf(each) === only)
  return stackOf(opening.study.studyInstanceUid, series.seriesInstanceUid, own)
}

/** Why the images cannot be laid over one that lies so; undefined: they can. */
export function refusalOver(
  images: readonly StackImage[],
  base: PlacedImage | undefined,
): FusionRefusal | undefined {
  const [first] = images
  if (base === undefined || base.frameOfReference === '') return 'no-place'
  if (first === undefined) return 'too-few'
  const frame = firstString(first.metadata, Tag.FrameOfReferenceUID) ?? ''
  if (frame === '') return 'no-frame'
  if (frame !== base.frameOfReference) return 'other-frame'
  const isDose = firstString(first.metadata, Tag.SOPClassUID) === RT_DOSE
  if (isDose && doseGridOf(first.metadata) === undefined) return 'no-scaling'
  const grid = gridOfStack(images)
  return typeof grid === 'string' ? grid : undefined
}
