import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { frameTimes, lengthOf, playsForthAndBack } from '../../../core/reading/frame-times.ts'
import { liesInSpace } from '../../../core/reading/frames-in-space.ts'
import { openingFrame } from '../../../core/reading/reading-order.ts'

const RECOMMENDED: DicomJson = { '00082144': { vr: 'IS', Value: [25] } }
const CINE_RATE: DicomJson = { '00180040': { vr: 'IS', Value: [50] } }
const FRAME_TIME: DicomJson = { '00181063': { vr: 'DS', Value: [10] } }
const VECTOR: DicomJson = { '00181065': { vr: 'DS', Value: [0, 30, 50, 40] } }
const POINTER: DicomJson = { '00280009': { vr: 'AT', Value: ['00181065'] } }

describe('how long frames stand', () => {
  it('is as the writer wants them to be seen, else as they were taken', () => {
    expect(frameTimes({ ...FRAME_TIME, ...CINE_RATE, ...RECOMMENDED }, 2)).toEqual([40, 40])
    expect(frameTimes({ ...FRAME_TIME, ...CINE_RATE }, 2)).toEqual([10, 10])
    expect(frameTimes(CINE_RATE, 2)).toEqual([20, 20])
    expect(lengthOf(frameTimes({}, 15))).toBeCloseTo(1000)
    expect(frameTimes({ '00181063': { vr: 'DS', Value: [0] } }, 1)[0]).toBeCloseTo(1000 / 15)
  })

  it('differs from frame to frame where the file says so', () => {
    expect(frameTimes({ ...VECTOR, ...POINTER, ...RECOMMENDED }, 4)).toEqual([30, 50, 40, 40])
    expect(frameTimes(VECTOR, 4)).toEqual([30, 50, 40, 40])
    // Not what the increment is said to be.
    expect(frameTimes({ ...VECTOR, ...RECOMMENDED }, 4)).toEqual([40, 40, 40, 40])
    // Not one for each frame.
    expect(frameTimes({ ...VECTOR, ...POINTER, ...FRAME_TIME }, 6)).toEqual([10, 10, 10, 10, 10, 10])
  })

  it('goes forth and back where the file says so', () => {
    expect(playsForthAndBack({ '00181244': { vr: 'US', Value: [1] } })).toBe(true)
    expect(playsForthAndBack({ '00181244': { vr: 'US', Value: [0] } })).toBe(false)
    expect(playsForthAndBack({})).toBeUndefined()
  })
})

const TOMOSYNTHESIS = '1.2.840.10008.5.1.4.1.1.13.1.3'
const placed = (z: number): DicomJson => ({
  '00209113': { vr: 'SQ', Value: [{ '00200032': { vr: 'DS', Value: [0, 0, z] } }] },
})
const perFrame = (...frames: DicomJson[]): DicomJson => ({ '52009230': { vr: 'SQ', Value: frames } })

function instance(number: number, frames: number, more: DicomJson = {}): DicomJson {
  return {
    '00080018': { vr: 'UI', Value: [`1.2.${number}`] },
    '00200013': { vr: 'IS', Value: [number] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280008': { vr: 'IS', Value: [frames] },
    '00280010': { vr: 'US', Value: [4] },
    '00280011': { vr: 'US', Value: [4] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [16] },
    '00280102': { vr: 'US', Value: [15] },
    '00280103': { vr: 'US', Value: [0] },
    '7FE00010': { vr: 'OW', BulkDataURI: 'x' },
    ...more,
  }
}

describe('frames beside each other in space', () => {
  it('are those of tomosynthesis, and those that lie elsewhere', () => {
    expect(liesInSpace({ '00080016': { vr: 'UI', Value: [TOMOSYNTHESIS] } })).toBe(true)
    expect(liesInSpace(perFrame(placed(1), placed(2)))).toBe(true)
    expect(liesInSpace(perFrame(placed(1), placed(1)))).toBe(false)
    expect(liesInSpace(perFrame({}, {}))).toBe(false)
    expect(liesInSpace({})).toBe(false)
  })

  it('are opened in their middle; a sequence in time at its beginning', () => {
    const slices = { '00080016': { vr: 'UI' as const, Value: [TOMOSYNTHESIS] } }
    // Of the first breast, not between two.
    expect(openingFrame([instance(1, 60, slices), instance(2, 60, slices)])).toEqual({
      sopInstanceUid: '1.2.1',
      frameNumber: 31,
    })
    expect(openingFrame([instance(1, 60)])?.frameNumber).toBe(1)
    // Of an echo, stills lie among clips.
    expect(openingFrame([instance(1, 1), instance(2, 1), instance(3, 60)])?.sopInstanceUid).toBe('1.2.1')
    expect(openingFrame([instance(1, 1), instance(2, 1), instance(3, 1)])?.sopInstanceUid).toBe('1.2.2')
    expect(openingFrame([])).toBeUndefined()
  })
})
