import { describe, expect, it } from 'vitest'
import {
  nearestSlice,
  offsetSlice,
  slicePlane,
  type SlicePlane,
} from '../../../viewer/reading-room/linked-scroll.ts'

const AXIAL = [1, 0, 0, 0, 1, 0]

function planeAt(z: number, frameOfReference = '1.2', orientation = AXIAL): SlicePlane {
  const plane = slicePlane({
    '00200052': { vr: 'UI', Value: [frameOfReference] },
    '00200032': { vr: 'DS', Value: [-100, -100, z] },
    '00200037': { vr: 'DS', Value: orientation },
  })
  if (plane === undefined) throw new Error('no plane')
  return plane
}

describe('stacks that scroll together', () => {
  it('finds the slice at the same place, whatever the spacing and the direction of the stack', () => {
    const thick = [0, 5, 10, 15, 20].map((z) => planeAt(z))
    expect(nearestSlice(planeAt(11.2), thick)).toBe(2)
    expect(nearestSlice(planeAt(11.2), [...thick].reverse())).toBe(2)
    expect(nearestSlice(planeAt(400), thick)).toBe(4)
  })

  it('measures along the normal: a gantry that is tilted, a stack that is shifted in its plane', () => {
    const tilted = [1, 0, 0, 0, Math.cos(0.05), Math.sin(0.05)]
    const plane = planeAt(10, '1.2', tilted)
    expect(
      nearestSlice(
        plane,
        [0, 10, 20].map((z) => planeAt(z, '1.2', tilted)),
      ),
    ).toBe(1)
  })

  it('compares no positions between frames of reference, nor between stacks that are not parallel', () => {
    expect(nearestSlice(planeAt(10), [planeAt(10, '9.9')])).toBeUndefined()
    expect(nearestSlice(planeAt(10), [planeAt(10, '1.2', [0, 1, 0, 0, 0, -1])])).toBeUndefined()
    expect(nearestSlice(undefined, [planeAt(10)])).toBeUndefined()
    expect(nearestSlice(planeAt(10), [undefined])).toBeUndefined()
  })

  it('knows no plane where the file does not say all of it', () => {
    expect(slicePlane({})).toBeUndefined()
    expect(
      slicePlane({
        '00200032': { vr: 'DS', Value: [0, 0, 0] },
        '00200037': { vr: 'DS', Value: AXIAL },
      }),
    ).toBeUndefined()
  })

  it('goes as many steps as the other from where both were, and stays within the stack', () => {
    expect(offsetSlice({ index: 55, linkedAt: 50 }, { linkedAt: 10, count: 30 })).toBe(15)
    expect(offsetSlice({ index: 10, linkedAt: 50 }, { linkedAt: 10, count: 30 })).toBe(0)
    expect(offsetSlice({ index: 90, linkedAt: 50 }, { linkedAt: 10, count: 30 })).toBe(29)
  })
})
