import type { StudyOpening, StudySeries } from '../../../core/contract/api.ts'
import { readPresentationState } from '../../../core/dicom/drawn/presentation-state.ts'
import { readSegmentation, type Source } from '../../../core/dicom/drawn/segmentation.ts'
import { readStructureSet } from '../../../core/dicom/drawn/structure-set.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { objectKind } from '../object-kind.ts'

/** Series that are drawn over the images of others. */
const MODALITIES: ReadonlySet<string> = new Set(['SEG', 'RTSTRUCT', 'PR'])

export const isDrawnOver = ({ modality }: StudySeries): boolean => MODALITIES.has(modality)

/** What an object was drawn on: its series, and images in the order of what is drawn. */
function drawnOf(instance: DicomJson): { series: readonly string[]; sources: readonly Source[] } | undefined {
  switch (objectKind(instance)) {
    case 'segmentation': {
      const { series, frames } = readSegmentation(instance)
      return { series, sources: frames.flatMap((frame) => frame.sources.slice(0, 1)) }
    }
    case 'structures': {
      const { series, structures } = readStructureSet(instance)
      const contours = structures.flatMap((structure) => structure.contours)
      return { series, sources: contours.flatMap((contour) => contour.sources.slice(0, 1)) }
    }
    case 'presentation': {
      const { series, images } = readPresentationState(instance)
      return { series, sources: images }
    }
    default:
      return undefined
  }
}

/** The series of the study that an object was drawn on; undefined: not here. */
export function baseSeriesOf(
  [instance]: readonly DicomJson[],
  opening: StudyOpening,
): StudySeries | undefined {
  const drawn = instance && drawnOf(instance)
  return opening.series.find(
    (each) => drawn?.series.includes(each.seriesInstanceUid) && each.frameCount > 0 && !isDrawnOver(each),
  )
}

/** SOP Instance UID of an image in the middle of what is drawn; empty: it names none. */
export function drawnFirst([instance]: readonly DicomJson[]): string {
  const sources = (instance && drawnOf(instance))?.sources ?? []
  return sources[Math.floor(sources.length / 2)]?.sopInstanceUid ?? ''
}
