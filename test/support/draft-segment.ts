import { encodeRuns } from '../../core/measurements/segments/runs.ts'
import type { Segment } from '../../core/measurements/segments/segment.ts'

/** A segment as a reader outlines it. */
export const draftSegment = (given: Partial<Segment> = {}): Segment => ({
  trackingUid: '2.25.7',
  label: 'not saved yet',
  kind: 'nodule',
  colour: [230, 159, 0],
  hidden: false,
  assisted: false,
  studyInstanceUid: '1.2.3',
  seriesInstanceUid: '1.2.3.1',
  rows: 8,
  columns: 8,
  slices: [
    {
      sopInstanceUid: '1.2.3.1.1',
      frameNumber: 1,
      runs: encodeRuns(Uint8Array.from({ length: 64 }, (_, at) => (at % 8 === 3 ? 1 : 0))),
    },
  ],
  ...given,
})
