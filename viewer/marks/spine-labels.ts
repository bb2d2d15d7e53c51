import type { SpineLabel } from '../../core/measurements/spine-labels.ts'
import type { Mark } from './mark.ts'

/** The marks that name vertebrae, in the order in which they were set. */
export const spineLabels = (marks: readonly Mark[]): SpineLabel[] =>
  marks.flatMap(({ geometry, trackingUid, seriesInstanceUid }) =>
    geometry.kind === 'vertebra' ? [{ trackingUid, seriesInstanceUid, geometry }] : [],
  )
