import { describe, expect, it } from 'vitest'
import {
  followedIndex,
  followedMiddle,
  followedScale,
  goApart,
  goTogether,
  LedView,
  type Follower,
} from '../../../../viewer/reading-room/links/led-view.ts'

const AXIAL = { row: [1, 0, 0], column: [0, 1, 0], normal: [0, 0, 1] } as const

const planeAt = (z: number, frameOfReference = '1.2') => ({
  frameOfReference,
  position: [0, 0, z] as [number, number, number],
  normal: [0, 0, 1] as [number, number, number],
})

/** A stack of 5 mm slices with pixels of 0.5 × 0.8 mm, whose corner is 10 mm to the left and 20 mm to the back. */
function follower(frameOfReference = '1.2'): Follower {
  return {
    modality: 'CT',
    planes: [0, 5, 10, 15].map((z) => planeAt(z, frameOfReference)),
    linkedAt: { index: 2, middle: [100, 60] },
    columns: 200,
    rows: 120,
    spacing: { column: 0.5, row: 0.8 },
    fittedScale: 3,
    placed: (index) => ({
      ...planeAt(index * 5, frameOfReference),
      position: [10, 20, index * 5],
      row: [...AXIAL.row],
      column: [...AXIAL.column],
      columns: 200,
      rows: 120,
      spacing: [0.5, 0.8],
    }),
  }
}

const led = (part: Partial<LedView> = {}): LedView => ({
  modality: 'CT',
  plane: planeAt(9),
  steps: -1,
  zoom: { perMillimetre: 4, ofFitted: 2, place: [60, 60, 9], moved: [10, -8], movedShare: [0.1, -0.25] },
  ...part,
})

describe('a view that others follow', () => {
  it('is followed to the nearest slice in its frame of reference, else by as many steps', () => {
    expect(followedIndex(led(), follower())).toEqual({ index: 2, by: 'position' })
    expect(followedIndex(led(), follower('9.9'))).toEqual({ index: 1, by: 'offset' })
    expect(followedIndex(led({ steps: 40 }), follower('9.9'))).toEqual({ index: 3, by: 'offset' })
  })

  it('is followed by as many millimetres where slices are not equally far apart, towards the same end', () => {
    const other = follower('9.9')
    expect(followedIndex(led({ steps: 5, travel: 5 }), other)).toEqual({ index: 3, by: 'offset' })
    expect(followedIndex(led({ steps: 9, travel: -9 }), other)).toEqual({ index: 0, by: 'offset' })
    expect(followedIndex(led({ steps: 2, travel: 2 }), other)).toEqual({ index: 2, by: 'offset' })
    const turned = {
      ...other,
      planes: other.planes.map((each) => each && { ...each, normal: [0, 0, -1] as const }),
    }
    expect(followedIndex(led({ steps: 5, travel: 5 }), turned)).toEqual({ index: 3, by: 'offset' })
  })

  it('goes apart from what is computed in another direction, and from what is seen through and through', () => {
    const [axial, through] = [
      { modality: 'CT', plane: planeAt(0) },
      { modality: 'PT', computed: true },
    ]
    const coronal = { modality: 'PT', plane: { ...planeAt(0), normal: [0, 1, 0] as const }, computed: true }
    expect(goApart(axial, through)).toBe(true)
    expect(goApart(coronal, axial)).toBe(true)
    expect(goApart(axial, { ...axial, computed: true })).toBe(false)
    expect(goApart(through, through)).toBe(false)
    // What was received goes with all others where somebody asks for it.
    expect(goApart(axial, { ...coronal, computed: false })).toBe(false)
  })

  it('has a millimetre as long in the other pane, where both know millimetres', () => {
    const { zoom } = led()
    if (zoom === undefined) throw new Error('no zoom')
    expect(followedScale(zoom, follower())).toBe(2)
    expect(followedScale(zoom, { ...follower(), spacing: undefined })).toBe(6)
    expect(followedScale({ ofFitted: 2, movedShare: [0, 0] }, follower())).toBe(6)
  })

  it('has the same place of the patient in the middle', () => {
    // (60 − 10) mm / 0.5 and (60 − 20) mm / 0.8, from the corner of the first pixel.
    expect(followedMiddle(led(), follower(), 2)).toEqual([100.5, 50.5])
  })

  it('moves as far from where both were, in millimetres or of the image, in another frame of reference', () => {
    expect(followedMiddle(led(), follower('9.9'), 2)).toEqual([120, 50])
    expect(followedMiddle(led(), { ...follower('9.9'), spacing: undefined }, 2)).toEqual([120, 30])
  })

  it('does not compare places in planes that are turned against each other', () => {
    const turned = led({ plane: { ...planeAt(9), normal: [0, 0.6, 0.8] } })
    expect(followedMiddle(turned, follower(), 2)).toEqual([120, 50])
  })

  it('is read back as it was told, and nothing else is', () => {
    expect(LedView.parse(structuredClone(led()))).toEqual(led())
    for (const wrong of [
      { ...led(), steps: 0.5 },
      { ...led(), plane: { ...planeAt(1), position: [0, 0, Infinity] } },
      { ...led(), zoom: { ofFitted: -1, movedShare: [0, 0] } },
      { modality: 'CT' },
    ])
      expect(LedView.safeParse(wrong).success).toBe(false)
  })
})

describe('groups of panes', () => {
  const tilted = { frameOfReference: '1.2', position: [0, 0, 0], normal: [0, 0.34, 0.94] } as const
  const coronal = { frameOfReference: '1.2', position: [0, 0, 0], normal: [0, 1, 0] } as const

  it('have one modality and one direction, gantry tilt allowed for', () => {
    expect(
      goTogether({ modality: 'CT', plane: planeAt(0) }, { modality: 'CT', plane: planeAt(9, '7') }),
    ).toBe(true)
    expect(goTogether({ modality: 'CT', plane: planeAt(0) }, { modality: 'CT', plane: tilted })).toBe(true)
    expect(goTogether({ modality: 'CT', plane: planeAt(0) }, { modality: 'CT', plane: coronal })).toBe(false)
    expect(goTogether({ modality: 'CT', plane: planeAt(0) }, { modality: 'CT' })).toBe(false)
    expect(goTogether({ modality: 'CR' }, { modality: 'CR' })).toBe(true)
  })

  it('have another modality only in one frame of reference', () => {
    expect(goTogether({ modality: 'CT', plane: planeAt(0) }, { modality: 'PT', plane: planeAt(3) })).toBe(
      true,
    )
    expect(
      goTogether({ modality: 'CT', plane: planeAt(0) }, { modality: 'MR', plane: planeAt(3, '7') }),
    ).toBe(false)
    expect(goTogether({ modality: 'CR' }, { modality: 'DX' })).toBe(false)
  })
})
