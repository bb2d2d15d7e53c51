import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { fromDisplay, isFor, readPresentationState } from '../../../../core/dicom/drawn/presentation-state.ts'
import { datasetToJson } from '../../../../core/dicom/parse-dataset.ts'
import { describeWith } from '../../../support/require.ts'
import { SHARED_DICOM, sharedDicom } from '../../../support/shared-dicom.ts'

const read = (name: string): DicomJson =>
  datasetToJson(readFileSync(join(sharedDicom() ?? '', 'objects/pr', name)), { bulkDataUri: (at) => at })

describeWith(SHARED_DICOM, 'presentation states', () => {
  it('are a window, and what was drawn', () => {
    const state = readPresentationState(read('made-gsps-lung-window-arrow.dcm'))
    expect(state).toMatchObject({
      label: 'LUNG',
      creator: { Alphabetic: 'Synthetic^Reader' },
      rotation: 0,
      isFlipped: false,
      isInverse: false,
      unread: [],
    })
    const image = { sopInstanceUid: state.images[0]?.sopInstanceUid ?? '', frameNumber: 1 }
    expect(state.windowOf(image)).toMatchObject({ center: -600, width: 1500 })
    expect(state.windowOf({ sopInstanceUid: '1.2', frameNumber: 1 })).toBeUndefined()
    const [annotation] = state.annotations
    expect(annotation?.graphics.map(({ type, points }) => [type, points.length])).toEqual([
      ['POLYLINE', 2],
      ['CIRCLE', 2],
    ])
    expect(annotation?.texts).toEqual([{ text: 'Nodule?', units: 'pixel', at: [150, 200] }])
    expect(isFor(annotation?.images ?? [], image)).toBe(true)
  })

  it('say what of them is not read', () => {
    expect(readPresentationState(read('prOverlay.dcm')).unread).toContain('overlay')
    expect(readPresentationState(read('prLUTs.dcm')).unread.length).toBeGreaterThan(0)
  })
})

describe('places in what is displayed', () => {
  it('are turned back and flipped back', () => {
    const corner = [0.1, 0.2] as const
    expect(fromDisplay(corner, { rotation: 0, isFlipped: true })).toEqual([0.9, 0.2])
    expect(fromDisplay(corner, { rotation: 90, isFlipped: false })).toEqual([0.2, 0.9])
    expect(fromDisplay(corner, { rotation: 180, isFlipped: false })).toEqual([0.9, 0.8])
    expect(fromDisplay(corner, { rotation: 270, isFlipped: false })).toEqual([0.8, 0.1])
  })
})
