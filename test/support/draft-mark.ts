import type { DraftMark } from '../../core/contract/api.ts'

/** A length that somebody drew. */
export const draftMark = (more: Partial<DraftMark> = {}): DraftMark => ({
  trackingUid: '2.25.1',
  label: '',
  studyInstanceUid: '1.2.3',
  seriesInstanceUid: '1.2.3.4',
  sopInstanceUid: '1.2.3.4.5',
  frameNumber: 1,
  geometry: {
    kind: 'length',
    line: [
      [1, 2],
      [4, 6],
    ],
  },
  calibration: { kind: 'patient', spacing: [1, 1] },
  values: [{ quantity: 'length', value: 5, unit: 'mm' }],
  hidden: false,
  ...more,
})
